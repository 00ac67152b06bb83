"""A linear text model over words and runs of characters: plain numbers, no pickle, fast in NumPy.

Runs of one to four Chinese characters make a segmenter unnecessary. Parts of words bring tolerance
of typing errors where texts are short (intents); over whole stories they bring false warnings, as
``docs/recognition.md`` shows, so the model of scams does without them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.recognition.language import is_cjk

Floats = NDArray[np.float32]
#: Columns of the vocabulary and the weights that a text has there.
Vector = tuple[NDArray[np.intp], Floats]
_CJK_RUN = 4
_LONGEST_WORD = 40


def grams(
    norms: Sequence[str], classes: Sequence[str] = (), *, parts_of_words: bool = False
) -> Counter[str]:
    """Count the features of a text.

    Args:
        norms: Normal forms of its tokens, in order.
        classes: Names of the classes found in it (``money``, ``link``), repeated as found.
        parts_of_words: Whether to count the character n-grams inside words too.
    """
    counts: Counter[str] = Counter(f"<{name}>" for name in classes)
    run: list[str] = []
    previous = ""
    for norm in norms:
        if is_cjk(norm[0]):
            run = [*run[1 - _CJK_RUN :], norm]
            joined = "".join(run)
            counts.update(joined[at:] for at in range(len(joined)))
            previous = ""
            continue
        run = []
        if norm.isalpha():
            counts[f"={norm}"] += 1
            if parts_of_words:
                counts.update(word_grams(norm))
            if previous:
                counts[f"{previous} {norm}"] += 1
            previous = norm
        elif norm[0].isdigit():
            counts[f"#{min(len(norm), 8)}"] += 1
            previous = "#"
    return counts


@lru_cache(maxsize=100_000)
def word_grams(word: str) -> tuple[str, ...]:
    """Return the character n-grams (3 to 5) of a word between its borders."""
    framed = f"^{word[:_LONGEST_WORD]}$"
    return tuple(
        framed[at : at + size]
        for size in (3, 4, 5)
        for at in range(len(framed) - size + 1)
        if size < len(framed)
    )


@dataclass(frozen=True)
class Vocabulary:
    """Feature names with their columns and inverse document frequencies.

    Args:
        index: Column of each feature.
        idf: Inverse document frequency of each column.
        doubt: Added to the squared length of a text's vector: the fewer known features a text
            has, the less all of them together may say. Three common words are no proof.
    """

    index: Mapping[str, int]
    idf: Floats
    doubt: float = 0.0

    @classmethod
    def fit(cls, texts: Sequence[Counter[str]], *, least: int, doubt: float = 0.0) -> Vocabulary:
        """Keep the features that occur in at least ``least`` texts."""
        frequency: Counter[str] = Counter()
        for counts in texts:
            frequency.update(counts.keys())
        kept = sorted(name for name, count in frequency.items() if count >= least)
        idf = [math.log((1 + len(texts)) / (1 + frequency[name])) + 1 for name in kept]
        index = {name: column for column, name in enumerate(kept)}
        return cls(index, np.asarray(idf, dtype=np.float32), doubt)

    def vector(self, counts: Counter[str]) -> Vector:
        """Return the columns and the length-normalised weights of one text."""
        index = self.index
        pairs = [(index[name], count) for name, count in counts.items() if name in index]
        if not pairs:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        columns = np.fromiter((p[0] for p in pairs), dtype=np.intp, count=len(pairs))
        values = np.fromiter((p[1] for p in pairs), dtype=np.float32, count=len(pairs))
        values = (1 + np.log(values)) * self.idf[columns]
        return columns, values / np.sqrt(np.dot(values, values) + self.doubt)


@dataclass(frozen=True)
class LinearHead:
    """One linear decision over the vocabulary: a column of weights for each label.

    Args:
        labels: Names of the columns.
        weights: Shape ``(features, labels)``; half precision, which halves the memory.
        bias: Shape ``(labels,)``.
    """

    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    bias: Floats

    def scores(self, vector: Vector) -> Floats:
        """Return the score (log odds) of each label; shape ``(labels,)``."""
        columns, values = vector
        result: Floats = values @ self.weights[columns].astype(np.float32) + self.bias
        return result


def softmax(scores: Floats) -> Floats:
    """Return probabilities that add up to one."""
    shifted = np.exp(scores - scores.max())
    result: Floats = shifted / shifted.sum()
    return result


def logistic(value: float) -> float:
    """Return the probability of log odds, without overflow."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
