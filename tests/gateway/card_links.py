"""Cards for the tests of the gateway: made in the database that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.casework.card_links import issue_link, revoke_links
from bot.casework.care import customer_by_code
from bot.casework.database import make_engine, session_factory
from bot.settings import Settings

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def bank_of(settings: Settings) -> Iterator[Session]:
    """A session on the gateway's database, committed at the end."""
    engine = make_engine(settings.effective_database_url)
    with session_factory(engine).begin() as session:
        yield session
    engine.dispose()


def new_card(
    settings: Settings, customer: str = "C-1001", *, expired: bool = False, revoked: bool = False
) -> str:
    """Make a card and return its token."""
    now = LONG_AGO if expired else datetime.now(UTC)
    with bank_of(settings) as session:
        link = issue_link(session, customer_by_code(session, customer), days=365, now=now)
        if revoked:
            revoke_links(session, link.token, now=datetime.now(UTC))
        return link.token
