"""Titles of scam scripts for people of the bank, without loading the trained recogniser."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import yaml

from bot.recognition.catalogue import SCRIPTS_FOLDER


@lru_cache
def script_titles(script_id: str) -> Mapping[str, str]:
    """Return a script's title by language code; empty where there is no such script any more.

    Args:
        script_id: The script's id, which is its file's stem.
    """
    path = SCRIPTS_FOLDER / f"{script_id}.yml"
    if not path.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a safe one
    titles: dict[str, str] = document["title"]
    return titles
