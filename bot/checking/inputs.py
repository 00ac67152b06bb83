"""Where texts to check come from: the command line, text files, CSV, JSON lines, mail."""

from __future__ import annotations

import csv
import email
import email.policy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.errors import DataError


@dataclass(frozen=True)
class Item:
    """One text to check.

    Args:
        id: The input's own id, or the number of its line.
        text: The text.
    """

    id: str | int
    text: str


@dataclass(frozen=True)
class Unusable:
    """One line that could not be used: ``path:line: problem``."""

    problem: str


Read = Iterator[Item | Unusable]


def read_file(path: Path, *, column: str | None = None) -> Read:
    """Yield every text of a file, by its ending; a bad line costs that line only.

    Args:
        path: ``.jsonl`` (a ``text`` a line), ``.csv`` (needs ``column``), ``.eml`` (one mail), or
            anything else as plain text with one text a line.
        column: The CSV column that holds the text.

    Raises:
        DataError: The file cannot be read at all.
    """
    try:
        if path.suffix == ".eml":
            yield _mail(path)
            return
        # Bytes that are no UTF-8 become visible marks, so that one bad line loses no other one.
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            yield from _reader(path.suffix)(file, str(path), column)
    except OSError as error:
        raise DataError([f"{path}: cannot be read: {error.strerror}"]) from error


def read_lines(file: TextIO, name: str, _column: str | None = None) -> Read:
    """Yield one text a line; blank lines are passed over."""
    for number, line in enumerate(file, start=1):
        if "\ufffd" in line:
            yield Unusable(f"{name}:{number}: is not UTF-8 text")
        elif line.strip():
            yield Item(number, line.strip())


def _reader(suffix: str) -> Callable[[TextIO, str, str | None], Read]:
    return {".jsonl": _json_lines, ".csv": _table}.get(suffix, read_lines)


def _json_lines(file: TextIO, name: str, _column: str | None) -> Read:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except ValueError as error:
            yield Unusable(f"{name}:{number}: is not JSON: {error}")
            continue
        text = document.get("text") if isinstance(document, dict) else None
        if not isinstance(text, str) or "\ufffd" in line:
            yield Unusable(f"{name}:{number}: needs an object with a string `text` in UTF-8")
            continue
        given = document.get("id")
        yield Item(given if isinstance(given, (str, int)) else number, text)


def _table(file: TextIO, name: str, column: str | None) -> Read:
    rows = csv.DictReader(file)
    columns = list(rows.fieldnames or [])
    wanted = column or "text"
    if wanted not in columns:
        known = ", ".join(columns) or "none"
        raise DataError([f"{name}:1: has no column {wanted!r}; name one with --column ({known})"])
    for row in rows:
        text = row.get(wanted)
        if text is None or "\ufffd" in text:
            yield Unusable(f"{name}:{rows.line_num}: has no usable {wanted!r}")
        elif text.strip():
            yield Item(row.get("id") or rows.line_num, text)


def _mail(path: Path) -> Item:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    content = body.get_content() if body is not None else ""
    return Item(1, f"{message.get('subject', '')}\n{content}".strip())
