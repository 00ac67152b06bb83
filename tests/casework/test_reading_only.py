"""Sessions that only read: they wait for no writer and cannot write by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, reading_factory, session_factory
from bot.casework.models import Case
from tests.casework.builders import open_case


@contextmanager
def opened(url: str) -> Iterator[tuple[sessionmaker[Session], sessionmaker[Session]]]:
    """A maker of sessions that write and one of sessions that read, on the same connections."""
    engine = make_engine(url, wait_seconds=0.1)
    try:
        yield session_factory(engine), reading_factory(engine)
    finally:
        engine.dispose()


def cases(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_reader_waits_for_no_writer_and_sees_what_was_committed(url: str) -> None:
    with opened(url) as (writing, reading):
        with writing() as session:
            open_case(session)
            with reading() as reader:
                assert cases(reader) == 0
            session.commit()
        with reading() as reader:
            assert cases(reader) == 1


def test_a_writer_waits_for_no_reader(url: str) -> None:
    with opened(url) as (writing, reading), reading() as reader:
        assert cases(reader) == 0
        with writing.begin() as session:
            open_case(session)
        assert cases(reader) in (0, 1)  # One snapshot on SQLite, one a statement on PostgreSQL.


def test_a_session_that_only_reads_refuses_to_write(url: str) -> None:
    with opened(url) as (_, reading), reading() as reader, pytest.raises(DBAPIError, match="read"):
        open_case(reader)


def test_a_connection_that_was_used_for_reading_may_write_afterwards(url: str) -> None:
    with opened(url) as (writing, reading):
        for _ in range(3):
            with reading() as reader:
                cases(reader)
            with writing.begin() as session:
                open_case(session)
