"""Notification by the customer's chat in Telegram."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.messenger_chats import note_blocked
from bot.casework.pushes import pushed_already, write_pushed
from bot.errors import BlockedError, DeliveryError, NotFoundError, UndeliverableError
from bot.notify.message import Message
from bot.notify.messengers.parts import Part, Rendering
from bot.notify.telegram.sending import Sender, close_bot, make_bot

logger = logging.getLogger("secondvoice.notify")

SCHEME = "telegram"


class TelegramChatNotifier:
    """Sends messages to chats of Telegram; what has arrived is noted and not sent again.

    Args:
        sessions: Makes sessions on the migrated database.
        token: The bot's token.
        api_url: Address of the Bot API.
        rendering: Makes parts of messages.
        now: The clock, aware.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        *,
        token: str,
        api_url: str,
        rendering: Rendering,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sessions = sessions
        self._token = token
        self._api_url = api_url
        self._rendering = rendering
        self._now = now

    def send(self, message: Message) -> None:
        """Send the message part by part.

        Raises:
            DeliveryError: Not this time.
            UndeliverableError: The customer has blocked us, or Telegram will never take it.
        """
        chat = chat_number(message.recipient)
        parts = self._rendering.parts({**message.body, "text": message.text}, now=self._now())
        try:
            asyncio.run(self._send_parts(chat, parts, message))
        except BlockedError:
            self._note_blocked(message.recipient)
            raise
        except NotFoundError as error:
            raise UndeliverableError(str(error)) from error
        except SQLAlchemyError as error:
            kind = type(error).__name__
            raise DeliveryError(f"The database did not take the message ({kind}).") from error

    async def _send_parts(self, chat: int, parts: list[Part], message: Message) -> None:
        bot = make_bot(self._token, self._api_url)
        try:
            for number, part in enumerate(parts):
                key = f"{message.dedupe_key}#{number}"
                if not self._arrived(key):
                    await Sender(bot).send(chat, part)
                    self._note_arrived(message.recipient, key)
        finally:
            await close_bot(bot)

    def _arrived(self, key: str) -> bool:
        with self._sessions() as session:
            return pushed_already(session, key)

    def _note_arrived(self, address: str, key: str) -> None:
        """Note a part that has arrived; that this fails is no reason to send it a second time."""
        try:
            with self._sessions.begin() as session:
                write_pushed(session, address, dedupe_key=key, body={}, now=self._now())
        except SQLAlchemyError as error:
            logger.error("a part that arrived was not noted: %s", type(error).__name__)

    def _note_blocked(self, address: str) -> None:
        try:
            with self._sessions.begin() as session:
                note_blocked(session, address, now=self._now())
        except SQLAlchemyError as error:
            logger.error("a blocked chat was not noted: %s", type(error).__name__)


def chat_number(address: str) -> int:
    """Return the number of a Telegram chat.

    Args:
        address: Such as ``telegram:12345``.

    Raises:
        UndeliverableError: It is no such address.
    """
    try:
        return int(address.removeprefix(f"{SCHEME}:"))
    except ValueError as error:
        raise UndeliverableError("This is no address of a Telegram chat.") from error
