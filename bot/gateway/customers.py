"""Bind a new conversation to the customer whom the bank's token names."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import contact_for, identify
from bot.errors import NotFoundError, UnavailableError
from bot.gateway.tokens import Conversation

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

    def bind(self, conversation: Conversation, customer_code: str) -> bool:
        """Bind the conversation's contact to a customer and commit.

        Args:
            conversation: The new conversation.
            customer_code: From a token that was verified.

        Returns:
            False when the bank's own code is unknown to the casework.

        Raises:
            UnavailableError: The database cannot be reached.
        """
        now = self._now()
        try:
            with self._sessions.begin() as session:
                contact_for(session, conversation.address, language=conversation.language, now=now)
                identify(session, conversation.address, customer_code, now)
        except NotFoundError:
            logger.warning("customer unknown conversation=%s", conversation.id[:8])
            return False
        except SQLAlchemyError as error:
            raise UnavailableError("The database did not take the customer.") from error
        return True
