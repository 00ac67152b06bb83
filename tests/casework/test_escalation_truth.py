"""What may be said about who knows, and what the customer is told by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.escalations import Truth, acknowledge, ask_next_due, escalate, truth_for
from bot.casework.models import Case, OutboxMessage
from bot.casework.outbox import mark_sent
from bot.counsel.truths import say_truth
from tests.casework.builders import EVENING, after, open_case, person
from tests.counsel.everything_said import length_problem, questions


def engaged(session: Session, **values: object) -> Case:
    return open_case(session, customer="C-1002", exposure="engaged", **values)  # type: ignore[arg-type]


def send(session: Session, recipient: str, **at: float) -> None:
    rows = select(OutboxMessage).where(OutboxMessage.recipient == recipient)
    for row in session.scalars(rows):
        mark_sent(session, row.id, now=after(**at))
    session.expire_all()


def pushes(session: Session) -> list[str]:
    rows = select(OutboxMessage).where(OutboxMessage.method == "chat").order_by(OutboxMessage.id)
    return [row.body["text"] for row in session.scalars(rows)]


def truth(session: Session, case: Case, language: str = "en") -> Truth:
    session.flush()
    session.expire_all()
    return truth_for(session, case, language=language)


def test_before_anybody_is_asked_nobody_knows(session: Session) -> None:
    found = truth(session, engaged(session))
    assert (found.state, found.person, found.at, found.time) == ("nobody", None, None, "")
    assert found.phone == "+86 101 0000 0011"


def test_asked_is_not_told_before_a_message_has_gone_out(session: Session) -> None:
    case = engaged(session)
    escalate(session, case, reason="engaged", now=EVENING)
    found = truth(session, case)
    assert (found.state, found.sent, found.time) == ("asked", False, "20:00")
    send(session, "M-01", seconds=70)
    found = truth(session, case)
    assert (found.state, found.sent, found.time) == ("told", True, "20:01")
    assert found.person is not None
    assert (found.person.name, found.person.role) == ("Zhou Min", "manager")
    assert truth(session, case, "zh").person.name == "周敏"  # type: ignore[union-attr]


def test_not_read_in_time_names_who_was_asked_next_and_who_has_not_read_it(
    session: Session,
) -> None:
    case = engaged(session)
    escalate(session, case, reason="engaged", now=EVENING)
    send(session, "M-01", minutes=1)
    ask_next_due(session, after(minutes=5))
    found = truth(session, case)
    assert (found.state, found.time, found.sent) == ("unread", "20:05", False)
    assert found.person is not None
    assert found.person.name == "Grace Lin"
    assert [one.name for one in found.unread_by] == ["Zhou Min"]


def test_read_says_by_whom_and_when_by_the_customers_clock(session: Session) -> None:
    case = engaged(session)
    assert case.customer is not None
    case.customer.timezone = "Europe/London"
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    acknowledge(session, escalation.id, "M-02", after(minutes=7))
    found = truth(session, case)
    assert (found.state, found.time, found.unread_by) == ("read", "12:07", ())
    assert found.person is not None
    assert found.person.code == "M-02"


def test_asking_again_after_the_reading_is_told_as_what_it_is(session: Session) -> None:
    case = engaged(session)
    first = escalate(session, case, reason="engaged", now=EVENING)
    acknowledge(session, first.id, "M-01", after(minutes=1))
    escalate(session, case, reason="called_again", now=after(hours=2))
    assert truth(session, case).state == "asked"


def test_a_push_to_the_customer_does_not_count_as_a_message_to_a_human(session: Session) -> None:
    case = engaged(session)
    escalate(session, case, reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5), words=say_truth)
    send(session, case.contact.address, minutes=6)
    assert truth(session, case).sent is False


def test_nobodys_private_number_goes_to_a_visitor_and_no_leaders_to_anybody(
    session: Session,
) -> None:
    desk = "+86 101 0000 0001"
    visitor = open_case(session, customer=None, address="web:visitor", exposure="engaged")
    assert truth(session, visitor).phone == desk
    case = engaged(session)
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    acknowledge(session, escalation.id, "L-01", after(minutes=1))
    assert truth(session, case).phone == desk


def test_the_customer_is_told_when_it_goes_up_the_chain_and_when_it_is_read(
    session: Session,
) -> None:
    case = engaged(session)
    case.contact.language = "en"
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5), words=say_truth)
    [up] = pushes(session)
    assert "Zhou Min has not read it yet, so Grace Lin was asked as well, at 20:05" in up
    send(session, case.contact.address, minutes=5)
    for minutes in (7, 8):
        acknowledge(session, escalation.id, "M-02", after(minutes=minutes), words=say_truth)
    assert pushes(session) == [up, f"Grace Lin read your case {case.reference} at 20:07."]


def test_news_that_has_not_gone_out_is_taken_back_when_it_is_true_no_more(
    session: Session,
) -> None:
    case = engaged(session)
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5), words=say_truth)
    acknowledge(session, escalation.id, "M-01", after(minutes=6), words=say_truth)
    assert pushes(session) == [f"周敏在20:06看到了您的案件{case.reference}。"]


def test_the_customer_is_not_told_of_every_round_of_asking_again(session: Session) -> None:
    case = engaged(session)
    escalate(session, case, reason="engaged", now=EVENING)
    for minutes in range(5, 60, 5):
        ask_next_due(session, after(minutes=minutes), words=say_truth)
        send(session, case.contact.address, minutes=minutes)
    assert len(pushes(session)) == 3


def test_who_wants_no_messages_gets_no_news(session: Session) -> None:
    case = engaged(session)
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    case.follow_ups_stopped = True
    ask_next_due(session, after(minutes=5), words=say_truth)
    acknowledge(session, escalation.id, "M-01", after(minutes=6), words=say_truth)
    assert pushes(session) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_truth_can_be_said_within_the_rules_of_counsel(
    session: Session, language: str
) -> None:
    case = engaged(session)
    texts = [say_truth(truth(session, case, language))]
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    texts.append(say_truth(truth(session, case, language)))
    send(session, "M-01", seconds=1)
    texts.append(say_truth(truth(session, case, language)))
    for minutes in (5, 10, 15, 20):
        ask_next_due(session, after(minutes=minutes))
        texts.append(say_truth(truth(session, case, language)))
    acknowledge(session, escalation.id, "D-01", after(minutes=21))
    texts.append(say_truth(truth(session, case, language)))
    for text in texts:
        assert not length_problem(text, language)
        assert questions(text) <= 1
        assert "{" not in text
    assert case.reference in texts[-1]
    assert person(session, "D-01").name_in(language) in texts[-1]
