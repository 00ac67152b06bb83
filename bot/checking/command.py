"""``secondvoice check``: reads, assesses and writes, losing no line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import Progress

from bot.checking.inputs import Item, Read, Unusable, read_file, read_lines
from bot.checking.outputs import JsonLines, Readable, Table
from bot.errors import DataError
from bot.recognition import Assessment, Recogniser
from bot.settings import Settings

_DONE, _UNUSABLE_INPUT = 0, 2
_FILE_ENDINGS = frozenset({".txt", ".csv", ".jsonl", ".eml"})


class _Writer(Protocol):
    def write(self, item: Item, assessment: Assessment) -> None: ...


def check_texts(
    arguments: Sequence[str], *, form: str, column: str | None, settings: Settings
) -> int:
    """Assess every text that the arguments name.

    Args:
        arguments: Texts, names of files, or ``-`` for standard input.
        form: ``readable``, ``jsonl`` or ``csv``.
        column: The CSV column that holds the text.
        settings: Where the trained artefact is.

    Returns:
        The exit code: 0 when all was usable, 2 when something was not.

    Raises:
        ModelError: The recogniser is not trained.
    """
    recogniser = Recogniser.load(settings.models_dir / "recogniser.npz")
    writer = _writer(form, recogniser)
    unusable: list[str] = []
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("Checking", total=None)
        for found in _every(arguments, column=column, unusable=unusable):
            if isinstance(found, Unusable):
                unusable.append(found.problem)
            else:
                writer.write(found, recogniser.assess(found.text))
            progress.advance(task)
    for problem in unusable:
        print(problem, file=sys.stderr)
    return _UNUSABLE_INPUT if unusable else _DONE


def _every(arguments: Sequence[str], *, column: str | None, unusable: list[str]) -> Read:
    """Yield the texts of all arguments; a file that fails costs itself only."""
    for number, argument in enumerate(arguments, start=1):
        try:
            yield from _one(argument, number, column)
        except DataError as error:
            unusable.extend(error.problems)


def _one(argument: str, number: int, column: str | None) -> Iterator[Item | Unusable]:
    if argument == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from read_lines(sys.stdin, "standard input")
    elif _is_file(argument):
        yield from read_file(Path(argument), column=column)
    elif argument.strip():
        yield Item(number, argument)
    else:
        yield Unusable(f"argument {number}: is empty; give a text, a file or -")


def _is_file(argument: str) -> bool:
    """Whether an argument names a file; a name that ends like one must exist."""
    if len(argument) > 255 or "\n" in argument:
        return False
    path = Path(argument)
    looks_like_one = path.suffix in _FILE_ENDINGS and " " not in argument.strip()
    return path.is_file() or looks_like_one


def _writer(form: str, recogniser: Recogniser) -> _Writer:
    if form == "jsonl":
        return JsonLines(sys.stdout)
    if form == "csv":
        return Table(sys.stdout)
    return Readable(Console(), recogniser)
