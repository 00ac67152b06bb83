from __future__ import annotations

import socket
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.casework.base import Base
from bot.casework.cases import case_for
from bot.casework.database import _alembic_config, check_migrated, make_engine, migrate
from bot.casework.models import Case, Contact, Customer
from bot.errors import UnavailableError
from tests.casework.builders import EVENING, WEB, open_case
from tests.casework.databases import Databases


def test_migrations_lead_exactly_to_the_models(databases: Databases) -> None:
    url = databases.new()
    migrate(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing_and_then_the_check_is_content(
    databases: Databases,
) -> None:
    url = databases.new()
    migrate(url)
    migrate(url)
    check_migrated(url)


def test_the_folder_of_a_sqlite_file_is_made_where_it_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'folder' / 'a.db'}"
    migrate(url)
    check_migrated(url)


def test_an_empty_database_is_refused_with_what_to_do(databases: Databases) -> None:
    with pytest.raises(UnavailableError, match="run the database migration first"):
        check_migrated(databases.new())


def test_an_unreachable_file_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="cannot be reached"):
        check_migrated(f"sqlite:///{tmp_path / 'file' / 'a.db'}")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_an_unreachable_server_is_named_without_its_password(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Nobody listens on a port that is only bound.
        url = f"{scheme}://desk:hunter2@127.0.0.1:{taken.getsockname()[1]}/bank"
        with pytest.raises(UnavailableError, match=r"desk:\*\*\*@.*cannot be reached") as caught:
            check_migrated(url)
    assert "hunter2" not in str(caught.value)


def test_a_migration_can_be_taken_back_completely(databases: Databases) -> None:
    url = databases.new()
    migrate(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_a_migration_that_breaks_off_leaves_nothing_behind(databases: Databases) -> None:
    url = databases.new()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE escalations (id INTEGER)"))
    with pytest.raises(Exception, match=r'escalations"? already exists'):
        migrate(url)
    assert inspect(engine).get_table_names() == ["escalations"]
    engine.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_sqlite_runs_with_write_ahead_log_foreign_keys_and_patience(session: Session) -> None:
    pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
    values = [session.scalar(text(f"PRAGMA {pragma}")) for pragma in pragmas]
    assert values == ["wal", 1, 10_000, 2]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_postgresql_waits_for_locks_as_long_as_sqlite_and_reads_what_is_committed(
    session: Session,
) -> None:
    settings = ("lock_timeout", "transaction_isolation")
    values = [session.scalar(text(f"SHOW {setting}")) for setting in settings]
    assert values == ["10s", "read committed"]


def test_a_naive_time_is_refused(session: Session) -> None:
    session.add(Contact(address=WEB, language="zh", created=datetime(2024, 3, 14, 20)))
    with pytest.raises(StatementError, match="no time zone"):
        session.flush()


def test_a_time_of_another_zone_comes_back_as_the_same_moment_in_utc(session: Session) -> None:
    beijing = EVENING.astimezone(timezone(timedelta(hours=8)))
    session.add(Contact(address=WEB, language="zh", created=beijing))
    session.commit()
    session.expire_all()
    contact = session.scalars(select(Contact)).one()
    assert contact.created == EVENING
    assert contact.created.utcoffset() == timedelta(0)


def test_an_amount_comes_back_to_the_fen_and_is_never_rounded(session: Session) -> None:
    customer = session.scalars(select(Customer).where(Customer.code == "C-2003")).one()
    assert customer.average_daily_balance == Decimal("36500.50")
    customer.average_daily_balance = Decimal("0.001")
    with pytest.raises(StatementError, match="fraction of a fen"):
        session.flush()


def test_the_database_itself_refuses_a_second_open_case_of_a_contact(session: Session) -> None:
    case = case_for(session, WEB, language="zh", now=EVENING)
    twin = Case(reference="SV-TWIN22", contact=case.contact, opened=EVENING, updated=EVENING)
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_unknown_words_and_lost_parents(session: Session) -> None:
    open_case(session)
    session.commit()
    for statement in (
        "UPDATE cases SET level = 'certain'",
        "UPDATE cases SET contact_id = 999",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))
