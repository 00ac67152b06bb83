"""The parts that actions use, wired in one place and made at first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import Bank, load_bank
from bot.casework.database import make_engine, session_factory
from bot.recognition import Recogniser
from bot.settings import get_settings


@dataclass(frozen=True)
class Services:
    """What an action may call.

    Args:
        sessions: Opens a database session.
        recogniser: Assesses texts.
        bank: Names and numbers that may be said.
        now: The clock, aware UTC.
    """

    sessions: sessionmaker[Session]
    recogniser: Recogniser
    bank: Bank
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def warm_up(self) -> None:
        """Do at start what would make the first customer wait."""
        self.recogniser.assess("warm up")
        with self.sessions() as session:
            session.execute(text("select 1"))


@lru_cache(maxsize=1)
def get_services() -> Services:
    """Return the services of this process."""
    settings = get_settings()
    # A customer who waits for a busy store needs counsel before the gateway stops waiting for us.
    patience = settings.answer_seconds / 2
    engine = make_engine(settings.effective_database_url, wait_seconds=patience)
    return Services(
        sessions=session_factory(engine),
        recogniser=Recogniser.load(settings.models_dir / "recogniser.npz"),
        bank=load_bank(settings.bank_file),
    )
