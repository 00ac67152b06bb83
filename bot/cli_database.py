"""The one transaction in which a command of the bank's desk reads or writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.settings import get_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@contextmanager
def transaction(*, writing: bool = False) -> Iterator[Session]:
    """Open one transaction: all of it is kept, or none.

    Args:
        writing: Whether it writes; reading alone keeps nobody else from writing.

    Raises:
        UnavailableError: The database cannot be reached, or is of another revision.
    """
    # Other commands answer sooner without SQLAlchemy.
    from bot.casework.database import (
        check_migrated,
        make_engine,
        reading_factory,
        session_factory,
    )

    settings = get_settings()
    url = settings.effective_database_url
    check_migrated(url)
    engine = make_engine(url)
    try:
        factory = session_factory if writing else reading_factory
        with factory(engine, tiers=settings.tiers).begin() as session:
            yield session
    finally:
        engine.dispose()
