"""A bar for a person who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.checking.lines import Advance


@contextmanager
def progress(sizes: Sequence[int | None], *, readable: bool) -> Iterator[Advance]:
    """Show how much has been read, where there is a file to read and somebody to see it.

    Answers that go to the terminal themselves as JSON lines or CSV need no bar between them.

    Args:
        sizes: Bytes of every file, None where nobody knows.
        readable: The answers are written for people.
    """
    answers_seen = sys.stdout.isatty()
    if not sizes or not sys.stderr.isatty() or (answers_seen and not readable):
        yield _nothing
        return
    # Imported here because a first answer shall not wait for what draws bars.
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from bot.checking.readable import console

    total = None if None in sizes else sum(size or 0 for size in sizes)
    shown_on = console() if answers_seen else console(stderr=True)
    columns = (TextColumn("Checking"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    # What is printed meanwhile goes where it belongs, not to where the bar is.
    with Progress(
        *columns,
        console=shown_on,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda read: bar.update(task, advance=read)


def _nothing(_read: int) -> None:
    """Take what has been read and show it to nobody."""
