"""The pattern language of the scam scripts, compiled to one look-up of all phrases.

A pattern is a row of slots separated by spaces; a slot is a choice of phrases separated by ``|``,
with ``_`` for the spaces inside a phrase; ``~`` lets up to six tokens stand between two slots and
``~N`` up to N; ``=paid`` stands for this very form, where other words match in every inflection;
``<money>``, ``<number>`` and ``<link>`` stand for any of their kind. A token is a
word, a number or one Chinese character. No match crosses the end of a sentence.

All phrases of all patterns are looked up in one pass; a pattern is tried only when each of its
slots was seen, so that the cost grows with the text and hardly with the number of patterns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import DataError
from bot.recognition.phrases import PhraseTree
from bot.recognition.text import CLASSES, TextReader

_GAP = re.compile(r"~(\d*)$")
_DEFAULT_GAP = 6


@dataclass(frozen=True)
class Slot:
    """One place of a pattern: its phrases and how many tokens may stand before it."""

    phrases: tuple[str, ...]
    gap: int


@dataclass(frozen=True)
class Match:
    """A pattern found: its key and its tokens ``[start, end)``."""

    key: str
    start: int
    end: int


def parse_pattern(pattern: str) -> tuple[Slot, ...]:
    """Read a pattern.

    Raises:
        DataError: The pattern breaks the grammar; the message says how.
    """
    slots: list[Slot] = []
    gap: int | None = None
    for part in pattern.split():
        if sign := _GAP.match(part):
            if gap is not None or not slots:
                raise DataError([f"{pattern!r}: a gap must stand between two slots"])
            gap = int(sign[1] or _DEFAULT_GAP)
            continue
        phrases = tuple(phrase.replace("_", " ").strip() for phrase in part.split("|"))
        if not all(phrases):
            raise DataError([f"{pattern!r}: {part!r} has an empty choice"])
        for phrase in phrases:
            if phrase.startswith("<") and phrase[1:-1] not in CLASSES:
                raise DataError([f"{pattern!r}: {phrase} is none of {', '.join(CLASSES)}"])
        slots.append(Slot(phrases, gap or 0))
        gap = None
    if not slots or gap is not None:
        raise DataError([f"{pattern!r}: a pattern needs a slot at its end"])
    return tuple(slots)


class PatternMatcher:
    """Finds all patterns of all keys in one pass.

    Args:
        reader: Gives tokens and their normal forms.
        patterns: ``(key, pattern)`` pairs; a key may have many patterns.
    """

    def __init__(self, reader: TextReader, patterns: Iterable[tuple[str, str]]) -> None:
        self._reader = reader
        self._keys: list[str] = []
        self._slots: list[tuple[tuple[frozenset[int], int], ...]] = []
        self._uses: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._term_ids: dict[tuple[str, ...], int] = {}
        self._phrase_terms: dict[str, int] = {}
        self._inflected = PhraseTree()
        self._exact = PhraseTree()
        self._classes = {name: self._term((f"<{name}>",)) for name in CLASSES}
        for key, pattern in patterns:
            self._add(key, parse_pattern(pattern))
        self._full = [(1 << len(slots)) - 1 for slots in self._slots]

    def __call__(
        self,
        words: Sequence[str],
        norms: Sequence[str],
        sentences: Sequence[int],
        classes: Iterable[tuple[str, int, int]] = (),
    ) -> Iterator[Match]:
        """Yield every match.

        Args:
            words: The tokens of the folded text.
            norms: The normal form of each token.
            sentences: Number of the sentence of each token.
            classes: ``(class, start token, end token)`` of amounts, numbers and links.
        """
        places = self._places(words, norms, classes)
        seen: dict[int, int] = defaultdict(int)
        for term in places:
            for pattern, bit in self._uses.get(term, ()):
                seen[pattern] |= bit
        for pattern, bits in seen.items():
            if bits == self._full[pattern]:
                yield from self._find(pattern, places, sentences)

    def _places(
        self,
        words: Sequence[str],
        norms: Sequence[str],
        classes: Iterable[tuple[str, int, int]],
    ) -> dict[int, list[tuple[int, int]]]:
        places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for term, start, end in self._inflected(norms):
            places[term].append((start, end))
        for term, start, end in self._exact([word.lower() for word in words]):
            places[term].append((start, end))
        for name, start, end in classes:
            places[self._classes[name]].append((start, end))
        return places

    def _find(
        self,
        pattern: int,
        places: dict[int, list[tuple[int, int]]],
        sentences: Sequence[int],
    ) -> Iterator[Match]:
        slots = self._slots[pattern]
        rows = [
            sorted({place for term in terms if term in places for place in places[term]})
            for terms, _gap in slots
        ]
        free_from = 0
        for start, first_end in rows[0]:
            if start < free_from:
                continue
            end = self._follow(rows, slots, 1, first_end, sentences[start], sentences)
            if end:
                yield Match(self._keys[pattern], start, end)
                free_from = end

    def _follow(
        self,
        rows: list[list[tuple[int, int]]],
        slots: tuple[tuple[frozenset[int], int], ...],
        at: int,
        end: int,
        sentence: int,
        sentences: Sequence[int],
    ) -> int:
        """Return where the rest of a pattern ends when it follows token ``end``, or 0."""
        if sentences[end - 1] != sentence:
            return 0
        if at == len(slots):
            return end
        row = rows[at]
        for place in range(bisect_left(row, (end, 0)), len(row)):
            start, next_end = row[place]
            if start > end + slots[at][1]:
                break
            found = self._follow(rows, slots, at + 1, next_end, sentence, sentences)
            if found:
                return found
        return 0

    def _add(self, key: str, slots: tuple[Slot, ...]) -> None:
        number = len(self._slots)
        compiled = []
        for place, slot in enumerate(slots):
            terms = frozenset(map(self._phrase_term, slot.phrases))
            for term in terms:
                self._uses[term].append((number, 1 << place))
            compiled.append((terms, slot.gap))
        self._keys.append(key)
        self._slots.append(tuple(compiled))

    def _phrase_term(self, phrase: str) -> int:
        # Patterns repeat their phrases; reading each one once saves a quarter of a second.
        known = self._phrase_terms.get(phrase)
        if known is None:
            known = self._phrase_terms[phrase] = self._new_phrase_term(phrase)
        return known

    def _new_phrase_term(self, phrase: str) -> int:
        if phrase.startswith("<"):
            return self._classes[phrase[1:-1]]
        exact = phrase.startswith("=")
        folded = self._reader.fold(phrase.removeprefix("="))
        tokens = [text for _start, _end, text in self._reader.tokens(folded)]
        words = [text.lower() if exact else self._reader.norm_of(text) for text in tokens]
        term = self._term(("=", *words) if exact else tuple(words))
        (self._exact if exact else self._inflected).add(words, term)
        return term

    def _term(self, words: tuple[str, ...]) -> int:
        return self._term_ids.setdefault(words, len(self._term_ids))
