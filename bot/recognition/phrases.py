"""Rows of words looked up in one pass over a text.

A plain tree of dictionaries: it finds what spaCy's ``PhraseMatcher`` finds, two to three times as
fast on short texts, and is built in a fiftieth of a second where the matcher and the import of
spaCy take a whole one (``docs/recognition.md``). The first answer of a command depends on that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

# No word is empty, so the empty one can mark the node where a phrase ends.
_END = ""


class PhraseTree:
    """Phrases by their words, each with a number."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, words: Sequence[str], number: int) -> None:
        """Add a phrase; the same words again take the later number.

        Args:
            words: At least one word, none of them empty.
            number: What is yielded when the phrase is found.
        """
        node = self._root
        for word in words:
            node = node.setdefault(word, {})
        node[_END] = number

    def __call__(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield ``(number, start, end)`` of every phrase in a text, overlapping ones too."""
        root, length = self._root, len(words)
        for start, word in enumerate(words):
            node, end = root.get(word), start
            while node is not None:
                end += 1
                number = node.get(_END)
                if number is not None:
                    yield number, start, end
                node = node.get(words[end]) if end < length else None
