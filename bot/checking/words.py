"""The words around an assessment on a terminal, one file a language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).resolve().parent / "words"


@lru_cache
def words_for(language: str) -> dict[str, str]:
    """Return the words of a language, English where there are none."""
    path = _FOLDER / f"{language}.yml"
    if not path.exists():
        return words_for("en")
    words: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words
