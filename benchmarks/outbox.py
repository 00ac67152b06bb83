"""How many messages a second the workers deliver, on both databases: ``make bench``.

Each worker is a process of its own with the settings of the product. Messages belong to cases and
escalations, as real ones do, so recording a delivery locks the case and writes its timeline. The
receiver answers at once and is part of the worker's process: what is measured is the outbox.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, Engine, create_engine, func, insert, make_url, select, text
from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.cases import case_for
from bot.casework.database import make_engine, migrate, session_factory
from bot.casework.models import OutboxMessage
from bot.demo import load_demo
from bot.settings import PROJECT_ROOT

SERVER = "SECONDVOICE_TEST_POSTGRESQL_URL"
DATABASE = "secondvoice_bench_outbox"
WORKERS = (1, 2, 4)
CASES = 100
METHODS = ("test://a.example", "test://b.example", "test://c.example", "test://d.example")

_WORKER = """
import sys, threading, time
from datetime import UTC, datetime, timedelta
from sqlalchemy import func, select
from bot.casework.database import make_engine, reading_factory, session_factory
from bot.casework.models import OutboxMessage
from bot.settings import Settings
from bot.worker import Worker

class Receiver:
    def send(self, message):
        pass

settings = Settings(_env_file=None)
engine = make_engine(sys.argv[1])
receiver = Receiver()
worker = Worker(
    session_factory(engine),
    lambda method: receiver,
    now=lambda: datetime.now(UTC),
    threads=settings.delivery_threads,
    per_receiver=settings.delivery_per_receiver,
    lease=timedelta(seconds=settings.delivery_lease_seconds),
)
stop = threading.Event()
reading = reading_factory(engine)
print("ready", flush=True)
sys.stdin.readline()
thread = threading.Thread(target=worker.run_forever, args=(stop,), kwargs={"poll_seconds": 0.05})
thread.start()
pending = select(OutboxMessage.id).where(OutboxMessage.status == "pending").limit(1)
while True:
    with reading() as session:
        if session.scalar(pending) is None:
            break
    time.sleep(0.1)
print(time.time(), flush=True)
stop.set()
thread.join()
"""


def main() -> int:
    """Measure what is there and print a table.

    Returns:
        The exit code.
    """
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=5000, help="How many are delivered.")
    chosen = options.parse_args()
    console = Console()
    rates: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="secondvoice-bench-") as folder:
        rates["SQLite"] = [
            _rate(f"sqlite:///{Path(folder) / f'{workers}.db'}", chosen.messages, workers)
            for workers in WORKERS
        ]
    if os.environ.get(SERVER):
        rates["PostgreSQL"] = []
        for workers in WORKERS:
            with _database(make_url(os.environ[SERVER])) as url:
                rates["PostgreSQL"].append(_rate(url, chosen.messages, workers))
    else:
        console.print(f"PostgreSQL is left out: {SERVER} is not set.")
    console.print(_table(rates))
    return 0


def _rate(url: str, messages: int, workers: int) -> float:
    """Return messages a second, from the start of all workers to the last recorded delivery."""
    _owe(url, messages)
    env = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        for _ in range(workers)
    ]
    for process in processes:
        _line(process)
    began = time.time()
    for process in processes:
        assert process.stdin is not None  # noqa: S101
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = min(float(_line(process)) for process in processes)
    for process in processes:
        process.communicate(timeout=60)
    _check(url, messages)
    return messages / (ended - began)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None  # noqa: S101
    return process.stdout.readline()


def _owe(url: str, messages: int) -> None:
    """Fill the outbox of a new database: a few messages for each of some cases."""
    migrate(url)
    engine = make_engine(url)
    now = datetime.now(UTC)
    with session_factory(engine).begin() as session:
        load_demo(session)
        cases = [
            case_for(session, f"web:{number}", language="zh", now=now).id for number in range(CASES)
        ]
        rows = [_row(number, cases[number % CASES], now) for number in range(messages)]
        session.execute(insert(OutboxMessage), rows)
    engine.dispose()


def _row(number: int, case_id: int, now: datetime) -> Mapping[str, object]:
    method = METHODS[number % len(METHODS)]
    return {
        "dedupe_key": str(number),
        "method": method,
        "receiver": outbox.receiver_of(method),
        "recipient": "M-01",
        "subject": "SV-7F3K2Q",
        "body": {"text": "x" * 600, "case": "SV-7F3K2Q"},
        "created": now,
        "due": now,
        "case_id": case_id,
    }


def _check(url: str, messages: int) -> None:
    """Make sure that the figure is about deliveries: each was made, once, and is recorded."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        sent = _count(session)
    engine.dispose()
    if sent != messages:
        raise SystemExit(f"Only {sent} of {messages} messages were sent.")


def _count(session: Session) -> int:
    once = select(func.count()).where(OutboxMessage.status == "sent", OutboxMessage.attempts == 1)
    return session.scalar(once) or 0


@contextmanager
def _database(server: URL) -> Iterator[str]:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    _run(admin, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    _run(admin, f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    try:
        yield server.set(database=DATABASE).render_as_string(hide_password=False)
    finally:
        _run(admin, f"DROP DATABASE {DATABASE} WITH (FORCE)")
        admin.dispose()


def _run(admin: Engine, statement: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(statement))


def _table(rates: Mapping[str, list[float]]) -> Table:
    table = Table(title="Messages a second (against one worker)")
    table.add_column("database")
    for workers in WORKERS:
        table.add_column(f"{workers} worker{'s' if workers > 1 else ''}", justify="right")
    for name, row in rates.items():
        table.add_row(name, *(f"{rate:,.0f} ({rate / row[0]:.2f} ×)" for rate in row))
    return table


if __name__ == "__main__":
    sys.exit(main())
