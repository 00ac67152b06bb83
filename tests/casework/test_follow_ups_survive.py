"""Follow-ups live in the database: killed workers lose none, and several workers double none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.follow_up_chores import ask_due
from bot.casework.follow_up_times import TWENTY_MINUTES
from bot.casework.follow_ups import plan_follow_ups, record_answer
from bot.casework.models import Branch, Case, CaseEvent, Customer, FollowUp, PushedMessage
from bot.settings import PROJECT_ROOT
from tests.casework.builders import after, open_case
from tests.casework.test_follow_ups import WORDS
from tests.together import at_once

ASK = """
import sys
from datetime import timedelta
from bot.casework.database import make_engine, session_factory
from bot.casework.follow_up_chores import ask_due
from tests.casework.builders import EVENING
from tests.casework.test_follow_ups import WORDS

sessions = session_factory(make_engine(sys.argv[1]))

def act(url):
    moved = 0
    for _ in range(20):
        with sessions.begin() as session:
            moved += ask_due(session, EVENING + timedelta(minutes=20), words=WORDS)
    return moved
"""

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the real worker as a process of its own."""
    environment = {
        **os.environ,
        "SECONDVOICE_DATABASE_URL": url,
        "SECONDVOICE_VAR_DIR": str(tmp_path / "var"),
    }
    with ExitStack() as stack:

        def start() -> subprocess.Popen[bytes]:
            log = tmp_path / f"worker-{len(list(tmp_path.glob('worker-*')))}.log"
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.worker"],
                stdout=stack.enter_context(log.open("wb")),
                stderr=subprocess.STDOUT,
                cwd=PROJECT_ROOT,
                env=environment,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            until(
                lambda: " started" in log.read_text(encoding="utf-8") or process.poll() is not None
            )
            assert process.poll() is None, log.read_text(encoding="utf-8")
            return process

        yield start


@pytest.fixture
def noon(sessions: sessionmaker[Session]) -> datetime:
    """The present moment, which is about noon for everybody: the worker's clock is the real one."""
    now = datetime.now(UTC)
    zone = f"Etc/GMT{now.hour - 12:+d}"  # These names count westward.
    with sessions.begin() as session:
        session.scalars(select(Branch)).one().timezone = zone
        for customer in session.scalars(select(Customer)):
            customer.timezone = zone
    return now


def endanger(session: Session, address: str, *, at: datetime) -> Case:
    case = open_case(session, address=address, customer=None, exposure="paid")
    plan_follow_ups(session, case, now=at)
    return case


def until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def pushed(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(PushedMessage)) or 0


def asked_per_case(sessions: sessionmaker[Session]) -> Counter[int]:
    with sessions() as session:
        query = select(CaseEvent.case_id).where(CaseEvent.kind == "follow_up_asked")
        return Counter(session.scalars(query))


@pytest.mark.usefixtures("noon")
def test_a_worker_that_is_killed_between_planning_and_asking_loses_nothing(
    start_worker: Start, sessions: sessionmaker[Session]
) -> None:
    victim = start_worker()
    due = datetime.now(UTC) + timedelta(seconds=3)
    with sessions.begin() as session:
        case_id = endanger(session, "web:c1", at=due - TWENTY_MINUTES).id
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    assert pushed(sessions) == 0
    for _ in range(2):
        start_worker()
    until(lambda: pushed(sessions) == 1)
    assert datetime.now(UTC) >= due
    with sessions.begin() as session:
        case = session.get(Case, case_id)
        assert case is not None
        assert record_answer(session, case, answer="fine", now=datetime.now(UTC)) is not None
    time.sleep(2.5)  # A few more rounds of both.
    assert pushed(sessions) == 1
    assert asked_per_case(sessions) == {case_id: 1}


def test_a_worker_that_is_killed_while_asking_doubles_nothing(
    start_worker: Start, sessions: sessionmaker[Session], noon: datetime
) -> None:
    danger = noon - TWENTY_MINUTES
    with sessions.begin() as session:
        ids = [endanger(session, f"web:{number}", at=danger).id for number in range(40)]
    victim, _ = start_worker(), start_worker()
    until(lambda: pushed(sessions) > 0)
    os.kill(victim.pid, signal.SIGKILL)
    start_worker()
    # What the victim had claimed is delivered by the others once its lease is over; asking is not
    # delivering, and is done once each already.
    until(lambda: len(asked_per_case(sessions)) == len(ids))
    assert asked_per_case(sessions) == dict.fromkeys(ids, 1)
    with sessions() as session:
        keys = session.scalars(select(PushedMessage.dedupe_key)).all()
        assert len(keys) == len(set(keys))


def test_workers_that_ask_in_the_same_moment_ask_each_customer_once(
    url: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        ids = [endanger(session, f"web:{number}", at=after()).id for number in range(120)]
    moved = at_once(ASK, url, processes=3)
    assert sum(moved) == len(ids)
    assert asked_per_case(sessions) == dict.fromkeys(ids, 1)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_case_that_somebody_is_changing_is_asked_in_the_next_round(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        for address in ("web:1", "web:2"):
            endanger(session, address, at=after())
    with sessions() as customer, sessions.begin() as session:
        first = customer.scalars(select(Case).order_by(Case.id)).first()
        assert first is not None
        record_answer(customer, first, answer="other", now=after(minutes=20))
        assert ask_due(session, after(minutes=20), words=WORDS) == 1
    with sessions.begin() as session:
        assert ask_due(session, after(minutes=20), words=WORDS) == 1
        assert session.scalars(select(FollowUp.status)).all().count("asked") == 2
