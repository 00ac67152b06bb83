"""What WhatsApp does with an answer: it is sent, and what it answers is marked as read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.casework.received import Waiting
from bot.gateway.messages import Message
from bot.gateway.messengers.chats import Chats
from bot.gateway.messengers.conversing import Replies, Saying
from bot.notify.messengers.parts import Part
from bot.notify.whatsapp.refusals import closed_window
from bot.notify.whatsapp.sending import CloudApi, identity_of
from bot.notify.whatsapp_chat import WINDOW


class InWhatsApp:
    """Sends answers and marks messages as read; buttons cannot be taken away there.

    Args:
        api: Reaches the Cloud API.
        chats: Knows when the customer wrote last.
        conversing: Has the words for a late press.
        now: The clock, aware.
    """

    def __init__(
        self, api: CloudApi, *, chats: Chats, conversing: Replies, now: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._chats = chats
        self._conversing = conversing
        self._now = now

    async def send(self, message: Waiting, part: Part) -> None:
        """Send one part.

        Raises:
            ClosedWindowError: The customer has not written for 24 hours.
        """
        if self._now() - message.received > WINDOW:
            last = await self._chats.last_heard(message.address)
            if last is None or self._now() - last > WINDOW:
                raise closed_window()
        await self._api.send(identity_of(message.address), part)

    def show(
        self,
        heard: Mapping[str, Any],
        *,
        counts: bool,  # noqa: ARG002 - every press is answered in words here
        keyboard: int | None,  # noqa: ARG002 - as the contract of messengers has it
        language: str,  # noqa: ARG002 - nothing is said here
    ) -> Iterator[Coroutine[Any, Any, None]]:
        """Mark the message as read, and show that an answer is written."""
        yield self._api.read(heard["detail"]["message"], typing=True)

    def late(self, language: str) -> Saying:
        """Say that the question is over: there is no other place to say it."""
        text = self._conversing.text(language, "late")
        return Saying(messages=(Message(text=text, lang=language),), language=language)
