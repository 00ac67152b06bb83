"""Notification by the customer's own chat, which fetches what is written here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.pushes import write_pushed
from bot.errors import DeliveryError, NotFoundError
from bot.notify.message import Message

_SHOWN = ("text", "lang", "buttons", "card")


class ChatNotifier:
    """Writes messages where the gateway finds them for the chat of the recipient's address.

    Args:
        sessions: Makes sessions on the migrated database.
        now: The clock, aware.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sessions = sessions
        self._now = now

    def send(self, message: Message) -> None:
        """Write the message into the chat; one that is there already stays as it is.

        Raises:
            DeliveryError: The database did not take it, or nobody has the address.
        """
        body = {key: message.body.get(key) for key in _SHOWN} | {"text": message.text}
        try:
            with self._sessions.begin() as session:
                write_pushed(
                    session,
                    message.recipient,
                    dedupe_key=message.dedupe_key,
                    body=body,
                    now=self._now(),
                )
        except NotFoundError as error:
            raise DeliveryError(str(error)) from error
        except SQLAlchemyError as error:
            kind = type(error).__name__
            raise DeliveryError(f"The database did not take the message ({kind}).") from error
