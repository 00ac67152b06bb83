"""What WhatsApp needs to know of each language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "locales.yml"


def template_code(language: str) -> str:
    """Return the code under which Meta keeps templates of a language."""
    every = _read()
    found = every.get(language) or next(iter(every.values()))
    return str(found["template"])


def language_of_identity(identity: str) -> str:
    """Return the language that a person is most likely to read, until his words tell.

    Args:
        identity: His number in digits, or his business-scoped user id, such as ``CN.12ab``.
    """
    every = _read()
    for language, found in every.items():
        if identity.startswith(tuple(found["begins"])):
            return language
    return next(iter(every))


@cache
def _read() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return document
