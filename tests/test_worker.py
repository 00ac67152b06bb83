from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.database import make_engine, session_factory
from bot.casework.escalations import escalate
from bot.casework.models import CaseEvent, OutboxMessage
from bot.errors import DeliveryError, UndeliverableError
from bot.notify import Message
from bot.worker import Retries, Worker
from tests.casework.builders import EVENING, open_case
from tests.casework.databases import Databases

LEASE = timedelta(seconds=60)


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.time = EVENING

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **units: float) -> None:
        self.time += timedelta(**units)


class Postbox:
    """A method of notification inside the test: keeps what arrives, fails where it is told to."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.errors: dict[str, Exception] = {}
        self.on_send: Callable[[], object] = lambda: None

    def __call__(self, _method: str) -> Postbox:
        return self

    def send(self, message: Message) -> None:
        self.on_send()
        if message.dedupe_key in self.errors:
            raise self.errors[message.dedupe_key]
        self.received.append(message.dedupe_key)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def worker(sessions: sessionmaker[Session], postbox: Postbox, clock: Clock) -> Worker:
    return Worker(sessions, postbox, now=clock, lease=LEASE)


def owe(sessions: sessionmaker[Session], *keys: str, **values: Any) -> None:
    with sessions.begin() as session:
        for key in keys:
            outbox.put(
                session,
                **{
                    "dedupe_key": key,
                    "method": "test://box",
                    "recipient": "M-01",
                    "subject": "s",
                    "body": {"text": "t"},
                    "now": EVENING,
                    **values,
                },
            )


def stored(sessions: sessionmaker[Session], key: str) -> OutboxMessage:
    with sessions() as session:
        query = select(OutboxMessage).where(OutboxMessage.dedupe_key == key)
        return session.scalars(query).one()


def test_what_is_due_is_delivered_once_and_marked_as_sent(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    owe(sessions, "a", "b")
    assert worker.run_once() == 2
    assert worker.run_once() == 0
    assert postbox.received == ["a", "b"]
    message = stored(sessions, "a")
    assert (message.status, message.sent_at, message.attempts) == ("sent", EVENING, 1)
    assert message.claimed_by is None


def test_a_message_waits_until_it_is_due(
    sessions: sessionmaker[Session], worker: Worker, clock: Clock
) -> None:
    owe(sessions, "later", due=EVENING + timedelta(minutes=20))
    assert worker.run_once() == 0
    clock.forward(minutes=20)
    assert worker.run_once() == 1


def test_the_same_delivery_is_never_owed_twice(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    owe(sessions, "a")
    owe(sessions, "a")
    worker.run_once()
    owe(sessions, "a")
    worker.run_once()
    assert postbox.received == ["a"]


def test_one_failing_message_never_blocks_the_rest(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    postbox.errors = {"bad": DeliveryError("mailbox\x00 full"), "worse": RuntimeError("hunter2")}
    owe(sessions, "bad", "worse", "good")
    assert worker.run_once() == 3
    assert postbox.received == ["good"]
    assert stored(sessions, "bad").last_error == "mailbox full"


def test_a_new_message_goes_before_the_retries_of_old_ones(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox, clock: Clock
) -> None:
    postbox.errors = {"old": DeliveryError("busy")}
    owe(sessions, "old")
    worker.run_once()
    clock.forward(minutes=1)
    postbox.errors = {}
    owe(sessions, "new", due=clock())
    worker.run_once()
    assert postbox.received == ["new", "old"]


def test_an_unknown_error_is_recorded_without_its_text(
    sessions: sessionmaker[Session],
    worker: Worker,
    postbox: Postbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    postbox.errors = {"a": RuntimeError("mailto://min:hunter2@bank.example refused")}
    owe(sessions, "a")
    worker.run_once()
    assert stored(sessions, "a").last_error == "RuntimeError"
    assert "hunter2" not in caplog.text


def test_retries_wait_longer_each_time_and_the_receivers_wish_is_honoured() -> None:
    retries = Retries(attempts=8, first_wait=5)
    waits = [retries.wait_after(attempt) or timedelta() for attempt in range(1, 8)]
    assert timedelta(seconds=3) < waits[0] < timedelta(seconds=7)
    assert waits == sorted(waits)
    assert retries.wait_after(1, asked=90) == timedelta(seconds=90)
    assert (retries.wait_after(1, asked=1) or timedelta()) > timedelta(seconds=1)
    assert retries.wait_after(1, asked=1e9) == timedelta(hours=1)


def test_waits_are_spread_so_that_not_all_come_back_in_the_same_moment() -> None:
    assert len({Retries().wait_after(3) for _ in range(20)}) > 10


def test_many_attempts_never_wait_longer_than_an_hour() -> None:
    assert Retries(attempts=5000).wait_after(4000) == timedelta(hours=1)
    assert Retries(attempts=5000).wait_after(5000) is None


def test_after_eight_attempts_a_message_is_dead_and_that_is_loud(
    sessions: sessionmaker[Session],
    worker: Worker,
    postbox: Postbox,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with sessions.begin() as session:
        escalate(session, open_case(session), reason="has_paid", now=EVENING)
        key = session.scalars(select(OutboxMessage.dedupe_key)).one()
    postbox.errors = {key: DeliveryError("no such mailbox")}
    for attempt in range(1, Retries().attempts + 1):
        assert stored(sessions, key).status == "pending"
        assert worker.run_once() == 1, attempt
        clock.forward(hours=2)
    assert worker.run_once() == 0
    message = stored(sessions, key)
    assert (message.status, message.attempts) == ("dead", Retries().attempts)
    assert [record.levelno for record in caplog.records][-1] == logging.ERROR
    with sessions() as session:
        last = session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
        assert last is not None
        assert last.kind == "delivery_dead"


def test_what_can_never_be_delivered_is_dead_at_once(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    postbox.errors = {"a": UndeliverableError("the chat is blocked")}
    owe(sessions, "a")
    worker.run_once()
    message = stored(sessions, "a")
    assert (message.status, message.attempts) == ("dead", 1)


def test_the_timeline_says_when_the_manager_was_notified(
    sessions: sessionmaker[Session], worker: Worker
) -> None:
    with sessions.begin() as session:
        escalate(session, open_case(session), reason="has_paid", now=EVENING)
    worker.run_once()
    with sessions() as session:
        kinds = session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)).all()
        assert kinds == ["opened", "assessed", "escalated", "notified"]


def test_a_worker_killed_between_claim_and_send_loses_nothing(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox, clock: Clock
) -> None:
    owe(sessions, "a")
    with sessions.begin() as session:
        assert outbox.claim_next(session, worker="killed", now=clock(), lease=LEASE)
    assert worker.run_once() == 0
    clock.forward(seconds=61)
    assert worker.run_once() == 1
    assert postbox.received == ["a"]


HANGING_WORKER = """
import sys, time
from datetime import datetime, timedelta
from bot.casework.database import make_engine, session_factory
from bot.worker import Worker

class Hanging:
    def send(self, message):
        print("claimed", flush=True)
        time.sleep(60)

now = datetime.fromisoformat(sys.argv[2])
sessions = session_factory(make_engine(sys.argv[1]))
Worker(sessions, lambda _: Hanging(), now=lambda: now, lease=timedelta(seconds=60)).run_once()
"""


def test_a_worker_process_killed_in_mid_delivery_loses_nothing(
    url: str, sessions: sessionmaker[Session], worker: Worker, postbox: Postbox, clock: Clock
) -> None:
    owe(sessions, "a")
    command = [sys.executable, "-c", HANGING_WORKER, url, EVENING.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        process.kill()
    assert worker.run_once() == 0
    clock.forward(seconds=61)
    assert worker.run_once() == 1
    assert postbox.received == ["a"]


def test_two_workers_on_one_database_send_nothing_twice(
    url: str, sessions: sessionmaker[Session], clock: Clock
) -> None:
    keys = [f"m{number}" for number in range(60)]
    owe(sessions, *keys)
    postbox = Postbox()
    postbox.on_send = lambda: time.sleep(0.001)
    engines = [make_engine(url) for _ in range(2)]
    workers = [
        Worker(session_factory(engine), postbox, now=clock, batch=60, lease=LEASE)
        for engine in engines
    ]
    threads = [threading.Thread(target=worker.run_once) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert sorted(postbox.received) == sorted(keys)


def test_a_delivery_holds_no_lock_on_the_database(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    postbox.on_send = lambda: owe(sessions, "written meanwhile")
    owe(sessions, "a")
    assert worker.run_once() == 2


def test_a_slow_delivery_taken_over_by_another_worker_still_ends_as_sent(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox, clock: Clock
) -> None:
    def slow() -> None:
        clock.forward(seconds=61)
        with sessions.begin() as session:
            assert outbox.claim_next(session, worker="other", now=clock(), lease=LEASE)

    postbox.on_send = slow
    owe(sessions, "a")
    worker.run_once()
    assert stored(sessions, "a").status == "sent"


def test_a_failure_after_the_lease_was_taken_over_does_not_disturb_the_other(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox, clock: Clock
) -> None:
    def slow() -> None:
        clock.forward(seconds=61)
        with sessions.begin() as session:
            outbox.claim_next(session, worker="other", now=clock(), lease=LEASE)

    postbox.on_send = slow
    postbox.errors = {"a": DeliveryError("too slow")}
    owe(sessions, "a")
    worker.run_once()
    message = stored(sessions, "a")
    assert (message.status, message.claimed_by, message.attempts) == ("pending", "other", 0)


def test_a_stopped_worker_finishes_the_message_in_hand_and_leaves_the_rest(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    stop = threading.Event()
    postbox.on_send = stop.set
    owe(sessions, "a", "b")
    worker.run_forever(stop, poll_seconds=0.01)
    assert postbox.received == ["a"]


def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(
    sessions: sessionmaker[Session], worker: Worker, postbox: Postbox
) -> None:
    stop = threading.Event()
    postbox.on_send = stop.set
    owe(sessions, "a")
    with sessions.begin() as session:
        session.execute(text("ALTER TABLE outbox_messages RENAME TO gone"))
    thread = threading.Thread(
        target=worker.run_forever, args=(stop,), kwargs={"poll_seconds": 0.01}
    )
    thread.start()
    time.sleep(0.1)
    with sessions.begin() as session:
        session.execute(text("ALTER TABLE gone RENAME TO outbox_messages"))
    thread.join(timeout=10)
    stop.set()
    assert postbox.received == ["a"]


def started(url: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "SECONDVOICE_DATABASE_URL": url, "SECONDVOICE_DEMO": "true"}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.worker"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )


def test_the_process_delivers_and_ends_cleanly_when_it_is_asked_to(
    url: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        escalate(session, open_case(session), reason="has_paid", now=EVENING)
    with started(url) as process:
        lines = []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if " sent by console" in line:
                process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    output = "".join(lines)
    assert "客户：陈伟（C-1001）" in output
    assert lines[-1].rstrip().endswith("stopped")


def test_the_process_refuses_a_database_that_was_never_migrated(databases: Databases) -> None:
    with started(databases.new()) as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "run the database migration first" in output
