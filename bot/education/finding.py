"""Which scam somebody means when he names one: "the refund thing", "假警察那种"."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.education.rare import pieces_of
from bot.education.scripts import catalogue

_CALLED_FILE = Path(__file__).with_name("called.yml")
#: What a piece in the title counts, against one among those who are impersonated.
_IN_TITLE = 2.0
#: Pieces that are in many titles name no scam; the best one must be ahead of the next.
_LEAST = 2.5
_AHEAD = 1.15


def named_script(text: str) -> str | None:
    """Return the id of the scam that a text names by its title, or None where it names none.

    Args:
        text: What the customer wrote.
    """
    if called := _also_called(text):
        return called
    names, rarity = _names(), _rarity()
    pieces = pieces_of(text) - _tell_nothing()
    scores = {
        script_id: sum(weights[p] * rarity[p] for p in pieces & set(weights))
        for script_id, weights in names.items()
    }
    best, second = sorted(scores, key=lambda script_id: -scores[script_id])[:2]
    clear = scores[best] >= _LEAST and scores[best] >= _AHEAD * scores[second]
    return best if clear else None


def _also_called(text: str) -> str | None:
    """Return the scam of the longest name in a text: a whole title, or what people call it."""
    plain, others = text.lower(), _called()["also_called"]
    found = [
        (len(name), script.id)
        for script in catalogue().scripts.values()
        for name in [*script.title.values(), *others.get(script.id, ())]
        if name.lower() in plain
    ]
    return max(found)[1] if found else None


@lru_cache(maxsize=1)
def _called() -> dict[str, Any]:
    called: dict[str, Any] = yaml.safe_load(_CALLED_FILE.read_text(encoding="utf-8"))
    return called


@lru_cache(maxsize=1)
def _tell_nothing() -> frozenset[str]:
    return frozenset(piece for word in _called()["tell_nothing"] for piece in pieces_of(word))


@lru_cache
def _names() -> dict[str, dict[str, float]]:
    """Return what each scam is called, in all languages, with how much each piece counts."""
    names: dict[str, dict[str, float]] = {}
    for script in catalogue().scripts.values():
        weights: dict[str, float] = {}
        for who in (one for listed in script.impersonates.values() for one in listed):
            weights.update(dict.fromkeys(pieces_of(who), 1.0))
        called = " ".join([script.id.replace("_", " "), *script.title.values()])
        weights.update(dict.fromkeys(pieces_of(called), _IN_TITLE))
        names[script.id] = weights
    return names


@lru_cache
def _rarity() -> dict[str, float]:
    counts = Counter(piece for weights in _names().values() for piece in weights)
    return {piece: math.log((len(_names()) + 1) / count) for piece, count in counts.items()}
