"""What is known of a payment, what is asked next, and how it ended."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.models import Payment
from bot.casework.payments import (
    QUESTIONS,
    PaymentDetails,
    end_payment,
    mark_unknown,
    next_question,
    note_details,
    open_payment,
    payment_of,
)
from tests.casework.builders import EVENING, after, open_case

ALL = PaymentDetails(
    amount=Decimal(1_700_000),
    currency="CNY",
    submitted=EVENING,
    precise_to="hour",
    channel="corporate_online",
    payee_name="Hongda Trading",
    caller_there=False,
)


def new_payment(session: Session) -> Payment:
    return open_payment(session, open_case(session), now=EVENING)


def test_every_question_is_asked_once_and_five_are_the_most(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        asked = []
        while question := next_question(payment):
            asked.append(question)
            mark_unknown(session, payment, question, now=EVENING)
        assert asked == list(QUESTIONS)
        assert len(asked) <= 5


def test_what_one_message_answered_is_not_asked(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        note_details(
            session,
            payment,
            PaymentDetails(amount=Decimal(5), channel="atm", payee_account_ending="1234"),
            now=EVENING,
        )
        assert next_question(payment) == "time"
        note_details(session, payment, ALL, now=EVENING)
        assert next_question(payment) is None


def test_known_detail_changes_only_by_a_correction(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        note_details(session, payment, ALL, now=EVENING)
        more = PaymentDetails(amount=Decimal(50_000))
        assert note_details(session, payment, more, now=EVENING) == ()
        assert payment.amount == Decimal(1_700_000)
        assert note_details(session, payment, more, now=EVENING, replace=True) == ("amount",)
        assert payment.amount == Decimal(50_000)


def test_answer_after_i_dont_know_counts(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        mark_unknown(session, payment, "amount", now=EVENING)
        assert next_question(payment) == "time"
        note_details(session, payment, PaymentDetails(amount=Decimal(7)), now=EVENING)
        assert payment.unknown == []


def test_second_payment_of_a_case_is_one_of_its_own(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        first = new_payment(session)
        end_payment(session, first, outcome="stopped", now=EVENING)
        assert payment_of(first.case) is None
        second = open_payment(session, first.case, now=after(hours=1))
        session.refresh(first.case)
        assert payment_of(first.case) is second


def test_stopped_payment_has_stopped_whole_unless_somebody_says_how_much(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        note_details(session, payment, ALL, now=EVENING)
        end_payment(session, payment, outcome="stopped", now=after(hours=12))
        assert payment.amount_stopped == Decimal(1_700_000)
        end_payment(
            session, payment, outcome="partly_stopped", now=EVENING, amount_stopped=Decimal(9)
        )
        assert (payment.outcome, payment.amount_stopped) == ("partly_stopped", Decimal(9))
        assert payment.closed == after(hours=12)


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal(1_700_001)])
def test_amount_that_cannot_have_been_stopped_is_refused(
    sessions: sessionmaker[Session], amount: Decimal
) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        note_details(session, payment, ALL, now=EVENING)
        with pytest.raises(ValueError, match="between 0 and what was paid"):
            end_payment(
                session, payment, outcome="partly_stopped", now=EVENING, amount_stopped=amount
            )


def test_unknown_words_are_refused(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        with pytest.raises(ValueError, match="no outcome: stopped"):
            end_payment(session, payment, outcome="gone", now=EVENING)
        with pytest.raises(ValueError, match="no question about a payment"):
            mark_unknown(session, payment, "colour", now=EVENING)


def test_timeline_names_the_details_and_never_their_values(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = new_payment(session)
        note_details(session, payment, ALL, now=EVENING, words="1.7 million to Hongda")
        shown = str([event.detail for event in payment.case.events])
        assert "payee_name" in shown
        assert "Hongda" not in shown
        assert [one["text"] for one in payment.words] == ["1.7 million to Hongda"]
