"""One text read once: tokens, sentences, evidence found by patterns, vectors for the text model."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.recognition.linear import grams
from bot.recognition.patterns import Match, PatternMatcher
from bot.recognition.text import TextReader, class_spans, sentence_numbers

_FRAMING = "framing:"
_NEGATION = "negation:"
_SHORTEST_PART = 12
#: Signs at which a clause ends (full-width signs have been folded).
_CLAUSE_END = frozenset(',;:.!?()[]<>"“”「」『』。、…—–/|')


@dataclass(frozen=True)
class Reading:
    """What one pass over a text gives.

    Args:
        text: The input, untouched.
        norms: Normal form of each token.
        spans: First and last character offset of each token.
        sentences: Number of the sentence of each token.
        classes: ``(class, start token, end token)`` of amounts, numbers and links.
        flags: Red-flag matches that are not negated, in the order of the text.
        framing: Kinds of talk *about* scams that were seen (education, advice, hypothetical).
    """

    text: str
    norms: Sequence[str]
    spans: Sequence[tuple[int, int]]
    sentences: Sequence[int]
    classes: Sequence[tuple[str, int, int]]
    flags: Sequence[Match]
    framing: frozenset[str]

    def quote(self, start: int, end: int) -> tuple[int, int]:
        """Return the character offsets of the tokens ``[start, end)``."""
        return self.spans[start][0], self.spans[end - 1][1]

    def clause(self, start: int, end: int, *, longest: int) -> tuple[int, int]:
        """Return the tokens ``[start, end)`` grown to whole clauses.

        Args:
            start: First token.
            end: Token behind the last one.
            longest: Most characters of a grown clause; a longer one is left as it was.
        """
        first, last = start, end
        # The growth stops where it becomes too long: a text without any sign of a clause's end,
        # with a match at every word, would cost the square of its length.
        while first > 0 and not self._breaks(first - 1, first):
            first -= 1
            if self._characters(first, end) > longest:
                return start, end
        while last < len(self.norms) and not self._breaks(last - 1, last):
            last += 1
            if self._characters(first, last) > longest:
                return start, end
        return first, last

    def _characters(self, start: int, end: int) -> int:
        begin, finish = self.quote(start, end)
        return finish - begin

    def _breaks(self, before: int, after: int) -> bool:
        """Whether a clause ends between two neighbouring tokens."""
        if self.sentences[before] != self.sentences[after]:
            return True
        return self.norms[before] in _CLAUSE_END or self.norms[after] in _CLAUSE_END

    def parts(self) -> list[tuple[int, int]]:
        """Return the sentences as token ranges, very short ones joined to their neighbour."""
        parts: list[tuple[int, int]] = []
        begin = 0
        for at in range(1, len(self.sentences) + 1):
            whole = at == len(self.sentences)
            if not whole and self.sentences[at] == self.sentences[at - 1]:
                continue
            if at - begin >= _SHORTEST_PART or whole:
                parts.append((begin, at))
                begin = at
        if len(parts) > 1 and parts[-1][1] - parts[-1][0] < _SHORTEST_PART:
            last = parts.pop()
            parts[-1] = (parts[-1][0], last[1])
        return parts

    def features(
        self, start: int = 0, end: int | None = None, *, parts_of_words: bool = False
    ) -> Counter[str]:
        """Count the text-model features of the tokens ``[start, end)``."""
        stop = len(self.norms) if end is None else end
        classes = [
            name
            for name, begin, finish in self.classes
            if name != "number" and begin >= start and finish <= stop
        ]
        return grams(self.norms[start:stop], classes, parts_of_words=parts_of_words)


class Reader:
    """Reads texts with the patterns of the catalogue.

    Args:
        reader: Tokens and normal forms.
        flags: ``(red flag id, pattern)`` pairs.
        framing: ``(kind, pattern)`` pairs.
        negation: Words that undo a match, with how many tokens before it they may stand.
    """

    def __init__(
        self,
        reader: TextReader,
        *,
        flags: Sequence[tuple[str, str]],
        framing: Sequence[tuple[str, str]],
        negation: Sequence[tuple[str, int]],
    ) -> None:
        self.reader = reader
        patterns = [
            *flags,
            *((_FRAMING + kind, pattern) for kind, pattern in framing),
            *((_NEGATION + str(reach), word) for word, reach in negation),
        ]
        self._matcher = PatternMatcher(reader, patterns)

    def __call__(self, text: str) -> Reading:
        """Read one text; the cost grows with its length."""
        folded = self.reader.fold(text)
        tokens = self.reader.tokens(folded)
        spans = [(start, end) for start, end, _ in tokens]
        norms = [self.reader.norm_of(token) for _, _, token in tokens]
        sentences = sentence_numbers(folded, tokens)
        classes = _token_classes(folded, spans)
        words = [token for _, _, token in tokens]
        matches = self._matches(words, norms, sentences, classes)
        framing = frozenset(m.key[len(_FRAMING) :] for m in matches if m.key.startswith(_FRAMING))
        return Reading(
            text, norms, spans, sentences, classes, _without_negated(matches, sentences), framing
        )

    def _matches(
        self,
        words: Sequence[str],
        norms: Sequence[str],
        sentences: Sequence[int],
        classes: Sequence[tuple[str, int, int]],
    ) -> list[Match]:
        found = self._matcher(words, norms, sentences, classes)
        return sorted(set(found), key=lambda match: (match.start, match.end, match.key))


def _token_classes(folded: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, int, int]]:
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    classes = []
    for name, start, end in class_spans(folded):
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        if first < last:
            classes.append((name, first, last))
    return classes


def _without_negated(matches: Sequence[Match], sentences: Sequence[int]) -> list[Match]:
    """Leave out matches that a negation stands right before, in the same sentence."""
    negated: set[int] = set()
    for match in matches:
        if match.key.startswith(_NEGATION):
            reach = int(match.key[len(_NEGATION) :])
            sentence = sentences[match.end - 1]
            reached = range(match.end, min(match.end + reach, len(sentences)))
            negated.update(at for at in reached if sentences[at] == sentence)
    return [m for m in matches if ":" not in m.key and m.start not in negated]
