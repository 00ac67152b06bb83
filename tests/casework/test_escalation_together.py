"""Several workers, readers and talkers at the same moment."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.escalations import acknowledge, ask_next_due, escalate
from bot.casework.locks import lock_row
from bot.casework.models import Case, CaseEvent, Escalation, EscalationStep, OutboxMessage
from tests.casework.builders import EVENING, after, open_case
from tests.together import at_once

WITH_SESSIONS = """
from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import acknowledge, ask_next_due
from bot.counsel.truths import say_truth
from tests.casework.builders import after
import sys

sessions = session_factory(make_engine(sys.argv[1]))
"""

ASK_NEXT = """
def act(url):
    moved = 0
    for _ in range(4):
        with sessions.begin() as session:
            moved += ask_next_due(session, after(minutes=5), words=say_truth, most=7)
    return moved
"""

READ = """
def read(url, ids):
    for number in ids.split():
        with sessions.begin() as session:
            acknowledge(session, int(number), "M-01", after(minutes=5), words=say_truth)


def act(url, what, ids):
    return ask(url) if what == "ask" else read(url, ids)
"""


def escalations(sessions: sessionmaker[Session], count: int) -> None:
    with sessions.begin() as session:
        for number in range(count):
            case = open_case(
                session, customer="C-1002", address=f"web:{number}", exposure="engaged"
            )
            escalate(session, case, reason="engaged", now=EVENING)


def test_workers_that_find_the_same_escalations_ask_each_next_person_once(
    url: str, sessions: sessionmaker[Session]
) -> None:
    escalations(sessions, 20)
    moved = at_once(WITH_SESSIONS + ASK_NEXT, url, processes=3)
    with sessions.begin() as session:
        ask_next_due(session, after(minutes=5))  # What a worker had locked, it has done by now.
    assert sum(moved) <= 20
    with sessions() as session:
        steps = session.execute(
            select(EscalationStep.escalation_id, func.count()).group_by(
                EscalationStep.escalation_id
            )
        )
        assert Counter(count for _, count in steps) == {2: 20}
        kinds = Counter(session.scalars(select(CaseEvent.kind)))
        assert kinds["unread"] == 20
        assert (
            session.scalar(select(func.count()).where(OutboxMessage.escalation_id.is_not(None)))
            == 40
        )


def test_reading_while_the_next_one_is_asked_ends_in_read(
    url: str, sessions: sessionmaker[Session]
) -> None:
    escalations(sessions, 12)
    with sessions() as session:
        ids = [str(number) for number in session.scalars(select(Escalation.id))]
    script = WITH_SESSIONS + ASK_NEXT.replace("act", "ask") + READ
    at_once(script, url, ["ask", "read"], " ".join(ids), processes=2)
    with sessions() as session:
        for escalation in session.scalars(select(Escalation)):
            assert (escalation.status, escalation.next_ask) == ("acknowledged", None)
        assert session.scalar(select(func.count()).select_from(EscalationStep)) <= 24
    with sessions.begin() as session:
        assert ask_next_due(session, after(hours=1)) == 0


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_case_that_somebody_is_writing_to_does_not_hold_up_the_others(
    sessions: sessionmaker[Session],
) -> None:
    escalations(sessions, 2)
    with sessions.begin() as busy:
        lock_row(busy, busy.scalars(select(Case).order_by(Case.id)).first())  # type: ignore[arg-type]
        with sessions.begin() as worker:
            assert ask_next_due(worker, after(minutes=5)) == 1
    with sessions.begin() as worker:
        assert ask_next_due(worker, after(minutes=5)) == 1


def test_an_escalation_read_in_the_meantime_is_left_alone(
    sessions: sessionmaker[Session],
) -> None:
    escalations(sessions, 1)
    with sessions() as session:
        number = session.scalars(select(Escalation.id)).one()
    with sessions.begin() as session:
        acknowledge(session, number, "M-01", after(minutes=5))
    with sessions.begin() as session:
        assert ask_next_due(session, after(minutes=5)) == 0
