"""Reading a CSV table that a bank exports, and collecting *all* that is wrong with it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.casework.base import Localised
from bot.errors import DataError

T = TypeVar("T")

REQUIRED_LANGUAGES = ("en", "zh")
_OTHER_SEPARATORS = (";", "\t", "，")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of one kind of table.

    Args:
        columns: Columns that must be in the header.
        optional: Columns that may be missing, as they are in files made for an older version.
        localised: Fields with one column a language (``title_en``, ``title_zh``, ``title_…``);
            the required languages must be there and filled in.
        translated: The same, but every column may be missing or empty.
    """

    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    localised: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()

    def missing_from(self, header: list[str]) -> list[str]:
        """Return the columns that a header lacks."""
        wanted = [*self.columns]
        wanted += [f"{name}_{code}" for name in self.localised for code in REQUIRED_LANGUAGES]
        return [column for column in wanted if column not in header]

    def allows(self, column: str) -> bool:
        """Return whether a column has a meaning; a misspelt one must not be dropped silently."""
        fields = "|".join(map(re.escape, (*self.localised, *self.translated)))
        pattern = rf"(?:{fields})_[a-z]{{2,3}}"
        return column in (*self.columns, *self.optional) or bool(
            fields and re.fullmatch(pattern, column)
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; a cell that cannot be used becomes a problem, not an exception."""

    table: Table
    line: int
    cells: dict[str, str]

    def problem(self, column: str, text: str) -> None:
        """Report a problem of this line."""
        self.table.report(self.line, f"{column}: {text}")

    def has(self, column: str) -> bool:
        """Return whether the table has an optional column at all."""
        return column in self.cells

    def get(self, column: str, parse: Callable[[str], T], *, default: T) -> T:
        """Return a cell as a value; where it has none, report it and return the default.

        Args:
            column: The column.
            parse: Turns the text into a value or raises ValueError with what is wrong.
            default: What to go on with, so that the other cells are checked too.
        """
        try:
            return parse(self.cells[column])
        except ValueError as error:
            self.problem(column, str(error))
            return default

    def in_languages(self, name: str, *, required: bool) -> Localised:
        """Collect the columns of a field that has one column a language."""
        found = {
            column.removeprefix(f"{name}_"): text
            for column, text in self.cells.items()
            if re.fullmatch(rf"{re.escape(name)}_[a-z]{{2,3}}", column) and text
        }
        for code in REQUIRED_LANGUAGES if required else ():
            if code not in found:
                self.problem(f"{name}_{code}", "is empty")
        return found


@dataclass(kw_only=True)
class Table:
    """A table that was read, with all problems found so far."""

    name: str
    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def report(self, line: int, text: str) -> None:
        """Note a problem of a line."""
        self.problems.append((line, text))

    def refuse_if_bad(self) -> None:
        """Stop the import while nothing has been written.

        Raises:
            DataError: Carries every problem.
        """
        if self.problems:
            in_order = sorted(self.problems, key=lambda problem: problem[0])
            raise DataError(f"{self.name}:{line}: {text}" for line, text in in_order)


def read_table(path: Path, layout: Layout) -> Table:
    """Read a CSV file (UTF-8, with or without a byte order mark) whose rows have a ``code``.

    Args:
        path: The file.
        layout: Its columns.

    Raises:
        DataError: The file cannot be read at all or its header is wrong.
    """
    table = Table(name=path.name)
    try:
        lines = list(_numbered(_decoded(path)))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError([f"{path.name}: cannot be read as a UTF-8 CSV file: {error}"]) from error
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    _check_header(table, header, layout)
    table.refuse_if_bad()
    seen: dict[str, int] = {}
    for line, cells in lines[1:]:
        _add_row(table, line, cells, header=header, seen=seen)
    return table


def _decoded(path: Path) -> str:
    """Return a file's text; one in another encoding is refused, because guessing spoils names.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not UTF-8; the message says what it seems to be and what to do.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"line {line} is not UTF-8{_seems_to_be(content)}; "
            'save it again as "CSV UTF-8" and import that file'
        ) from error


def _seems_to_be(content: bytes) -> str:
    """Name the encodings that spreadsheets write; empty where it is none of them."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return " but UTF-16, as a spreadsheet's Unicode text"
    try:
        words = content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in words)
    return " but seems to be GBK, as a Chinese spreadsheet saves it" if chinese else ""


def _numbered(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled lines with the number that an editor shows for their beginning."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    begin = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begin, cells
        begin = reader.line_num + 1


def _check_header(table: Table, header: list[str], layout: Layout) -> None:
    for separator in _OTHER_SEPARATORS:
        if len(header) == 1 and separator in header[0]:
            shown = "tabs" if separator == "\t" else f'"{separator}"'
            table.report(1, f"the cells are separated by {shown}, not by commas")
            return
    for column in layout.missing_from(header):
        table.report(1, f"{column}: the column is missing")
    for column in dict.fromkeys(header):
        if not layout.allows(column):
            table.report(1, f'"{column}" is not a column of this table')
        if header.count(column) > 1:
            table.report(1, f"{column}: the column is there twice")


def _add_row(
    table: Table, line: int, cells: list[str], *, header: list[str], seen: dict[str, int]
) -> None:
    if len(cells) != len(header):
        table.report(line, f"has {len(cells)} cells, the header has {len(header)}")
        return
    texts = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    row = Row(table=table, line=line, cells=texts)
    for column, text in texts.items():
        if not text.isprintable():
            row.problem(column, "contains a line break or another control character")
    code = texts["code"]
    if code in seen:
        row.problem("code", f'"{code}" is already on line {seen[code]}')
    seen.setdefault(code, line)
    table.rows.append(row)
