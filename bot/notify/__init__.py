"""Carrying outbox messages out of the house, one class a method behind one interface."""

from bot.notify.console import ConsoleNotifier
from bot.notify.message import Message, Notifier, method_name
from bot.notify.methods import Methods

__all__ = ["ConsoleNotifier", "Message", "Methods", "Notifier", "method_name"]
