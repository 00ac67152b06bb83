"""Which class carries which method."""

from __future__ import annotations

from bot.errors import ConfigurationError
from bot.notify.console import ConsoleNotifier
from bot.notify.message import Notifier, method_name


def notifier_for(method: str, *, show_text: bool = False) -> Notifier:
    """Return the notifier of a method.

    Args:
        method: ``console`` or a method URL.
        show_text: Let the console method write the whole text, for the demo.

    Raises:
        ConfigurationError: Nothing carries this method.
    """
    if method == "console":
        return ConsoleNotifier(show_text=show_text)
    raise ConfigurationError(
        f'No notifier carries the method "{method_name(method)}"; correct the managers\' "notify".'
    )
