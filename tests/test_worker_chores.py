"""What the worker does besides delivering, and what it finishes just before sending."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.models import OutboxMessage
from bot.notify import Message
from bot.worker import Worker
from tests.casework.builders import EVENING


class Receiver:
    """A method of notification inside the test: keeps what arrives."""

    def __init__(self) -> None:
        self.received: list[Message] = []

    def __call__(self, _method: str) -> Receiver:
        return self

    def send(self, message: Message) -> None:
        self.received.append(message)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def owe(session: Session, _now: datetime, *, key: str = "a", **body: Any) -> int:
    return outbox.put(
        session,
        dedupe_key=key,
        method="test://box",
        recipient="M-01",
        subject="s",
        body={"text": "t", **body},
        now=EVENING,
    )


def test_what_a_chore_owes_is_delivered_in_the_same_round(
    sessions: sessionmaker[Session], receiver: Receiver
) -> None:
    Worker(sessions, receiver, now=lambda: EVENING, chores=(owe,)).run_once()
    assert [message.dedupe_key for message in receiver.received] == ["a"]


def test_a_chore_gets_the_moment_of_the_injected_clock(
    sessions: sessionmaker[Session], receiver: Receiver
) -> None:
    seen: list[datetime] = []

    def look(_session: Session, now: datetime) -> int:
        seen.append(now)
        return 0

    worker = Worker(sessions, receiver, now=lambda: EVENING, chores=(look,))
    worker.run_once()
    worker.run_once()
    assert seen == [EVENING, EVENING]


def test_a_failing_chore_stops_neither_the_others_nor_deliveries_and_keeps_nothing(
    sessions: sessionmaker[Session], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: Session, now: datetime) -> int:
        owe(session, now, key="half done")
        raise RuntimeError("the customer said hunter2")

    chores = (fail, partial(owe, key="b"))
    Worker(sessions, receiver, now=lambda: EVENING, chores=chores).run_once()
    assert [message.dedupe_key for message in receiver.received] == ["b"]
    [line] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert line.message.startswith("fail failed: RuntimeError")
    assert "hunter2" not in caplog.text


def test_a_link_is_made_just_before_sending_and_never_stored(
    sessions: sessionmaker[Session], receiver: Receiver
) -> None:
    def finish(body: Mapping[str, Any]) -> Mapping[str, Any]:
        urls = [f"https://bank.example/{link['kind']}?signed" for link in body["links"]]
        return {**body, "links": urls, "text": "\n".join([body["text"], *urls])}

    with sessions.begin() as session:
        owe(session, EVENING, links=[{"kind": "acknowledge", "escalation": 12}])
    Worker(sessions, receiver, now=lambda: EVENING, finish=finish).run_once()
    [message] = receiver.received
    assert message.text == "t\nhttps://bank.example/acknowledge?signed"
    assert message.body["links"] == ["https://bank.example/acknowledge?signed"]
    with sessions() as session:
        assert "signed" not in str([row.body for row in session.query(OutboxMessage)])


def test_a_message_that_cannot_be_finished_is_tried_again_like_one_that_cannot_be_sent(
    sessions: sessionmaker[Session], receiver: Receiver
) -> None:
    def finish(_body: Mapping[str, Any]) -> Mapping[str, Any]:
        raise KeyError("links")

    with sessions.begin() as session:
        owe(session, EVENING)
    Worker(sessions, receiver, now=lambda: EVENING, finish=finish).run_once()
    assert receiver.received == []
    with sessions() as session:
        [row] = session.query(OutboxMessage)
        assert (row.status, row.attempts, row.last_error) == ("pending", 1, "KeyError")
