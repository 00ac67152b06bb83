"""The lines of a file, each with its number; one that cannot be decoded costs itself only."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bot.errors import DataError

Advance = Callable[[int], None]
"""Takes how many bytes more have been read."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Line:
    """One line with its end.

    Args:
        number: From 1.
        text: The line; with a problem, it has marks where something could not be decoded.
        problem: Why the line cannot be used; empty where it can.
    """

    number: int
    text: str
    problem: str = ""


def read_lines(file: BinaryIO, name: str, *, encoding: str, advance: Advance) -> Iterator[Line]:
    """Yield the lines of a file.

    Args:
        file: The file, in bytes: text files would give up at the first byte that is no text.
        name: How problems name the file.
        encoding: From ``known_encoding``.
        advance: Is told of the bytes of every line.

    Raises:
        DataError: The file is UTF-16 text.
    """
    for number, raw in enumerate(file, start=1):
        advance(len(raw))
        if number == 1:
            # No other text begins so; its lines could not be told apart, and half would look right.
            if raw.startswith(_UTF16_MARKS):
                raise DataError([f"{name}:1: is UTF-16 text; save the file as UTF-8"])
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield Line(number, raw.decode(encoding))
        except UnicodeDecodeError:
            problem = f"is not {encoding.upper()} text; name its encoding with --encoding"
            yield Line(number, raw.decode(encoding, errors="replace"), problem)


def known_encoding(name: str) -> str:
    """Return an encoding whose lines end as those of ASCII do.

    Raises:
        DataError: There is none of this name.
    """
    try:
        if "\n,".encode(name) == b"\n,":
            return codecs.lookup(name).name
    except LookupError:
        pass
    raise DataError([f"--encoding: {name!r} cannot be read; name one such as utf-8 or gb18030"])
