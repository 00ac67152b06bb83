"""WhatsApp as a channel: receive, render, push."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.gateway.channels import Heard
from bot.gateway.messages import Message
from bot.gateway.whatsapp.reading import Reader
from bot.notify.message import Message as Owed
from bot.notify.message import Notifier
from bot.notify.whatsapp.rendering import WhatsAppRendering
from bot.notify.whatsapp.sending import SCHEME


class WhatsAppChannel:
    """The channel of the Cloud API.

    Args:
        reader: Reads messages.
        rendering: Makes parts of messages.
        now: The clock, aware.
        notifier: Carries what comes by itself; None in a process that pushes nothing.
    """

    scheme = SCHEME

    def __init__(
        self,
        *,
        reader: Reader,
        rendering: WhatsAppRendering,
        now: Callable[[], datetime],
        notifier: Notifier | None = None,
    ) -> None:
        self._reader = reader
        self._rendering = rendering
        self._now = now
        self._notifier = notifier

    def receive(self, raw: Mapping[str, Any]) -> Heard | None:
        """Read one message out of a webhook whose signature was good.

        Words that cannot be answered as such are heard too, of the kind ``empty`` or ``too_long``:
        in a messenger everything is answered with a message.
        """
        return self._reader.read(raw)

    def render(self, message: Message) -> Sequence[Mapping[str, Any]]:
        """Return the message's parts, as plain values."""
        found = self._rendering.parts(message.model_dump(), now=self._now())
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
