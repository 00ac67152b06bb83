"""Several workers on one outbox."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, make_url, select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.database import make_engine, session_factory
from bot.casework.models import OutboxMessage
from bot.notify import Message
from bot.worker import Worker
from tests.casework.builders import EVENING
from tests.casework.databases import PostgresqlDatabases
from tests.together import at_once

LEASE = timedelta(seconds=60)

DELIVER = """
import sys, time
from datetime import datetime, timedelta
from sqlalchemy import func, select
from bot.casework.database import make_engine, session_factory
from bot.casework.models import OutboxMessage
from bot.errors import DeliveryError
from bot.worker import Worker

sessions = session_factory(make_engine(sys.argv[1]))

class Receiver:
    '''Takes two milliseconds; refuses every fourth message the first time it comes here.'''

    def __init__(self):
        self.tries = []
        self.refused = set()

    def __call__(self, method):
        return self

    def send(self, message):
        began = time.monotonic()
        time.sleep(0.002)
        refuse = int(message.dedupe_key) % 4 == 0 and message.dedupe_key not in self.refused
        self.tries.append([message.dedupe_key, began, time.monotonic(), not refuse])
        if refuse:
            self.refused.add(message.dedupe_key)
            raise DeliveryError("busy")

def now():
    '''A clock on which a minute passes each second, the same in all processes.'''
    return datetime.fromisoformat(sys.argv[2]) + timedelta(minutes=time.monotonic())

def pending():
    query = select(func.count()).where(OutboxMessage.status == "pending")
    with sessions() as session:
        return session.scalar(query)

def act(url, start):
    receiver = Receiver()
    worker = Worker(
        sessions,
        receiver,
        now=now,
        batch=500,
        threads=8,
        per_receiver=8,
        # Half a minute of real time: longer than any pause of a busy machine.
        lease=timedelta(minutes=30),
    )
    while pending():
        if not worker.run_once():
            time.sleep(0.01)
    return receiver.tries
"""


def owe(sessions: sessionmaker[Session], count: int) -> None:
    """Owe messages to four receivers, all at once."""
    rows = [
        {
            "dedupe_key": str(number),
            "method": f"test://box{number % 4}",
            "receiver": outbox.receiver_of(f"test://box{number % 4}"),
            "recipient": "M-01",
            "subject": "s",
            "body": {"text": "t"},
            "created": EVENING,
            "due": EVENING,
        }
        for number in range(count)
    ]
    with sessions.begin() as session:
        session.execute(insert(OutboxMessage), rows)


@pytest.mark.parametrize(
    ("databases", "workers", "count"),
    [("sqlite", 4, 200), ("postgresql", 2, 10_000), ("postgresql", 4, 10_000)],
    indirect=["databases"],
)
def test_several_workers_deliver_everything_and_never_hold_one_message_together(
    url: str, sessions: sessionmaker[Session], workers: int, count: int
) -> None:
    owe(sessions, count)
    by_worker = at_once(DELIVER, url, EVENING.isoformat(), processes=workers)
    tries = sorted((key, *rest) for tries in by_worker for key, *rest in tries)
    delivered = Counter(key for key, _, _, taken in tries if taken)
    assert delivered == Counter(str(number) for number in range(count))
    for (key, _, ended, _), (next_key, began, _, _) in pairwise(tries):
        assert key != next_key or ended <= began
    # On SQLite one process may find all done before the lock was ever free for it.
    assert url.startswith("sqlite") or sum(map(bool, by_worker)) > 1
    with sessions() as session:
        rows = session.execute(
            select(OutboxMessage.status, OutboxMessage.dedupe_key, OutboxMessage.attempts)
        ).all()
        assert {row.status for row in rows} == {"sent"}
        counted = {row.dedupe_key: row.attempts for row in rows}
        assert counted == Counter(key for key, *_ in tries)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_worker_passes_over_what_another_is_claiming_and_waits_for_nobody(
    sessions: sessionmaker[Session],
) -> None:
    owe(sessions, 2)
    began = time.monotonic()
    with sessions.begin() as one, sessions.begin() as two, sessions.begin() as three:
        claimed = [
            outbox.claim_next(session, worker=name, now=EVENING, lease=LEASE)
            for session, name in ((one, "one"), (two, "two"), (three, "three"))
        ]
    assert [claim and claim.dedupe_key for claim in claimed] == ["0", "1", None]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_worker_whose_connections_the_server_cuts_carries_on(
    databases: PostgresqlDatabases, url: str, sessions: sessionmaker[Session]
) -> None:
    stop = threading.Event()
    received: list[str] = []

    class Receiver:
        def send(self, message: Message) -> None:
            received.append(message.dedupe_key)
            if len(received) == 1:
                name = make_url(url).database
                databases.server.run(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608
                    f"WHERE datname = '{name}'"
                )
            if len(received) == 3:
                stop.set()

    owe(sessions, 3)
    engine = make_engine(url)
    worker = Worker(
        session_factory(engine), lambda _: Receiver(), now=lambda: datetime.now(UTC), lease=LEASE
    )
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    thread.join(timeout=20)
    stop.set()
    engine.dispose()
    assert received == ["0", "1", "2"]
    with sessions() as session:
        assert set(session.scalars(select(OutboxMessage.status))) == {"sent"}
