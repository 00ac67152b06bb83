"""Which chat an address belongs to: the one place where its scheme decides."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import DeliveryError
from bot.notify.message import Message, Notifier


class ChatsNotifier:
    """Hands a message for a chat to the notifier of the address's scheme.

    Args:
        by_scheme: Notifiers by scheme, such as ``web`` and ``telegram``.
    """

    def __init__(self, by_scheme: Mapping[str, Notifier]) -> None:
        self._by_scheme = dict(by_scheme)

    def send(self, message: Message) -> None:
        """Send the message into its chat.

        Raises:
            DeliveryError: Not this time, or no such chat is connected.
        """
        scheme = message.recipient.partition(":")[0]
        notifier = self._by_scheme.get(scheme)
        if notifier is None:
            raise DeliveryError(
                f'No chat of the kind "{scheme}" is connected; see docs/settings.md.'
            )
        notifier.send(message)
