"""After: how it ended is recorded, the desk and the customer are told, nothing is promised."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import close_case
from bot.casework.models import OutboxMessage, Payment
from bot.casework.packets import rail_packs
from bot.casework.payee_accounts import delete_old_accounts
from bot.casework.payment_outcomes import conclude, payment_to_end
from bot.casework.payments import PaymentDetails
from bot.chores import chores
from bot.counsel.outcomes import OutcomePhrases
from bot.counsel.phrases import phrases
from bot.errors import ConflictError, DataError, NotFoundError
from bot.settings import Settings
from tests.casework.builders import after, open_case
from tests.casework.payment_builders import BANK, paid
from tests.counsel.everything_said import length_problem, questions
from tests.counsel.test_manners import FORBIDDEN, PROMISES

TOLD = {"stopped": None, "partly_stopped": Decimal(500_000), "returned": None, "lost": None}


def ended(
    session: Session, payment: Payment, outcome: str, amount: Decimal | None = None, **values: Any
) -> bool:
    return conclude(
        session,
        payment,
        outcome=outcome,
        amount_stopped=amount,
        now=after(hours=14),
        bank=BANK,
        packs=rail_packs(),
        words=OutcomePhrases(BANK),
        **values,
    )


def pushed(session: Session) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("outcome:"))
    return list(session.scalars(query.order_by(OutboxMessage.id)))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("outcome", TOLD)
@pytest.mark.parametrize("known", [True, False])
def test_customer_reads_what_became_of_it_the_warning_and_who_listens(
    sessions: sessionmaker[Session], outcome: str, language: str, known: bool
) -> None:
    with sessions.begin() as session:
        payment = paid(session) if known else paid(session, PaymentDetails())
        payment.case.contact.language = language
        assert ended(session, payment, outcome, TOLD[outcome])
        [message] = pushed(session)
        text = message.body["text"]
    assert (message.method, message.recipient) == ("chat", "web:c1")
    assert message.body["lang"] == language
    assert payment.case.reference in text
    assert phrases(language).say("paid_warning") in text
    assert BANK.emergency.crisis in text
    assert ("1,700,000" in text) == (known and outcome in ("stopped", "returned"))
    assert ("500,000" in text) == (outcome == "partly_stopped")
    assert length_problem(text, language) == ""
    assert questions(text) == 0
    rules = FORBIDDEN[language] + PROMISES[language]
    assert [rule for rule in rules if re.search(rule, text, re.IGNORECASE)] == []


def test_outcome_and_amount_are_recorded_and_the_desk_gets_the_last_version(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        ended(session, payment, "partly_stopped", Decimal(500_000))
        assert (payment.outcome, payment.amount_stopped) == ("partly_stopped", Decimal(500_000))
        assert payment.closed == after(hours=14)
        packets = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("packet:"))
        [packet] = session.scalars(packets)
        assert packet.body["packet"]["outcome"] == "partly_stopped"
        assert packet.body["packet"]["amount_stopped"] == "500000.00"


def test_same_news_is_told_once_and_a_corrected_one_again(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        assert ended(session, payment, "lost")
        assert not ended(session, payment, "lost")
        assert ended(session, payment, "returned")
        assert len(pushed(session)) == 2


def test_who_wants_no_messages_gets_none_and_who_paid_nothing_is_told_nothing(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        assert not ended(session, payment, "not_paid")
        payment.case.follow_ups_stopped = True
        assert not ended(session, payment, "lost")
        assert pushed(session) == []


@pytest.mark.parametrize(
    ("outcome", "amount", "what"),
    [
        ("gone", None, "no outcome"),
        ("partly_stopped", None, "say how much"),
        ("partly_stopped", Decimal(1_700_000), "not a part"),
        ("stopped", Decimal(1_700_001), "cannot have been stopped"),
        ("lost", Decimal(5), "contradicts lost"),
        ("stopped", Decimal("-1"), "cannot have been stopped"),
        ("stopped", Decimal("0.001"), "not an amount"),
        ("stopped", Decimal("NaN"), "not an amount"),
    ],
)
def test_outcome_that_makes_no_sense_is_refused_with_what_to_do(
    sessions: sessionmaker[Session], outcome: str, amount: Decimal | None, what: str
) -> None:
    with sessions() as session:
        payment = paid(session)
        with pytest.raises(DataError, match=what):
            ended(session, payment, outcome, amount)
        assert payment.closed is None
        assert pushed(session) == []


def test_case_is_not_closed_while_nobody_has_said_how_a_payment_ended(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        payment = paid(session)
        with pytest.raises(ConflictError, match="secondvoice payments end SV-"):
            close_case(session, payment.case, outcome="lost", now=after(hours=1))
        ended(session, payment, "lost")
        close_case(session, payment.case, outcome="lost", now=after(hours=15))
        assert payment.case.status == "closed"


def test_payment_that_is_meant_must_be_named_where_several_run(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        first = paid(session)
        case = first.case
        assert payment_to_end(session, case, None) is first
        second = paid(session, case=case)
        with pytest.raises(NotFoundError, match="--payment"):
            payment_to_end(session, case, None)
        assert payment_to_end(session, case, second.id) is second
        ended(session, first, "lost")
        assert payment_to_end(session, case, None) is second
        empty = open_case(session, address="web:c2")
        with pytest.raises(NotFoundError, match="has no payment"):
            payment_to_end(session, empty, None)


def test_worker_deletes_account_numbers_as_a_chore() -> None:
    done = [getattr(chore, "func", chore) for chore in chores(Settings(), BANK)]
    assert delete_old_accounts in done
