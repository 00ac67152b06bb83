"""Splitting a long text where a reader would: at a paragraph, a line, a sentence, a word."""

from __future__ import annotations

import re

MOST = 3900
"""Characters of one message as Telegram counts them, in UTF-16; it takes 4096, and what a pressed
button adds to its question must fit too."""

# A full stop within a number or an address is followed by no space.
_ENDS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"[。！？…]+[”」）]*|[.!?]+[\"”')]*\s"),
    re.compile(r"[，；、]|[,;]\s"),
    re.compile(r"\s"),
)


def split(text: str, *, most: int = MOST) -> list[str]:
    """Return the text in pieces that are short enough; nothing but spaces at the seams is lost.

    Args:
        text: Any text.
        most: Longest piece, in UTF-16 code units.
    """
    pieces = []
    rest = text.strip()
    while length(rest) > most:
        cut = _cut(rest[: _fitting(rest, most)])
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def length(text: str) -> int:
    """Return the length as Telegram counts it: a character outside the basic plane is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _fitting(text: str, most: int) -> int:
    """Return how many characters from the start fit."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > most:
            return index
    return len(text)


def _cut(window: str) -> int:
    """Return where to cut: behind the last end of the strongest kind that is not near the start."""
    for ends in _ENDS:
        last = max((match.end() for match in ends.finditer(window)), default=0)
        if last > len(window) // 3:
            return last
    return len(window)
