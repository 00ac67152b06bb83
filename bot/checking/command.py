"""``secondvoice check``: reads, assesses and writes, losing no line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from bot.checking.inputs import FILE_ENDINGS, read_file, read_standard_input
from bot.checking.items import Item, Unusable
from bot.checking.lines import Advance, known_encoding
from bot.checking.outputs import JsonLines, Table
from bot.checking.progress import progress
from bot.errors import DataError
from bot.recognition import Assessment, Recogniser
from bot.settings import Settings

_DONE, _UNUSABLE_INPUT = 0, 2


class _Writer(Protocol):
    def write(self, item: Item, assessment: Assessment) -> None: ...


def check_texts(
    arguments: Sequence[str],
    *,
    form: str,
    column: str | None,
    encoding: str,
    settings: Settings,
) -> int:
    """Assess every text that the arguments name.

    Args:
        arguments: Texts, names of files, or ``-`` for standard input.
        form: ``readable``, ``jsonl`` or ``csv``.
        column: The CSV column that holds the text.
        encoding: Of files and standard input.
        settings: Where the trained artefact is.

    Returns:
        The exit code: 0 when all was usable, 2 when something was not.

    Raises:
        DataError: The encoding is not known.
        ModelError: The recogniser is not trained.
    """
    encoding = known_encoding(encoding)
    recogniser = Recogniser.load(settings.models_dir / "recogniser.npz")
    unusable: list[str] = []
    with progress(_sizes(arguments), readable=form == "readable") as advance:
        writer = _writer(form, recogniser)
        for found in _every(arguments, column, encoding, advance):
            if isinstance(found, Unusable):
                unusable.append(found.problem)
            else:
                writer.write(found, recogniser.assess(found.text))
    for problem in unusable:
        print(problem, file=sys.stderr)
    return _UNUSABLE_INPUT if unusable else _DONE


def _every(
    arguments: Sequence[str], column: str | None, encoding: str, advance: Advance
) -> Iterator[Item | Unusable]:
    """Yield the texts of all arguments; a file that fails costs itself only."""
    for number, argument in enumerate(arguments, start=1):
        try:
            if argument == "-":
                yield from read_standard_input(
                    sys.stdin.buffer, column=column, encoding=encoding, advance=advance
                )
            elif _is_file(argument):
                path = Path(argument)
                yield from read_file(path, column=column, encoding=encoding, advance=advance)
            elif os.path.isdir(argument):  # noqa: PTH112 - a text may be too long for a path
                yield Unusable(f"{argument}: is a folder; name its files")
            elif argument.strip():
                yield Item(number, argument)
            else:
                yield Unusable(f"argument {number}: is empty; give a text, a file or -")
        except DataError as error:
            yield from map(Unusable, error.problems)


def _is_file(argument: str) -> bool:
    """Whether an argument names a file; a name that looks like one must exist."""
    if os.path.isfile(argument):  # noqa: PTH113 - Path refuses a text that is too long for a name
        return True
    if any(sign.isspace() for sign in argument) or "://" in argument:
        return False
    named = os.path.splitext(argument)[1].lower() in FILE_ENDINGS  # noqa: PTH122 - as above
    return named or argument.startswith(("./", "../"))


def _sizes(arguments: Sequence[str]) -> list[int | None]:
    """Return the bytes of every file to be read, None for standard input."""
    files = [argument for argument in arguments if argument == "-" or _is_file(argument)]
    return [
        Path(name).stat().st_size if name != "-" and Path(name).exists() else None for name in files
    ]


def _writer(form: str, recogniser: Recogniser) -> _Writer:
    if form == "readable":
        # Only people need what draws panels; it would hold up the first line of a script's answer.
        from bot.checking.readable import Readable

        return Readable(recogniser)
    out = _standard_output()
    return JsonLines(out) if form == "jsonl" else Table(out)


def _standard_output() -> TextIO:
    """Return standard output, each line sent at once, ready for any text."""
    # Half a surrogate pair cannot be written; with a backslash it is what JSON calls it.
    sys.stdout.reconfigure(  # type: ignore[union-attr]
        encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    return sys.stdout
