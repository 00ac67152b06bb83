"""Telegram as a channel: receive, render, push."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot, Update

from bot.gateway.channels import Heard
from bot.gateway.messages import Message
from bot.gateway.telegram.reading import Reader
from bot.notify.message import Message as Owed
from bot.notify.message import Notifier
from bot.notify.messengers.parts import Rendering
from bot.notify.telegram_chat import SCHEME


class TelegramChannel:
    """The channel of the Bot API.

    Args:
        bot: The bot, for reading updates from JSON.
        reader: Reads updates.
        rendering: Makes parts of messages.
        now: The clock, aware.
        notifier: Carries what comes by itself; None in a process that pushes nothing.
    """

    scheme = SCHEME

    def __init__(
        self,
        bot: Bot,
        *,
        reader: Reader,
        rendering: Rendering,
        now: Callable[[], datetime],
        notifier: Notifier | None = None,
    ) -> None:
        self.rendering = rendering
        self._bot = bot
        self._reader = reader
        self._now = now
        self._notifier = notifier

    def receive(self, raw: Any) -> Heard | None:
        """Read an update, as JSON or as the library's object.

        Words that cannot be answered as such are heard too, of the kind ``empty`` or ``too_long``:
        in a messenger everything is answered with a message.
        """
        update = raw if isinstance(raw, Update) else Update.de_json(raw, self._bot)
        return self._reader.read(update)

    def render(self, message: Message) -> Sequence[Mapping[str, Any]]:
        """Return the message's parts, as plain values."""
        found = self.rendering.parts(message.model_dump(), now=self._now())
        return [part.to_dict() for part in found]

    def push(self, message: Owed) -> None:
        """Send the message to the chat of its recipient.

        Raises:
            DeliveryError: Not this time.
            UndeliverableError: Never.
        """
        if self._notifier is None:
            raise TypeError("This process pushes nothing; give the channel a notifier.")
        self._notifier.send(message)
