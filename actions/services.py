"""The parts that actions use, wired in one place and made at first use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import Bank, load_bank
from bot.casework.database import make_engine, session_factory
from bot.casework.identity import WordKeeper
from bot.casework.packets import prepare, rail_packs
from bot.casework.policy import configured_policy
from bot.links import Links
from bot.recognition import Recogniser
from bot.recovery import RailPacks
from bot.settings import get_settings

logger = logging.getLogger("secondvoice.actions")


@dataclass(frozen=True)
class Services:
    """What an action may call.

    Args:
        sessions: Opens a database session.
        recogniser: Assesses texts.
        bank: Names and numbers that may be said.
        now: The clock, aware UTC.
        links: Signs the addresses of our pages; None gives nobody one.
        words: Makes the words by which a customer knows his manager; None makes none.
        packs: Returns what is known of the payment rails.
    """

    sessions: sessionmaker[Session]
    recogniser: Recogniser
    bank: Bank
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    links: Links | None = None
    words: WordKeeper | None = None
    packs: Callable[[], RailPacks] = rail_packs

    def warm_up(self) -> None:
        """Do at start what would make the first customer wait.

        Raises:
            DataError: The bank's country has no payment rails here.
            ConfigurationError: The escalation policy cannot be used.
        """
        self.recogniser.assess("warm up")
        prepare(self.bank)
        configured_policy()  # A bad file is better found at start than in an emergency.
        try:
            with self.sessions() as session:
                session.execute(text("select 1"))
        except SQLAlchemyError as error:
            # Counsel needs no store; customers are told that nobody has been told.
            logger.error("the store is away at start: %s", type(error).__name__)


@lru_cache(maxsize=1)
def get_services() -> Services:
    """Return the services of this process."""
    settings = get_settings()
    # A customer who waits for a busy store needs counsel before the gateway stops waiting for us.
    patience = settings.answer_seconds / 2
    engine = make_engine(settings.effective_database_url, wait_seconds=patience)
    return Services(
        sessions=session_factory(engine, tiers=settings.tiers),
        recogniser=Recogniser.load(settings.models_dir / "recogniser.npz"),
        bank=load_bank(settings.bank_file),
        words=WordKeeper(settings.key("vault_key")),
        links=Links(
            key=settings.key("secret_key"),
            base_url=settings.effective_public_url,
            now=lambda: datetime.now(UTC),
        ),
    )
