"""What an input gives: texts to check, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


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
    """Something that could not be used: ``path:line: problem``."""

    problem: str


Read = Iterator[Item | Unusable]
