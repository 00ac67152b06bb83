"""Notification by the log, for trying out and for development."""

from __future__ import annotations

import logging

from bot.notify.message import Message

logger = logging.getLogger("secondvoice.notify")


class ConsoleNotifier:
    """Writes messages to the log, one line each.

    Args:
        show_text: Also write the text, which names the customer. Only for the demo: a log is no
            place for personal data. Links and ids in the body are never written.
    """

    def __init__(self, *, show_text: bool = False) -> None:
        self._show_text = show_text

    def send(self, message: Message) -> None:
        """Write the message to the log."""
        shown = [message.subject, *([message.text] if self._show_text else [])]
        # A line break in customers' words must not look like a log line of ours.
        line = " | ".join(part for text in shown for part in text.splitlines() if part)
        logger.info("to %s: %s", message.recipient, line)
