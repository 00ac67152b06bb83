"""Opening the database: engine, sessions, and the migrations that shape it."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.locks import one_at_a_time
from bot.casework.models.customers import TIERS
from bot.casework.tiers import DEFAULT_TIERS, Tiers
from bot.errors import UnavailableError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
CONNECT_SECONDS = 5
MIGRATION_SECONDS = 120
_SWITCH_PAUSE_SECONDS = 0.02
_READS_ONLY = "secondvoice_reads_only"


def make_engine(url: str, *, wait_seconds: float = BUSY_SECONDS) -> Engine:
    """Open a database.

    Args:
        url: SQLAlchemy URL; a SQLite file and its folder are made where they are missing.
        wait_seconds: How long a SQLite writer waits for another one.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _server_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": wait_seconds})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        _prepare_sqlite(connection, wait_seconds=wait_seconds)

    event.listen(engine, "begin", _begin_sqlite)
    return engine


def session_factory(engine: Engine, *, tiers: Tiers = DEFAULT_TIERS) -> sessionmaker[Session]:
    """Return the maker of sessions; what was read stays readable after the commit.

    Args:
        engine: The database.
        tiers: The bank's bounds, by which its customers' tiers are told in these sessions.
    """
    return sessionmaker(engine, expire_on_commit=False, info={TIERS: tiers})


def reading_factory(engine: Engine, *, tiers: Tiers = DEFAULT_TIERS) -> sessionmaker[Session]:
    """Return the maker of sessions that only read: they wait for no writer, and refuse to write.

    Args:
        engine: The database.
        tiers: The bank's bounds, as for sessions that write.
    """
    reading = engine.execution_options(**{_READS_ONLY: True, "postgresql_readonly": True})
    return session_factory(reading, tiers=tiers)


def migrate(url: str) -> None:
    """Bring the database to the newest revision; does nothing where it is there already.

    Of several processes that start together one migrates and the others wait for it.

    Args:
        url: SQLAlchemy URL.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            one_at_a_time(connection, "migrate", patience=MIGRATION_SECONDS)
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def check_migrated(url: str) -> None:
    """Make sure that the database can be reached and has the newest revision.

    Args:
        url: SQLAlchemy URL.

    Raises:
        UnavailableError: The database is down, empty or of another revision.
    """
    wanted = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    shown = make_url(url).render_as_string(hide_password=True)
    try:
        found = _revision(url)
    except (SQLAlchemyError, OSError) as error:
        kind = type(error).__name__
        raise UnavailableError(f"{shown}: the database cannot be reached ({kind}).") from error
    if found != wanted:
        raise UnavailableError(
            f"{shown}: the database has revision {found or 'none'}, this version needs {wanted}; "
            "run the database migration first."
        )


def _revision(url: str) -> str | None:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _alembic_config() -> Config:
    """Configure Alembic in Python, so that an installed package needs no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _server_engine(url: URL) -> Engine:
    """Open a database on a server; neither a dead server nor a lock is waited for without end."""
    if url.get_backend_name() != "postgresql":
        return create_engine(url, pool_pre_ping=True)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options = f"{url.query.get('options', '')} -c lock_timeout={BUSY_SECONDS * 1000}".strip()
    return create_engine(
        url,
        pool_pre_ping=True,
        # Who waited for a lock must then see what the other has written.
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": options},
    )


def _prepare_sqlite(connection: sqlite3.Connection, *, wait_seconds: float) -> None:
    """Set up each new SQLite connection."""
    # The driver's own transaction handling begins too late and without a lock; ours is below.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor, wait_seconds=wait_seconds)
    cursor.execute("PRAGMA foreign_keys = ON")
    # "Your manager has been told" must still be true after a power cut, hence FULL.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor, *, wait_seconds: float) -> None:
    """Turn on the write-ahead log, which a new file takes only while nobody writes to it.

    SQLite's own waiting does not cover this switch: it is refused at once while another process,
    started at the same moment, holds the write lock.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_SWITCH_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: a read that later turns into a write cannot wait for it.

    Where nothing will be written, the lock is left to others, and a write is an error.
    """
    reads_only = connection.get_execution_options().get(_READS_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
