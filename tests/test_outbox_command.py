"""``secondvoice outbox``: what people see of it, and sending again what was given up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox, outbox_desk
from bot.casework.escalations import escalate
from bot.casework.models import CaseEvent, OutboxMessage
from bot.errors import NotFoundError
from tests.casework.builders import EVENING, after, open_case

METHOD = "mailto://min:hunter2@bank.example"


def owe(session: Session, key: str, *, method: str = METHOD) -> OutboxMessage:
    outbox.put(
        session,
        dedupe_key=key,
        method=method,
        recipient="M-01",
        subject="s",
        body={"text": "The customer is Chen Wei."},
        now=EVENING,
    )
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key == key)
    return session.scalars(query).one()


def kill(session: Session, message: OutboxMessage) -> None:
    message.claimed_by = "worker"
    session.flush()
    outbox.mark_failed(
        session, message.id, worker="worker", error="no such mailbox", retry_at=None, now=EVENING
    )


def test_a_dead_message_is_sent_again_with_all_its_attempts_and_that_is_in_the_timeline(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        escalate(session, open_case(session), reason="has_paid", now=EVENING)
        message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
        assert message is not None
        kill(session, message)
        assert message.status == "dead"
        retried = outbox_desk.retry(session, [message.id], now=after(minutes=5))
        assert retried.again == (message.id,)
        assert (message.status, message.attempts, message.due) == ("pending", 0, after(minutes=5))
        last = session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id.desc())).first()
        assert last == "delivery_retried"


def test_sending_again_twice_changes_nothing_more(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        message = owe(session, "a")
        kill(session, message)
        assert outbox_desk.retry(session, None, now=EVENING).again == (message.id,)
        assert outbox_desk.retry(session, None, now=EVENING).again == ()
        again = outbox_desk.retry(session, [message.id], now=EVENING)
        assert (again.again, again.left) == ((), (message.id,))


def test_what_waits_for_its_next_attempt_need_not_wait(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        message = owe(session, "a")
        message.due = after(hours=1)
        outbox_desk.retry(session, [message.id], now=after(minutes=1))
        assert message.due == after(minutes=1)


def test_what_is_sent_or_under_way_is_left_alone(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        sent, held = owe(session, "sent"), owe(session, "held")
        outbox.mark_sent(session, sent.id, now=EVENING)
        held.claimed_by, held.due = "worker", after(minutes=1)
        retried = outbox_desk.retry(session, [sent.id, held.id], now=EVENING)
        assert retried.left == (sent.id, held.id)
        assert held.claimed_by == "worker"


def test_a_number_that_no_message_has_is_refused_and_nothing_is_changed(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        message = owe(session, "a")
        kill(session, message)
        with pytest.raises(NotFoundError, match="no outbox message 999"):
            outbox_desk.retry(session, [message.id, 999], now=EVENING)
        assert message.status == "dead"


@pytest.fixture
def command(url: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The installed command, on the test's database."""
    program = Path(sys.executable).parent / "secondvoice"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, "outbox", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SECONDVOICE_DATABASE_URL": url, "NO_COLOR": "1"},
        )

    return run


def test_the_list_shows_what_is_dead_and_neither_texts_nor_passwords(
    sessions: sessionmaker[Session], command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with sessions.begin() as session:
        reference = open_case(session).reference
        kill(session, owe(session, "dead"))
        owe(session, "pending")
    found = command("list", "--status", "dead")
    assert found.returncode == 0
    title, line, counts = found.stdout.splitlines()
    assert title.split()[:3] == ["message", "status", "case"]
    assert line.split()[1:5] == ["dead", "M-01", "mailto", "1"]
    assert "no such mailbox" in line
    assert counts == "1 pending, 0 sent, 1 dead."
    for secret in ("hunter2", "bank.example", "Chen Wei"):
        assert secret not in found.stdout
    assert command("list", "--case", reference).stdout.splitlines() == [counts]


def test_all_that_is_dead_is_sent_again_with_one_command(
    sessions: sessionmaker[Session], command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with sessions.begin() as session:
        kill(session, owe(session, "dead"))
    assert command("retry", "--all-dead").stdout == "1 to be sent again.\n"
    assert command("retry", "--all-dead").stdout == "0 to be sent again.\n"
    with sessions() as session:
        assert session.scalars(select(OutboxMessage.status)).all() == ["pending"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("retry",), "Give the numbers of messages, or --all-dead."),
        (("retry", "7", "--all-dead"), "Give the numbers of messages, or --all-dead."),
        (("retry", "999"), "secondvoice: There is no outbox message 999"),
        (("list", "--status", "lost"), '--status: "lost" is not one of pending, sent, dead'),
        (("list", "--case", "SV-NONE"), "secondvoice: There is no case SV-NONE."),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_cannot_be_meant_is_refused_with_what_is_wrong(
    command: Callable[..., subprocess.CompletedProcess[str]], words: tuple[str, ...], problem: str
) -> None:
    found = command(*words)
    assert found.returncode == 2
    assert found.stderr.startswith(problem)
