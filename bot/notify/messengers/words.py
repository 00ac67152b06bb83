"""What messengers alone make us say, one YAML file a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError

FOLDER = Path(__file__).parent / "words"
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Args:
        language: Its code.
        name: Its name in itself.
        commands: What each command does, by its name.
        texts: What is said, by key, with fields in braces.
        card: The lines beneath a contact card, likewise.
    """

    language: str
    name: str
    commands: dict[str, str]
    texts: dict[str, str]
    card: dict[str, str]


def words(language: str) -> Words:
    """Return the words of a language, the English ones where it has none.

    Raises:
        DataError: The languages do not have the same keys.
    """
    every = _read_all()
    return every.get(language) or every[FALLBACK_LANGUAGE]


def languages() -> tuple[str, ...]:
    """Return the codes of the languages, the fallback first."""
    return tuple(sorted(_read_all(), key=lambda code: (code != FALLBACK_LANGUAGE, code)))


@cache
def _read_all() -> dict[str, Words]:
    every = {}
    problems = []
    for path in sorted(FOLDER.glob("*.yml")):
        document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        every[path.stem] = Words(path.stem, **document)
    for code, found in every.items():
        for part in ("commands", "texts", "card"):
            wanted = getattr(every[FALLBACK_LANGUAGE], part)
            differing = sorted(set(getattr(found, part)) ^ set(wanted))
            problems += [
                f"{FOLDER.name}/{code}.yml: {part}: {key}: is missing" for key in differing
            ]
    if problems:
        raise DataError(problems)
    return every
