"""With the customer's yes, somebody of his company is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.escalations import escalate, tell_representative, truth_for
from bot.casework.models import Case, Customer, OutboxMessage
from bot.casework.words import languages, words_for
from tests.casework.builders import EVENING, after, open_case
from tests.counsel.everything_said import length_problem, questions


def company_case(session: Session, *, notify: Sequence[str] = (), **values: object) -> Case:
    case = open_case(session, customer="C-1001", exposure="engaged", **values)  # type: ignore[arg-type]
    owner = customer(case)
    owner.legal_representative_notify = list(notify)
    session.flush()
    return case


def customer(case: Case) -> Customer:
    assert case.customer is not None
    return case.customer


def messages(session: Session) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("representative:"))
    return list(session.scalars(rows.order_by(OutboxMessage.id)))


def test_the_legal_representative_gets_a_message_by_each_of_his_methods(session: Session) -> None:
    case = company_case(session, notify=["console", "mailto://he:hunter2@hengtai.example"])
    said = tell_representative(session, case, who="legal_representative", now=EVENING)
    assert (said.state, said.name, said.by, said.fresh) == ("owed", "何建国", "", True)
    owed = messages(session)
    assert [row.method for row in owed] == ["console", "mailto://he:hunter2@hengtai.example"]
    assert {row.recipient for row in owed} == {"C-1001:legal_representative"}
    assert not any("hunter2" in row.dedupe_key for row in owed)
    assert case.events[-1].kind == "representative"
    assert case.events[-1].detail == {"who": "legal_representative", "way": "message"}


def test_the_words_are_in_the_companys_language_and_lay_no_blame(session: Session) -> None:
    case = company_case(session, notify=["console"])
    tell_representative(session, case, who="legal_representative", now=EVENING)
    [row] = messages(session)
    text = row.body["text"]
    assert row.body["language"] == "zh"
    assert "做很对" in text
    assert "恒泰贸易有限公司" in text
    assert customer(case).branch.duty_desk_phone in text


def test_without_a_method_the_person_asked_last_is_asked_to_ring_him(session: Session) -> None:
    case = company_case(session)
    escalate(session, case, reason="engaged", now=EVENING)
    said = tell_representative(session, case, who="legal_representative", now=after(minutes=1))
    assert (said.state, said.by) == ("to_ring", "周敏")
    [row] = messages(session)
    assert row.recipient == "M-01"
    assert "+86 101 0000 0021" in row.body["text"]
    assert "不要责怪" in row.body["text"]


def test_without_an_escalation_the_responsible_manager_is_asked_to_ring_him(
    session: Session,
) -> None:
    tell_representative(session, company_case(session), who="legal_representative", now=EVENING)
    assert [row.recipient for row in messages(session)] == ["M-01"]


def test_telling_twice_owes_one_message_and_one_event(session: Session) -> None:
    case = company_case(session, notify=["console"])
    first, second = (
        tell_representative(session, case, who="legal_representative", now=after(minutes=minute))
        for minute in (0, 1)
    )
    assert (first.fresh, second.fresh, second.state) == (True, False, "owed")
    assert len(messages(session)) == 1
    session.refresh(case, ["events"])
    assert [event.kind for event in case.events].count("representative") == 1


def test_a_payment_is_news_to_who_was_told_of_a_caller_only(session: Session) -> None:
    case = company_case(session, notify=["console"])
    tell_representative(session, case, who="legal_representative", now=EVENING)
    case.exposure = "paid"
    tell_representative(session, case, who="legal_representative", now=after(minutes=9))
    assert len(messages(session)) == 2


@pytest.mark.parametrize("who", ["legal_representative", "second_signer"])
def test_nobody_is_said_to_be_told_where_the_bank_knows_nobody(session: Session, who: str) -> None:
    visitor = open_case(session, customer=None)
    private = open_case(session, customer="C-2001", address="web:private")
    for case in (visitor, private):
        said = tell_representative(session, case, who=who, now=EVENING)  # type: ignore[arg-type]
        assert (said.state, said.fresh) == ("unknown", False)
    assert messages(session) == []


def test_the_second_signer_is_told_apart_from_the_legal_representative(session: Session) -> None:
    case = company_case(session, notify=["console"])
    owner = customer(case)
    owner.second_signer, owner.second_signer_phone = "林晓", "+86 101 0000 0031"
    owner.second_signer_notify = ["console"]
    session.flush()
    tell_representative(session, case, who="legal_representative", now=EVENING)
    tell_representative(session, case, who="second_signer", now=EVENING)
    assert {row.recipient for row in messages(session)} == {
        "C-1001:legal_representative",
        "C-1001:second_signer",
    }


def test_a_message_to_the_company_is_no_message_to_the_bank(session: Session) -> None:
    case = company_case(session, notify=["console"])
    escalate(session, case, reason="engaged", now=EVENING)
    tell_representative(session, case, who="legal_representative", now=EVENING)
    messages(session)[0].sent_at = after(minutes=1)
    session.flush()
    session.expire_all()
    assert truth_for(session, case).state == "asked"


@pytest.mark.parametrize("language", languages())
def test_the_words_to_a_company_keep_the_rules_of_counsel(language: str) -> None:
    words = words_for(language).representative
    for text in (words.danger, words.paid):
        filled = text.format(
            branch="Old Ferry Branch", customer="Chen", company="Hengtai", phone="1", reference="S"
        )
        assert not length_problem(filled, language)
        assert questions(filled) == 0
