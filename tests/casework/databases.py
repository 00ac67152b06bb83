"""The databases that the tests run on: SQLite files, and databases of a PostgreSQL server."""

from __future__ import annotations

import os
import secrets
import shutil
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from sqlalchemy import create_engine, make_url, text

from bot.casework.database import make_engine, migrate, session_factory
from bot.demo import load_demo

SERVER = "SECONDVOICE_TEST_POSTGRESQL_URL"
SERVER_MISSING = f"PostgreSQL: {SERVER} is not set."

_TEMPLATE_FOLDER = TemporaryDirectory(prefix="secondvoice-tests-")


def postgresql_required() -> bool:
    """Whether a missing server is a failure."""
    return "postgresql" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "").split(",")


class Databases(Protocol):
    """Makes the databases of one test; each is the test's own."""

    def new(self) -> str:
        """Return the URL of a database with nothing in it."""

    def bank(self) -> str:
        """Return the URL of a migrated database with the demo bank."""


class SqliteFiles:
    """Files in the test's own folder; the demo bank is the copy of a file."""

    def __init__(self, folder: Path) -> None:
        self._paths = (folder / f"{number}.db" for number in count())

    def new(self) -> str:
        return f"sqlite:///{next(self._paths)}"

    def bank(self) -> str:
        path = next(self._paths)
        shutil.copy(_bank_file(), path)
        return f"sqlite:///{path}"


class PostgresqlServer:
    """A server on which this run may create databases; all of them are dropped again.

    Args:
        url: A database of the server from which others can be created.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._bank = ""

    def create(self, *, template: str = "template0") -> str:
        name = f"secondvoice_test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def bank(self) -> str:
        """The name of a database with the demo bank, from which copies are made."""
        if not self._bank:
            self._bank = self.create()
            _fill(self.url(self._bank))
        return self._bank

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        if self._bank:
            self.drop(self._bank)
        self._admin.dispose()


class PostgresqlDatabases:
    """Databases of one test on the server."""

    def __init__(self, server: PostgresqlServer) -> None:
        self.server = server
        self._names: list[str] = []

    def new(self) -> str:
        return self._created(self.server.create())

    def bank(self) -> str:
        return self._created(self.server.create(template=self.server.bank()))

    def drop_all(self) -> None:
        for name in self._names:
            self.server.drop(name)

    def _created(self, name: str) -> str:
        self._names.append(name)
        return self.server.url(name)


@cache
def _bank_file() -> Path:
    path = Path(_TEMPLATE_FOLDER.name) / "bank.db"
    _fill(f"sqlite:///{path}")
    return path


def _fill(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        load_demo(session)
    engine.dispose()  # The last connection to close a SQLite file writes its log back into it.
