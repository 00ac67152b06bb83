from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, session_factory
from tests.casework.databases import (
    SERVER,
    SERVER_MISSING,
    Databases,
    PostgresqlDatabases,
    PostgresqlServer,
    SqliteFiles,
    postgresql_required,
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give all tests that miss PostgreSQL one place, so that the summary says it in one line."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if SERVER_MISSING in reason:
            report.longrepr = (__file__, 1, reason)
    return report


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    url = os.environ.get(SERVER)
    if not url:
        if postgresql_required():
            pytest.fail(f"SECONDVOICE_TEST_REQUIRE names it, but {SERVER_MISSING}", pytrace=False)
        pytest.skip(SERVER_MISSING)
    server = PostgresqlServer(url)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """The databases of one test, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield SqliteFiles(tmp_path)
        return
    made = PostgresqlDatabases(request.getfixturevalue("postgresql_server"))
    yield made
    made.drop_all()


@pytest.fixture
def url(databases: Databases) -> str:
    """The URL of a database with the demo bank."""
    return databases.bank()


@pytest.fixture
def sessions(url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions on the demo bank."""
    engine = make_engine(url)
    yield session_factory(engine)
    engine.dispose()
