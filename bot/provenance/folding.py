"""Bring look-alike forms of plain characters to one form without moving any of them."""

from __future__ import annotations

import unicodedata

INVISIBLE = "\u200b"
"""Stands for every invisible format character, with which a name can be cut in two unseen."""


class _Folding(dict[int, str]):
    """A translation table that fills itself, one character for one character."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _plain(chr(code_point))
        return folded


_TABLE = _Folding()


def fold(text: str) -> str:
    """Return ``text`` in lower case and half width; the length stays the same.

    Args:
        text: Any text at all.
    """
    return text.translate(_TABLE)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return INVISIBLE
    if category == "Cs":
        return "\ufffd"
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character
