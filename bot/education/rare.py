"""Which words are rare among the scams, and which scams are akin."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from bot.education.scripts import catalogue
from bot.recognition.catalogue import ScamScript

_LEAST_LETTERS = 4
_ENDINGS = re.compile(r"(ing|ed|es|s|ly)$")


def peculiarity(line: str, language: str) -> float:
    """Return how much a sentence belongs to its own scam alone: larger fits fewer others."""
    rarity = _rarity(language)
    pieces = pieces_of(line)
    return sum(rarity.get(piece, 0.0) for piece in pieces) / max(len(pieces), 1)


def kinship(one: ScamScript, other: ScamScript) -> float:
    """Return how many red flags two scams share, from 0 to 1."""
    mine, theirs = set(one.weights), set(other.weights)
    return len(mine & theirs) / len(mine | theirs)


def pieces_of(text: str) -> set[str]:
    """Return what a text is compared by: stems of words, and pairs of Chinese characters."""
    letters = re.findall(r"[a-z]+", text.lower())
    stems = {_ENDINGS.sub("", word) for word in letters if len(word) >= _LEAST_LETTERS}
    runs = re.findall("[\u4e00-\u9fff]+", text)
    return stems | {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


@lru_cache
def _rarity(language: str) -> dict[str, float]:
    """Return how rare each piece is among the steps of all scripts."""
    every = [_steps(script, language) for script in catalogue().scripts.values()]
    counts = Counter(piece for pieces in every for piece in pieces)
    return {piece: math.log((len(every) + 1) / count) for piece, count in counts.items()}


def _steps(script: ScamScript, language: str) -> set[str]:
    return {p for stage in script.stages for p in pieces_of(stage.next[language])}
