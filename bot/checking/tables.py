"""CSV: one text a row, in a named column."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from bot.checking.items import Item, Read, Unusable
from bot.checking.lines import Line
from bot.errors import DataError

# Spreadsheets write the sign that the country of the computer does not use in numbers.
_DELIMITERS = ",;\t"


def read_table(lines: Iterator[Line], name: str, *, column: str) -> Read:
    """Yield the text of every row; a bad row costs that row only.

    Args:
        lines: The lines of the file, the head first.
        name: How problems name the file.
        column: The column that holds the text. An ``id`` column gives the ids, where there is one.

    Raises:
        DataError: There is no such column.
    """
    head = next(lines, None)
    columns, delimiter = _head(head.text if head else "", column)
    if column not in columns:
        known = ", ".join(columns) or "none"
        raise DataError([f"{name}:1: has no column {column!r}; name one with --column ({known})"])
    for row in _rows(lines, name, delimiter):
        yield row if isinstance(row, Unusable) else _item(row, name, columns, column)


class _Row(NamedTuple):
    number: int
    cells: list[str]


def _head(line: str, column: str) -> tuple[list[str], str]:
    """Return the columns and the delimiter: the one under which the wanted column exists."""
    heads = [(next(csv.reader([line], delimiter=sign), []), sign) for sign in _DELIMITERS]
    return next((head for head in heads if column in head[0]), heads[0])


def _rows(lines: Iterator[Line], name: str, delimiter: str) -> Iterator[_Row | Unusable]:
    """Yield the rows, each with the number of its first line.

    A quote that nobody closes would swallow all lines to the end: the reader then begins again
    with the line behind the one where the quote was opened.
    """
    waiting: deque[Line] = deque()
    taken: list[Line] = []

    def feed() -> Iterator[str]:
        while line := waiting.popleft() if waiting else next(lines, None):
            taken.append(line)
            yield line.text

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Unusable(f"{name}:{taken[0].number}: is not CSV: {error}")
            waiting.extendleft(reversed(taken[1:]))
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
            continue
        bad = next((line for line in taken if line.problem), None)
        if bad:
            yield Unusable(f"{name}:{bad.number}: {bad.problem}")
        elif cells:
            yield _Row(taken[0].number, cells)


def _item(row: _Row, name: str, columns: list[str], column: str) -> Item | Unusable:
    place = f"{name}:{row.number}"
    if len(row.cells) > len(columns):
        return Unusable(
            f"{place}: has {len(row.cells)} cells under {len(columns)} heads; "
            "put a text that holds the delimiter into quotes"
        )
    known = dict(zip(columns, row.cells, strict=False))
    if column not in known:
        return Unusable(f"{place}: ends before column {column!r}")
    return Item(known.get("id") or row.number, known[column])
