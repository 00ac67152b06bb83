"""Bring look-alike characters to one form without moving any of them."""

from __future__ import annotations

import re
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
_NUMERALS = "零〇一二三四五六七八九幺"
_VALUES = str.maketrans(_NUMERALS, "001234567891")
# Ten and more of them in a row are a number read out, never a sum of money.
_READ_OUT = re.compile(rf"[{_NUMERALS}](?:[ -]?[{_NUMERALS}]){{9,}}")


def fold(text: str) -> str:
    """Return ``text`` in lower case with plain digits, spaces and hyphens.

    Full-width, circled and foreign digits become ASCII digits, and so do Chinese numerals where a
    long number is read out in them. The result has the length of
    ``text``, so a position in one is the same position in the other.

    Args:
        text: Any text at all.
    """
    folded = text.translate(_TABLE)
    return _READ_OUT.sub(lambda match: match.group().translate(_VALUES), folded)


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
