"""The whole product on free loopback ports: Rasa, action server, gateway and worker, all real."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.casework.database import make_engine, migrate, session_factory
from bot.demo import load_demo
from bot.gateway.tokens import CustomerTokens
from bot.settings import Settings
from bot.supervisor import Pace, Part, Supervisor, all_parts
from bot.supervisor.log import JoinedLog
from bot.training import engine_model_path, recogniser_path, train_what_is_stale

READY_SECONDS = 90


@dataclass(frozen=True, kw_only=True)
class Stack:
    """What a story needs of the running product.

    Args:
        settings: The settings of all parts.
        supervisor: Keeps the parts alive.
        http: Talks to the gateway.
        engine: Reads the parts' database.
        rasa_token: Opens Rasa's own HTTP interface.
        log_file: What the parts have printed.
    """

    settings: Settings
    supervisor: Supervisor
    http: httpx.Client
    engine: Engine
    rasa_token: str
    log_file: Path

    def customer_token(self, code: str) -> str:
        """Sign a customer's token as the bank's server does."""
        key = self.settings.key("bank_key")
        life = timedelta(minutes=self.settings.customer_token_minutes)
        return CustomerTokens(key, life=life, now=lambda: datetime.now(UTC)).sign(code)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session on the parts' database."""
        with session_factory(self.engine)() as session:
            yield session

    def tracker(self, address: str) -> dict[str, Any]:
        """Return all that Rasa keeps of a conversation."""
        answer = httpx.get(
            f"{self.settings.rasa_url}/conversations/{address}/tracker",
            params={"token": self.rasa_token, "include_events": "ALL"},
            trust_env=False,
        )
        answer.raise_for_status()
        tracker: dict[str, Any] = answer.json()
        return tracker

    def log(self) -> str:
        """Return all that the parts have printed so far."""
        return self.log_file.read_text(encoding="utf-8")

    def stored(self) -> str:
        """Return every value of every row of the database, as one text."""
        with closing(sqlite3.connect(self.settings.var_dir / "secondvoice.db")) as connection:
            tables = connection.execute("select name from sqlite_master where type = 'table'")
            rows = [
                row
                for (table,) in tables.fetchall()
                for row in connection.execute(f'select * from "{table}"')  # noqa: S608
            ]
        return json.dumps(rows, ensure_ascii=False, default=str)

    def kill(self, name: str) -> None:
        """End a part as a crash does."""
        os.kill(self.supervisor.pid(name), signal.SIGKILL)

    def wait_until_ready(self) -> None:
        """Let the supervisor do its work until all parts are ready again."""
        self.supervisor.wait_until_ready(seconds=READY_SECONDS)

    @contextmanager
    def without_table(self, table: str) -> Iterator[None]:
        """Break the store for as long as the block lasts: every write of a case fails at once."""
        path = self.settings.var_dir / "secondvoice.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("pragma legacy_alter_table = on")
            connection.execute(f'alter table "{table}" rename to "{table}_away"')
            try:
                yield
            finally:
                connection.execute(f'alter table "{table}_away" rename to "{table}"')

    @contextmanager
    def locked_store(self) -> Iterator[None]:
        """Hold the database's write lock for as long as the block lasts."""
        path = self.settings.var_dir / "secondvoice.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("begin immediate")
            yield
            connection.execute("rollback")


@contextmanager
def running_stack(var_dir: Path, **changes: Any) -> Iterator[Stack]:
    """Start everything on a fresh database with the demo bank, and stop it again.

    Args:
        var_dir: The database, the keys and the log are kept there.
        changes: Settings that differ from those of the other stories.
    """
    settings = _settings(var_dir).model_copy(update=changes)
    _train_when_missing(settings)
    _prepare_database(settings)
    parts = all_parts(settings)
    console = Console(file=io.StringIO(), width=200)
    log_file = var_dir / "log" / "secondvoice.log"
    log = JoinedLog(console, file=log_file, names=(*(part.name for part in parts), "voice"))
    engine = make_engine(settings.effective_database_url)
    supervisor = Supervisor(parts, console=console, log=log, pace=Pace(settle=0.5, tick=0.05))
    try:
        with supervisor, _client(settings) as http:
            supervisor.wait_until_ready(seconds=READY_SECONDS)
            yield Stack(
                settings=settings,
                supervisor=supervisor,
                http=http,
                engine=engine,
                rasa_token=_rasa_token(parts),
                log_file=log_file,
            )
    finally:
        engine.dispose()
        log.close()


def until(fact: Callable[[], Any], *, seconds: float = 10) -> Any:
    """Wait until something is so, and return it; the last look decides."""
    deadline = time.monotonic() + seconds
    while not (found := fact()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _train_when_missing(settings: Settings) -> None:
    """Take the models as they are: whether they are fresh is the affair of `make test`."""
    if not (recogniser_path(settings).exists() and engine_model_path(settings).exists()):
        train_what_is_stale(settings)


def _settings(var_dir: Path) -> Settings:
    gateway, rasa, actions = _free_ports(3)
    return Settings(
        _env_file=None,
        var_dir=var_dir,
        demo=True,
        port=gateway,
        rasa_port=rasa,
        actions_port=actions,
        # All stories come from one address, faster than people type.
        limit_address="100000/minute",
        limit_conversation="100000/minute",
        limit_bank="100000/minute",
        limit_total="100000/minute",
    )


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all different."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _prepare_database(settings: Settings) -> None:
    url = settings.effective_database_url
    migrate(url)
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        load_demo(session)
    engine.dispose()


def _client(settings: Settings) -> httpx.Client:
    base = f"http://127.0.0.1:{settings.port}"
    return httpx.Client(base_url=base, timeout=15, trust_env=False)


def _rasa_token(parts: tuple[Part, ...]) -> str:
    prefix = "--auth-token="
    rasa = next(part for part in parts if part.name == "rasa")
    return next(w.removeprefix(prefix) for w in rasa.command if w.startswith(prefix))
