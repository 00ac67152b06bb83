"""Drawing two plain words, and showing them in a language."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from functools import lru_cache
from pathlib import Path

import yaml

from bot.casework.base import FALLBACK_LANGUAGE
from bot.errors import DataError

_FILE = Path(__file__).parent / "words.yml"

HIDDEN = "…"
"""Stands in the place of two words that could have been drawn."""


def draw() -> tuple[str, str]:
    """Draw two different things by chance that nobody can foresee; named in English."""
    first, second = secrets.SystemRandom().sample(sorted(_things()), 2)
    return first, second


def in_words(pair: tuple[str, str], language: str) -> str:
    """Return two things as they are said in a language, in their order.

    Args:
        pair: What was drawn.
        language: The reader's language code; without words of its own, English.
    """
    forms = (_things()[name] for name in pair)
    # Two words on a bad line are told apart by the gap between them, in Chinese too.
    return " · ".join(form.get(language, form[FALLBACK_LANGUAGE]) for form in forms)


def hide_pairs(text: str) -> str:
    """Return a text without any two words side by side that could have been drawn.

    Whether they are the right ones plays no part, so that nothing can be learnt from the result.

    Args:
        text: A customer's own words.
    """
    return _pairs().sub(HIDDEN, text)


@lru_cache
def _things() -> dict[str, dict[str, str]]:
    """Read the list: the forms of each thing by language, under its English name.

    Raises:
        DataError: A thing is there twice, or lacks a form that others have.
    """
    rows: list[dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    languages = {code for row in rows for code in row}
    problems = [
        f"{_FILE.name}: {row}: {code} is missing"
        for row in rows
        for code in sorted(languages - set(row))
    ]
    for code in sorted(languages):
        counted = Counter(row[code] for row in rows if code in row)
        problems += [
            f"{_FILE.name}: {form}: is there twice" for form in counted if counted[form] > 1
        ]
    if problems:
        raise DataError(problems)
    return {row[FALLBACK_LANGUAGE]: row for row in rows}


@lru_cache
def _pairs() -> re.Pattern[str]:
    forms = [re.escape(form) for row in _things().values() for form in row.values()]
    # The longest first: of "cable car" nothing may be left over.
    one = "|".join(sorted(forms, key=len, reverse=True))
    one = rf"(?<![a-z])(?:{one})(?![a-z])"
    return re.compile(rf"{one}(?:[\s·,，、和与]|and)*{one}", re.IGNORECASE)
