"""Bind a new conversation to the customer whom the bank's token or a contact card names."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.card_links import name_by_card
from bot.casework.cases import contact_for, identify
from bot.errors import NotFoundError, UnavailableError
from bot.gateway.channels import Conversing

logger = logging.getLogger("secondvoice.gateway")


class Customers:
    """Writes into the casework database who is chatting; blocking, for a worker thread.

    Args:
        sessions: Opens a database session.
        now: The clock; aware UTC.
    """

    def __init__(self, sessions: sessionmaker[Session], *, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def bind(self, conversation: Conversing, customer_code: str) -> bool:
        """Bind the conversation's contact to a customer and commit.

        Args:
            conversation: The new conversation.
            customer_code: From a token that was verified.

        Returns:
            False when the bank's own code is unknown to the casework.

        Raises:
            UnavailableError: The database cannot be reached.
        """
        return self._noted(
            conversation,
            lambda session, now: identify(session, conversation.address, customer_code, now),
        )

    def bind_card(self, conversation: Conversing, token: str) -> bool:
        """Note that the conversation was opened with a contact card, and commit.

        Args:
            conversation: The new conversation.
            token: The card's token, as it came.

        Returns:
            False when the card is unknown, expired or revoked; the visitor is served as one.

        Raises:
            UnavailableError: The database cannot be reached.
        """
        return self._noted(
            conversation,
            lambda session, now: name_by_card(
                session, conversation.address, token, language=conversation.language, now=now
            ),
        )

    def _noted(self, conversation: Conversing, note: Callable[[Session, datetime], object]) -> bool:
        now = self._now()
        try:
            with self._sessions.begin() as session:
                contact_for(session, conversation.address, language=conversation.language, now=now)
                note(session, now)
        except NotFoundError:
            logger.warning("customer unknown conversation=%s", conversation.id[:8])
            return False
        except SQLAlchemyError as error:
            raise UnavailableError("The database did not take the customer.") from error
        return True
