"""Notification by any service that Apprise knows, such as mail, SMS gateways or messengers."""

from __future__ import annotations

import logging
import re
import threading
from functools import cache
from typing import Any

from bot.errors import DeliveryError
from bot.notify.message import Message, method_name

MOST_TARGETS = 5
#: Seconds that the targets of one method may take together, less than a worker's lease.
ALL_TARGETS_SECONDS = 40.0
READ_SECONDS = 10.0
SLOW_DOWN = 429
SLOW_DOWN_SECONDS = 30.0

#: What reaches nobody but this machine: a pop-up window or its log.
_LOCAL = frozenset(("dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"))
_STATUS = re.compile(r"\berror=([1-5][0-9]{2})\b")


class AppriseNotifier:
    """Sends messages by one Apprise URL.

    Args:
        method: The URL; it holds passwords and is told to nobody.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._scheme = method_name(method)

    def send(self, message: Message) -> None:
        """Send the message to every target of the URL.

        Raises:
            DeliveryError: A target did not take it, or nothing carries such a URL.
        """
        # A service object keeps state of its sending, so every message gets its own.
        service = _service(self._method)
        if service is None:
            raise DeliveryError(
                f'Apprise cannot read the method "{self._scheme}"; correct the person\'s "notify".'
            )
        headers = getattr(service, "headers", None)
        if isinstance(headers, dict):
            headers.setdefault("Idempotency-Key", message.dedupe_key)
        with _Listening() as status:
            delivered = service.notify(
                title=message.subject, body=message.text, body_format=_apprise().NotifyFormat.TEXT
            )
        if not delivered:
            raise self._failure(status.code)

    def _failure(self, code: int | None) -> DeliveryError:
        answer = f"answered {code}" if code else "did not take it"
        # Apprise keeps the receiver's Retry-After to itself.
        asked = SLOW_DOWN_SECONDS if code == SLOW_DOWN else None
        return DeliveryError(f"{self._scheme}: the receiver {answer}.", retry_after=asked)


def problem_with(method: str) -> str:
    """Return what is wrong with a method URL, without repeating it; empty where it can be used.

    Args:
        method: The URL as a person's ``notify`` has it.
    """
    scheme = method_name(method)
    if scheme in _LOCAL:
        return f"({scheme}) reaches nobody but the machine it runs on"
    service = _service(method)
    if service is None:
        return f"({scheme}) is no URL that Apprise can read"
    if _targets(service) > MOST_TARGETS:
        return f"({scheme}) has more than {MOST_TARGETS} targets; write them as several methods"
    return ""


def _service(method: str) -> Any:
    """Return what sends by a URL, with its waiting bounded; None where nothing carries it."""
    apprise = _apprise()
    service = apprise.Apprise.instantiate(method, suppress_exceptions=True)
    if service is None:
        return None
    # Retries are ours, and so is the patience: the URL may ask for more than a lease lasts.
    service.retry = 0
    patience = ALL_TARGETS_SECONDS / 2 / min(_targets(service), MOST_TARGETS)
    service.socket_connect_timeout = min(service.socket_connect_timeout, patience)
    if service.socket_read_timeout == apprise.URLBase.socket_read_timeout:
        service.socket_read_timeout = READ_SECONDS  # Its own is short for a gateway under load.
    service.socket_read_timeout = min(service.socket_read_timeout, patience)
    if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
        service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def _targets(service: Any) -> int:
    return max(len(service), 1)


@cache
def _apprise() -> Any:
    """Import Apprise at first use: it takes a fifth of a second, and many banks need none of it."""
    import apprise

    log = logging.getLogger("apprise")
    # Its lines name hosts, addresses and answers. Here they are heard, but told to nobody.
    log.propagate = False
    log.setLevel(logging.WARNING)
    log.addHandler(_Ears())
    return apprise


class _Listening:
    """Listens to what Apprise says in this thread; keeps the last status code and nothing else."""

    _here = threading.local()

    def __init__(self) -> None:
        self.code: int | None = None

    def __enter__(self) -> _Listening:
        type(self)._here.listener = self
        return self

    def __exit__(self, *_: object) -> None:
        type(self)._here.listener = None

    @classmethod
    def hear(cls, line: str) -> None:
        """Note the status code in a line of the log."""
        listener = getattr(cls._here, "listener", None)
        found = _STATUS.search(line)
        if listener is not None and found:
            listener.code = int(found[1])


class _Ears(logging.Handler):
    """Passes Apprise's log lines to who listens in the same thread."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hear one line."""
        _Listening.hear(record.getMessage())
