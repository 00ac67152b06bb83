"""What the handover summary of an escalation adds for the person who takes over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from bot.casework.escalations import escalate
from bot.casework.handover import handover_summary, money
from bot.casework.models import Case, Payment
from bot.casework.said import note_said, topics_said
from bot.casework.words import words_for
from bot.counsel.replies import TOPICS
from bot.script_titles import script_titles
from tests.casework.builders import EVENING, after, open_case


def paid(session: Session, case: Case, **values: object) -> None:
    details = {"amount": Decimal(1_700_000), "currency": "CNY", **values}
    case.payments.append(Payment(created=EVENING, updated=EVENING, **details))
    session.flush()


def text_of(session: Session, case: Case, language: str = "en") -> str:
    session.flush()
    session.expire(case, ["payments", "events"])
    return handover_summary(
        session, case, language=language, large_from=Decimal(50_000), reason="has_paid"
    ).text


def test_the_payment_is_told_as_far_as_it_is_known(session: Session) -> None:
    case = open_case(session, exposure="paid")
    paid(
        session,
        case,
        submitted=EVENING,
        precise_to="minute",
        channel="corporate_online",
        payee_name="Honest Trading",
        payee_bank="Harbour Bank",
        payee_account_ending="4321",
    )
    text = text_of(session, case)
    assert (
        "Payment: 1,700,000 CNY, at 2024-03-14 20:00, company online banking, to Honest Trading, "
        "Harbour Bank, account ending 4321" in text
    )
    assert "Large remittance: 1,700,000 CNY, and large begins at 50,000" in text
    assert "大额汇款：1,700,000 CNY" in text_of(session, case, "zh")


def test_an_amount_that_nobody_knows_is_said_to_be_unknown(session: Session) -> None:
    case = open_case(session, exposure="paid")
    paid(session, case, amount=None, submitted=EVENING, precise_to="day")
    text = text_of(session, case)
    assert "Payment: amount not known yet, at 2024-03-14" in text
    assert "20:00" not in text.partition("Payment:")[2].partition("\n")[0]
    assert "Large remittance" not in text


def test_a_payment_that_was_none_is_not_told(session: Session) -> None:
    case = open_case(session, exposure="engaged")
    paid(session, case, outcome="not_paid")
    assert "Payment" not in text_of(session, case)


def test_a_smaller_remittance_is_not_called_large(session: Session) -> None:
    case = open_case(session, exposure="paid")
    paid(session, case, amount=Decimal("49999.99"))
    text = text_of(session, case)
    assert "49,999.99 CNY" in text
    assert "Large remittance" not in text


def test_what_the_assistant_has_already_said_is_told_once(session: Session) -> None:
    case = open_case(session, exposure="engaged")
    for topic in ("on_the_phone", "still_on", "on_the_phone", "greet", "about_to_pay"):
        note_said(session, case, topic=topic, now=EVENING)
    assert topics_said(case) == ["on_the_phone", "still_on", "about_to_pay"]
    line = "The assistant has already told the customer: to hang up at once; to hold the payment"
    assert line in text_of(session, case)
    assert "智能助手已告诉客户：" in text_of(session, case, "zh")


def test_everything_that_can_be_noted_is_something_that_counsel_says() -> None:
    assert set(words_for("en").said) <= set(TOPICS)


def test_the_second_signer_is_named_where_money_is_in_danger(session: Session) -> None:
    case = open_case(session, exposure="paid")
    assert case.customer is not None
    case.customer.second_signer, case.customer.second_signer_phone = "林晓", "+86 101 0000 0031"
    assert "Bring in the second signer: 林晓, +86 101 0000 0031" in text_of(session, case)


def test_the_message_carries_an_unsigned_link_entry_for_its_own_reader(session: Session) -> None:
    case = open_case(session, exposure="engaged")
    escalation = escalate(session, case, reason="engaged", now=after(minutes=1))
    [message] = escalation.messages
    [link] = message.body["links"]
    assert link == {
        "kind": "acknowledge",
        "escalation": escalation.id,
        "person": "M-01",
        "label": "点此确认已看到：",
    }
    assert "http" not in str(message.body)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("50000", "50,000 CNY"), ("0.5", "0.50 CNY"), ("1234567.80", "1,234,567.80 CNY")],
)
def test_an_amount_is_written_as_people_read_it(amount: str, shown: str) -> None:
    assert money(Decimal(amount), "CNY") == shown


def test_titles_of_scam_scripts_come_from_their_files() -> None:
    assert set(script_titles("fake_card_debt")) == {"en", "zh"}
    assert script_titles("no_such_script") == {}
