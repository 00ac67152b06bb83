"""Receivers apart from each other: one that is slow or dead never holds up the rest."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.escalations import escalate
from bot.casework.models import Escalation, OutboxMessage
from bot.errors import DeliveryError
from bot.notify import Message
from bot.worker import Retries, Worker
from bot.worker.lanes import Lanes
from tests.casework.builders import EVENING, open_case

HANGS = "mailto://slow:hunter2@slow.example"
WORKS = "mailto://box:hunter2@quick.example"
PATIENCE = 20.0


class Receivers:
    """Methods inside the test: those of one host hang until they are let go, and then fail."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.let_go = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, method: str) -> Receiver:
        return Receiver(self, method)

    def count(self, method: str, change: int) -> None:
        with self._lock:
            self.under_way[method] += change
            self.most[method] = max(self.most[method], self.under_way[method])


class Receiver:
    def __init__(self, receivers: Receivers, method: str) -> None:
        self._receivers = receivers
        self._method = method

    def send(self, message: Message) -> None:
        self._receivers.count(self._method, 1)
        try:
            if self._method == HANGS:
                self._receivers.let_go.wait(PATIENCE)
                raise DeliveryError("timed out")
            self._receivers.received.append(message.dedupe_key)
        finally:
            self._receivers.count(self._method, -1)


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    made = Receivers()
    yield made
    made.let_go.set()


def owe(sessions: sessionmaker[Session], method: str, count: int, *, name: str = "m") -> None:
    with sessions.begin() as session:
        for number in range(count):
            outbox.put(
                session,
                dedupe_key=f"{name}{number}",
                method=method,
                recipient="M-01",
                subject="s",
                body={"text": "t"},
                now=EVENING,
            )


def until(fact: object, *, seconds: float = PATIENCE / 2) -> bool:
    deadline = time.monotonic() + seconds
    assert callable(fact)
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(fact())


def test_a_receiver_that_hangs_holds_up_no_other(
    sessions: sessionmaker[Session], receivers: Receivers
) -> None:
    owe(sessions, HANGS, 50, name="hangs")
    owe(sessions, WORKS, 50, name="works")
    worker = Worker(sessions, receivers, now=lambda: EVENING, threads=8, per_receiver=3)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    delivered = until(lambda: len(receivers.received) == 50)
    stop.set()
    receivers.let_go.set()
    thread.join()
    assert delivered
    assert receivers.most[HANGS] == 3
    assert receivers.most[WORKS] <= 3


def test_several_dead_receivers_together_do_not_take_all_threads(
    sessions: sessionmaker[Session],
) -> None:
    """After three failures in a row a receiver is only probed, one message at a time."""
    most: Counter[str] = Counter()
    under_way: Counter[str] = Counter()
    lock = threading.Lock()

    class Dead:
        def __init__(self, method: str) -> None:
            self.method = method

        def send(self, _message: Message) -> None:
            with lock:
                under_way[self.method] += 1
                if attempts[self.method] >= 6:
                    most[self.method] = max(most[self.method], under_way[self.method])
                attempts[self.method] += 1
            time.sleep(0.01)
            with lock:
                under_way[self.method] -= 1
            raise DeliveryError("dead")

    attempts: Counter[str] = Counter()
    owe(sessions, HANGS, 30)
    worker = Worker(sessions, Dead, now=lambda: EVENING, batch=30, threads=8, per_receiver=3)
    assert worker.run_once() == 30
    assert most[HANGS] == 1


def test_a_receiver_that_works_again_gets_its_share_again() -> None:
    lanes = Lanes(width=2)
    for delivered in (False, False, False):
        lanes.enter("a")
        lanes.leave("a", delivered=delivered)
    assert (lanes.room("a"), lanes.room("b")) == (1, 2)
    lanes.enter("a")
    assert lanes.room("a") == 0
    lanes.leave("a", delivered=True)
    assert lanes.room("a") == 2


@pytest.mark.parametrize(
    ("method", "same", "other"),
    [
        (
            "mailto://a:hunter2@bank.example",
            "mailto://b:word@BANK.example/?to=x",
            "mailto://a:hunter2@mail.example",
        ),
        ("json://bank.example:8080/a", "json://bank.example:8080?b=1", "json://bank.example/a"),
        ("console", "console", "chat"),
        ("webhook:operations", "webhook:operations", "webhook:recall"),
    ],
)
def test_methods_that_lead_to_the_same_host_are_one_receiver(
    method: str, same: str, other: str
) -> None:
    assert outbox.receiver_of(method) == outbox.receiver_of(same) != outbox.receiver_of(other)


def test_the_receiver_tells_neither_a_password_nor_a_token() -> None:
    for method in (WORKS, "tgram://123456789:hunter2/1", "wecombot://hunter2", "x" * 70 + "://a@b"):
        name = outbox.receiver_of(method)
        assert "hunter2" not in name
        assert len(name) <= 80


def escalated(sessions: sessionmaker[Session]) -> int:
    """Escalate a case whose person has one method, with his deadline in the future."""
    with sessions.begin() as session:
        escalation = escalate(session, open_case(session), reason="has_paid", now=EVENING)
        escalation.next_ask = EVENING + timedelta(minutes=5)
        return escalation.id


def next_ask(sessions: sessionmaker[Session], escalation_id: int) -> object:
    with sessions() as session:
        escalation = session.get(Escalation, escalation_id)
        assert escalation is not None
        return escalation.next_ask


class Refusing:
    def __call__(self, _method: str) -> Refusing:
        return self

    def send(self, _message: Message) -> None:
        raise DeliveryError("no such mailbox")


def test_when_nothing_reaches_the_person_the_next_one_is_due_at_once(
    sessions: sessionmaker[Session],
) -> None:
    asked = escalated(sessions)
    worker = Worker(sessions, Refusing(), now=lambda: EVENING, retries=Retries(attempts=1))
    worker.run_once()
    assert next_ask(sessions, asked) == EVENING


def test_a_failure_that_is_tried_again_wakes_nobody(sessions: sessionmaker[Session]) -> None:
    asked = escalated(sessions)
    Worker(sessions, Refusing(), now=lambda: EVENING).run_once()
    assert next_ask(sessions, asked) == EVENING + timedelta(minutes=5)


def test_a_dead_message_wakes_nobody_when_the_person_got_the_news_another_way(
    sessions: sessionmaker[Session],
) -> None:
    asked = escalated(sessions)
    with sessions.begin() as session:
        dead, *_ = session.scalars(
            select(OutboxMessage).where(OutboxMessage.escalation_id == asked)
        )
        outbox.put(
            session,
            dedupe_key="another way",
            method="console",
            recipient=dead.recipient,
            subject="s",
            body={"text": "t"},
            now=EVENING,
            escalation=session.get(Escalation, asked),
        )
        session.flush()
        other = session.scalars(
            select(OutboxMessage).where(OutboxMessage.dedupe_key == "another way")
        ).one()
        outbox.mark_sent(session, other.id, now=EVENING)
        dead.claimed_by = "worker"
        session.flush()
        outbox.mark_failed(
            session, dead.id, worker="worker", error="dead", retry_at=None, now=EVENING
        )
    assert next_ask(sessions, asked) == EVENING + timedelta(minutes=5)


def test_an_outcome_that_cannot_be_stored_spoils_no_other(
    sessions: sessionmaker[Session],
) -> None:
    """A message that has gone meanwhile is no reason to forget what became of the others."""
    owe(sessions, WORKS, 2)
    with sessions.begin() as session:
        gone, kept = outbox.claim(
            session, worker="w", now=EVENING, lease=timedelta(seconds=60), limit=2
        )
        session.delete(session.get_one(OutboxMessage, gone.id))
    with sessions.begin() as session:
        outcomes = [outbox.Outcome(message_id=one.id, at=EVENING) for one in (gone, kept)]
        outbox.record(session, outcomes, worker="w")
    with sessions() as session:
        assert session.scalars(select(OutboxMessage.status)).all() == ["sent"]
