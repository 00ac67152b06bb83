from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, migrate, session_factory
from tests.casework.databases import Databases


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def empty(databases: Databases) -> Iterator[Session]:
    """A session on a bank that has imported nothing."""
    url = databases.new()
    migrate(url)
    engine = make_engine(url)
    with session_factory(engine)() as session:
        yield session
    engine.dispose()
