"""One readable log of all parts: on the terminal and in a rotated file."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from rich.console import Console
from rich.text import Text

FILE_BYTES = 5_000_000
FILES_KEPT = 5
LINE_CHARACTERS = 2_000
STYLES = ("cyan", "magenta", "green", "yellow", "blue")

# Colours and cursor movements of the parts, and whatever else could forge a line of the log.
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# `…/module.py:134: DeprecationWarning: …`, then perhaps more of the message, then the source line.
_WARNING = re.compile(r"\S+\.py:\d+: \w*Warning: ")
_WARNING_LINES = 3
# A part's own time of day, which is ours already.
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\s+")


class JoinedLog:
    """Writes lines as ``12:00:03 rasa     what it said``.

    Python warnings of the parts are for developers: they go into the file alone.

    Args:
        console: Where people read; coloured on a terminal only.
        file: The log file; None for none.
        names: The sources, in the order of their colours.
        now: The current time, with its zone.
    """

    def __init__(
        self,
        console: Console,
        *,
        file: Path | None = None,
        names: tuple[str, ...] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._console = console
        self._now = now
        self._width = max((len(name) for name in names), default=0)
        self._styles = {name: STYLES[at % len(STYLES)] for at, name in enumerate(names)}
        self._warnings = {name: _WarningSpotter() for name in names}
        self._file = _handler(file) if file else None

    def line(self, source: str, text: str, *, style: str = "") -> None:
        """Write one line; may be called from any thread.

        Args:
            source: The part that said it.
            text: What it said, as raw as it came.
            style: A colour for the text.
        """
        text = cleaned(text)
        moment = self._now().astimezone()
        name = source.ljust(self._width)
        shown = Text.assemble(
            (f"{moment:%H:%M:%S} ", "dim"), (f"{name} ", self._styles.get(source, "bold")), text
        )
        if style:
            shown.stylize(style, len(shown) - len(text))
        spotter = self._warnings.get(source)
        if spotter is None or not spotter.belongs_to_one(text):
            self._show(shown)
        if self._file is not None:
            message = f"{moment:%Y-%m-%d %H:%M:%S%z} {name} {text}"
            record = logging.LogRecord(source, logging.INFO, "", 0, message, None, None)
            self._file.handle(record)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _show(self, shown: Text) -> None:
        """Print; a terminal that went away must not stop the reading of the output."""
        with contextlib.suppress(OSError, UnicodeEncodeError, SystemExit):
            self._console.print(shown, soft_wrap=True)


def cleaned(text: str) -> str:
    """Take out escape sequences, control characters and a second time of day; limit the length."""
    text = _ESCAPES.sub("", text.rstrip()).expandtabs(4)
    if moment := _TIME.match(text):
        text = text[moment.end() :]
    if len(text) > LINE_CHARACTERS:
        return f"{text[:LINE_CHARACTERS]}… ({len(text)} characters)"
    return text


class _WarningSpotter:
    """Recognises the lines of Python warnings in what one part prints."""

    def __init__(self) -> None:
        self._lines_left = 0

    def belongs_to_one(self, line: str) -> bool:
        """Tell whether this line, the next of its part, belongs to a warning."""
        if _WARNING.match(line):
            self._lines_left = _WARNING_LINES - 1
            return True
        if self._lines_left:
            self._lines_left = 0 if line.startswith("  ") else self._lines_left - 1
            return line.startswith("  ") or self._lines_left > 0
        return False


def _handler(file: Path) -> RotatingFileHandler:
    file.parent.mkdir(parents=True, exist_ok=True)
    return RotatingFileHandler(
        file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
    )
