"""Where texts to check come from: text files, CSV, JSON lines, mail, Telegram's chat export.

WhatsApp's export needs no reader of its own: it is a text file with a message a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from bot.checking.chats import read_telegram
from bot.checking.items import Item, Read, Unusable
from bot.checking.lines import Advance, Line, read_lines
from bot.checking.mail import read_mail
from bot.checking.tables import read_table
from bot.errors import DataError

#: Endings that say what a file holds; any other file is plain text.
FILE_ENDINGS = frozenset({".txt", ".csv", ".jsonl", ".eml", ".json"})


def read_file(path: Path, *, column: str | None, encoding: str, advance: Advance) -> Read:
    """Yield every text of a file, by its ending; a bad line costs that line only.

    Args:
        path: ``.jsonl`` (an object with ``text`` a line), ``.csv``, ``.eml`` (one mail), ``.json``
            (a chat that Telegram has exported), or anything else as a text a line.
        column: The CSV column that holds the text.
        encoding: Of text, CSV and JSON lines.
        advance: Is told of the bytes that have been read.

    Raises:
        DataError: The file cannot be read at all.
    """
    ending = path.suffix.lower()
    try:
        with path.open("rb") as file:
            if ending == ".eml":
                yield from read_mail(file, str(path))
            elif ending == ".json":
                yield from read_telegram(file, str(path))
            else:
                lines = read_lines(file, str(path), encoding=encoding, advance=advance)
                yield from _by_ending(ending, lines, str(path), column)
    except OSError as error:
        raise DataError([f"{path}: cannot be read: {error.strerror}"]) from error


def read_standard_input(
    file: BinaryIO, *, column: str | None, encoding: str, advance: Advance
) -> Read:
    """Yield every text of standard input: CSV where a column is named, else by its first line.

    Args:
        file: Standard input, in bytes.
        column: The CSV column that holds the text.
        encoding: Of the input.
        advance: Is told of the bytes that have been read.
    """
    name = "standard input"
    lines = read_lines(file, name, encoding=encoding, advance=advance)
    if column is not None:
        yield from read_table(lines, name, column=column)
        return
    first = next(lines, None)
    if first is not None:
        ending = ".jsonl" if _has_text(first.text) else ".txt"
        yield from _by_ending(ending, _chained(first, lines), name, column)


def _by_ending(ending: str, lines: Iterator[Line], name: str, column: str | None) -> Read:
    if ending == ".jsonl":
        return _json_lines(lines, name)
    if ending == ".csv":
        return read_table(lines, name, column=column or "text")
    return _text_lines(lines, name)


def _text_lines(lines: Iterable[Line], name: str) -> Read:
    for line in lines:
        if line.problem:
            yield Unusable(f"{name}:{line.number}: {line.problem}")
        elif line.text.strip():
            yield Item(line.number, line.text.rstrip("\r\n"))


def _json_lines(lines: Iterable[Line], name: str) -> Read:
    for line in lines:
        if line.problem:
            yield Unusable(f"{name}:{line.number}: {line.problem}")
        elif line.text.strip():
            yield _json_line(line, name)


def _json_line(line: Line, name: str) -> Item | Unusable:
    try:
        document = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        return Unusable(f"{name}:{line.number}: is not JSON: {error}")
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(text, str):
        return Unusable(f"{name}:{line.number}: needs an object with a string `text`")
    given = document.get("id")
    usable = isinstance(given, (str, int)) and not isinstance(given, bool)
    return Item(given if usable else line.number, text)


def _has_text(line: str) -> bool:
    """Whether a line is an object of JSON lines; nobody says such a thing."""
    return isinstance(_json_line(Line(1, line), ""), Item)


def _chained(first: Line, others: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from others
