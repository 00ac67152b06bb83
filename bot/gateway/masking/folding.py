"""Bring look-alike characters to one form without moving any of them."""

from __future__ import annotations

import unicodedata

OPAQUE = "\x00"
"""Stands for text that is masked already; nothing may be found in it or across it."""

INVISIBLE = "\u200b"
"""Stands for every invisible format character."""


class _Folding(dict[int, str]):
    """A translation table that fills itself, one character for one character."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        return folded


_TABLE = _Folding()


def fold(text: str) -> str:
    """Return ``text`` in lower case with plain digits, spaces and hyphens.

    Full-width, circled and foreign digits become ASCII digits. The result has the length of
    ``text``, so a position in one is the same position in the other.

    Args:
        text: Any text at all.
    """
    return text.translate(_TABLE)


def blank(text: str, start: int, end: int) -> str:
    """Return ``text`` with ``start`` to ``end`` made opaque, at the same length."""
    return text[:start] + OPAQUE * (end - start) + text[end:]


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Cf":
        return INVISIBLE
    if character == "\n":
        return character
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character
