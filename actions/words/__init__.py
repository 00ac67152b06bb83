"""Words that tell a turn apart where its intent does not; a folder of YAML files a language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.errors import DataError

_FOLDER = Path(__file__).parent


@lru_cache
def says(what: str) -> re.Pattern[str]:
    """Return the pattern of what a customer may say, in any language.

    Args:
        what: A key of the YAML files, such as ``takes_back``.

    Raises:
        DataError: A file lacks it.
    """
    patterns = []
    for folder, words in _languages().items():
        if not words.get(what):
            raise DataError([f"{folder}: {what}: is missing"])
        patterns += words[what]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@lru_cache
def _languages() -> dict[Path, dict[str, list[str]]]:
    """Return the words of every language by its folder."""
    found: dict[Path, dict[str, list[str]]] = {}
    for path in sorted(_FOLDER.glob("*/*.yml")):
        words = found.setdefault(path.parent, {})
        for what, patterns in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            words.setdefault(what, []).extend(patterns)
    return found
