from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import correct, record_assessment
from bot.casework.contacts import identify
from bot.casework.escalations import acknowledge, escalate, resolve, status_for
from bot.casework.models import Case, CaseEvent, Contact, Escalation, OutboxMessage
from bot.casework.outbox import mark_sent
from bot.errors import NotFoundError
from tests.casework.builders import EVENING, WEB, after, finding, open_case, person


def outbox(session: Session) -> Sequence[OutboxMessage]:
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def deepen(session: Session, case: Case, exposure: str) -> None:
    record_assessment(session, case, assessment=finding(), exposure=exposure, now=after(minutes=1))


def test_the_customers_own_account_manager_is_asked_in_his_language(session: Session) -> None:
    case = open_case(session)
    titles = {"en": "Fake card debt", "zh": "虚假信用卡欠款"}
    escalation = escalate(session, case, reason="wants_a_person", now=EVENING, script_titles=titles)
    assert escalation.account_manager.code == "M-01"
    [message] = outbox(session)
    assert (message.recipient, message.method, message.status) == ("M-01", "console", "pending")
    assert message.due == EVENING
    assert "虚假信用卡欠款" in message.body["text"]
    assert message.body["case"] == case.reference
    assert case.events[-1].kind == "escalated"
    assert case.events[-1].detail["account_manager"] == "M-01"


def test_a_visitor_whom_nobody_knows_goes_to_the_duty_desk(session: Session) -> None:
    case = open_case(session, customer=None)
    assert escalate(session, case, reason="has_paid", now=EVENING).account_manager.code == "D-01"


def test_the_backup_is_asked_while_the_manager_is_away(session: Session) -> None:
    case = open_case(session)
    person(session, "M-01").active = False
    assert escalate(session, case, reason="has_paid", now=EVENING).account_manager.code == "M-02"


def test_the_duty_desk_is_asked_while_manager_and_backup_are_away(session: Session) -> None:
    case = open_case(session)
    for code in ("M-01", "M-02"):
        person(session, code).active = False
    assert escalate(session, case, reason="has_paid", now=EVENING).account_manager.code == "D-01"


def test_nobody_is_said_to_be_told_where_there_is_nobody(empty: Session) -> None:
    case = open_case(empty, customer=None)
    with pytest.raises(NotFoundError, match="import the branches"):
        escalate(empty, case, reason="has_paid", now=EVENING)
    assert outbox(empty) == []


def test_every_method_of_the_manager_gets_its_own_message(session: Session) -> None:
    person(session, "M-01").notify = ["console", "mailto://min:hunter2@bank.example"]
    escalate(session, open_case(session), reason="has_paid", now=EVENING)
    messages = outbox(session)
    assert [message.method for message in messages] == person(session, "M-01").notify
    assert len({message.dedupe_key for message in messages}) == 2
    assert "hunter2" not in "".join(message.dedupe_key for message in messages)


def test_asking_again_while_nobody_has_read_it_changes_nothing(session: Session) -> None:
    case = open_case(session)
    first = escalate(session, case, reason="wants_a_person", now=EVENING)
    again = escalate(session, case, reason="on_the_phone_now", now=after(minutes=2))
    assert again is first
    assert len(outbox(session)) == 1
    assert [event.kind for event in case.events].count("escalated") == 1
    assert case.escalation_count == 1


def test_a_worse_exposure_tells_again_within_the_same_escalation(session: Session) -> None:
    case = open_case(session)
    first = escalate(session, case, reason="wants_a_person", now=EVENING)
    deepen(session, case, "paid")
    assert escalate(session, case, reason="has_paid", now=after(minutes=2)) is first
    assert first.exposure == "paid"
    early, late = outbox(session)
    assert early.dedupe_key != late.dedupe_key
    assert late.body["exposure"] == "paid"
    assert session.scalar(select(func.count()).select_from(Escalation)) == 1


def test_an_exposure_that_falls_and_returns_does_not_tell_again(session: Session) -> None:
    case = open_case(session, exposure="engaged")
    escalate(session, case, reason="on_the_phone_now", now=EVENING)
    correct(session, case, red_flags=[], exposure="contacted", now=after(minutes=1))
    escalate(session, case, reason="wants_a_person", now=after(minutes=2))
    deepen(session, case, "engaged")
    escalate(session, case, reason="on_the_phone_now", now=after(minutes=3))
    assert len(outbox(session)) == 1


def test_words_of_self_harm_tell_again_although_the_exposure_is_the_same(
    session: Session,
) -> None:
    case = open_case(session)
    escalate(session, case, reason="wants_a_person", now=EVENING)
    for minute in (1, 2):
        escalate(session, case, reason="may_hurt_themselves", now=after(minutes=minute))
    assert [(message.recipient, message.body["reason"]) for message in outbox(session)] == [
        ("M-01", "wants_a_person"),
        ("M-01", "may_hurt_themselves"),
        ("D-01", "may_hurt_themselves"),
    ]


def test_a_visitor_identified_meanwhile_brings_in_his_own_manager(session: Session) -> None:
    case = open_case(session, customer=None)
    first = escalate(session, case, reason="wants_a_person", now=EVENING)
    identify(session, WEB, "C-2001", after(minutes=1))
    assert escalate(session, case, reason="wants_a_person", now=after(minutes=2)) is first
    assert [message.recipient for message in outbox(session)] == ["D-01", "M-02"]


def test_a_rollback_leaves_neither_case_nor_escalation_nor_message(
    sessions: sessionmaker[Session],
) -> None:
    with sessions() as session:
        escalate(session, open_case(session), reason="has_paid", now=EVENING)
        session.rollback()
    with sessions() as session:
        for model in (Contact, Case, CaseEvent, Escalation, OutboxMessage):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_the_first_reader_of_an_escalation_counts(session: Session) -> None:
    case = open_case(session)
    escalation = escalate(session, case, reason="has_paid", now=EVENING)
    acknowledge(session, escalation.id, "M-01", after(minutes=4))
    acknowledge(session, escalation.id, "D-01", after(minutes=9))
    status = status_for(case)
    assert status is not None
    assert (status.status, status.acknowledged_at) == ("acknowledged", after(minutes=4))
    assert status.acknowledged_by is person(session, "M-01")
    assert [event.kind for event in case.events].count("acknowledged") == 1


def test_danger_after_the_reading_asks_anew(session: Session) -> None:
    case = open_case(session)
    first = escalate(session, case, reason="wants_a_person", now=EVENING)
    acknowledge(session, first.id, "M-01", after(minutes=4))
    second = escalate(session, case, reason="on_the_phone_now", now=after(hours=5))
    assert second is not first
    assert len(outbox(session)) == 2


def test_resolving_an_unread_escalation_also_reads_it(session: Session) -> None:
    case = open_case(session)
    escalation = escalate(session, case, reason="has_paid", now=EVENING)
    for _ in range(2):
        resolve(session, escalation.id, "M-01", after(minutes=30))
    assert (escalation.status, escalation.acknowledged_at) == ("resolved", after(minutes=30))
    assert [event.kind for event in case.events][-2:] == ["acknowledged", "resolved"]


def test_only_somebody_of_the_bank_can_read_an_escalation(session: Session) -> None:
    escalation = escalate(session, open_case(session), reason="has_paid", now=EVENING)
    with pytest.raises(NotFoundError, match="M-99"):
        acknowledge(session, escalation.id, "M-99", EVENING)
    with pytest.raises(NotFoundError, match="12345"):
        acknowledge(session, 12345, "M-01", EVENING)
    assert escalation.status == "pending"


def test_the_status_says_who_was_asked_and_when_the_message_went_out(session: Session) -> None:
    case = open_case(session)
    assert status_for(case) is None
    escalate(session, case, reason="has_paid", now=EVENING)
    before = status_for(case)
    assert before is not None
    assert (before.status, before.sent_at, before.account_manager.code) == ("pending", None, "M-01")
    mark_sent(session, outbox(session)[0].id, now=after(seconds=2))
    later = status_for(case)
    assert later is not None
    assert later.sent_at == after(seconds=2)
