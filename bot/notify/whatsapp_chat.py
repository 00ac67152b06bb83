"""Notification by the customer's chat in WhatsApp."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.pushes import pushed_already, write_pushed
from bot.casework.received import last_heard
from bot.errors import DeliveryError, NotFoundError, UndeliverableError
from bot.notify.message import Message
from bot.notify.messengers.parts import Part
from bot.notify.whatsapp.locales import template_code
from bot.notify.whatsapp.refusals import closed_window
from bot.notify.whatsapp.rendering import WhatsAppRendering
from bot.notify.whatsapp.sending import SCHEME, CloudApi, identity_of

logger = logging.getLogger("secondvoice.notify")

WINDOW = timedelta(hours=24)
"""After the customer's last message WhatsApp takes any message for so long, and then templates
only (Meta's customer service window)."""
_MARGIN = timedelta(minutes=1)


class WhatsAppChatNotifier:
    """Sends messages to chats of WhatsApp; what has arrived is noted and not sent again.

    Args:
        sessions: Makes sessions on the migrated database.
        api: Makes the connection to the Cloud API, one for each message.
        rendering: Makes parts of messages.
        template: Name of the template for those who have not written for a day; empty: none.
        now: The clock, aware.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        *,
        api: Callable[[], CloudApi],
        rendering: WhatsAppRendering,
        template: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sessions = sessions
        self._api = api
        self._rendering = rendering
        self._template = template
        self._now = now

    def send(self, message: Message) -> None:
        """Send the message part by part, or in a template where nothing else is taken.

        Raises:
            DeliveryError: Not this time.
            UndeliverableError: The customer has not written for a day and there is no template, or
                WhatsApp will never take it.
        """
        identity = identity_of(message.recipient)
        try:
            asyncio.run(self._send(identity, message))
        except NotFoundError as error:
            raise UndeliverableError(str(error)) from error
        except SQLAlchemyError as error:
            kind = type(error).__name__
            raise DeliveryError(f"The database did not take the message ({kind}).") from error

    async def _send(self, identity: str, message: Message) -> None:
        api = self._api()
        try:
            if self._open(message.recipient):
                await self._send_parts(api, identity, message)
            elif self._template:
                await self._send_template(api, identity, message)
            else:
                raise closed_window()
        finally:
            await api.close()

    async def _send_parts(self, api: CloudApi, identity: str, message: Message) -> None:
        parts = self._rendering.parts({**message.body, "text": message.text}, now=self._now())
        for number, part in enumerate(parts):
            key = f"{message.dedupe_key}#{number}"
            if not self._arrived(key):
                await api.send(identity, part, key=message.dedupe_key)
                self._note_arrived(message.recipient, key)

    async def _send_template(self, api: CloudApi, identity: str, message: Message) -> None:
        key = f"{message.dedupe_key}#template"
        if self._arrived(key) or self._arrived(f"{message.dedupe_key}#0"):
            return
        parts = self._rendering.parts({**message.body, "text": message.text}, now=self._now())
        await api.send_template(
            identity,
            self._template,
            code=template_code(str(message.body.get("lang") or "")),
            text=_in_words(parts),
            key=message.dedupe_key,
        )
        self._note_arrived(message.recipient, key)

    def _open(self, address: str) -> bool:
        with self._sessions() as session:
            heard = last_heard(session, SCHEME, address)
        return heard is not None and self._now() - heard < WINDOW - _MARGIN

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


def _in_words(parts: list[Part]) -> str:
    """Return what is said as one text: a template carries neither buttons nor a contact."""
    said = [part.text for part in parts if part.text]
    titles = [title for part in parts for title in part.buttons]
    return " ".join([*said, *([f"({' / '.join(titles)})"] if titles else [])])
