"""The words of the documents about a payment, one file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import NotFoundError

FOLDER = Path(__file__).resolve().parent / "document_words"


@cache
def document_languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are words in."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def document_words(language: str) -> Mapping[str, Any]:
    """Return the words of a language, with their placeholders in braces.

    Raises:
        NotFoundError: There are none.
    """
    if language not in document_languages():
        known = ", ".join(document_languages())
        raise NotFoundError(f"language: no document is in {language!r}; choose one of {known}.")
    loaded: Mapping[str, Any] = yaml.safe_load(
        (FOLDER / f"{language}.yml").read_text(encoding="utf-8")
    )
    return loaded
