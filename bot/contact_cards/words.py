"""The words of contact cards, one YAML file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import DataError

WORDS_DIR = Path(__file__).parent / "words"
FALLBACK_LANGUAGE = "en"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kinds(_Strict):
    """What whoever answers is called."""

    manager: str
    duty_desk: str


class Page(_Strict):
    """The words of the card's page alone."""

    title: str
    call: str
    chat: str
    save: str
    save_4: str
    scan_to_save: str
    current: str
    switch: str
    switch_label: str


class Gone(_Strict):
    """The words of the page of a card that is not good, whatever the reason."""

    title: str
    heading: str
    text: str
    chat: str


class Busy(_Strict):
    """The words of a page that cannot be shown just now."""

    heading: str
    text: str


class CardWords(_Strict):
    """All words of one language, some with placeholders in braces."""

    html: str
    kinds: Kinds
    heading: str
    holder: str
    backup: str
    hours: str
    hotline: str
    police: str
    scan: str
    expires: str
    never: str
    note: str
    page: Page
    gone: Gone
    busy: Busy


def languages() -> tuple[str, ...]:
    """Return the language codes that have words, sorted."""
    return tuple(sorted(path.stem for path in WORDS_DIR.glob("*.yml")))


@lru_cache
def card_words(language: str) -> CardWords:
    """Return the words of a language, the English ones where it has none.

    Raises:
        DataError: The file lacks a word or has one too many.
    """
    known = language if language in languages() else FALLBACK_LANGUAGE
    path = WORDS_DIR / f"{known}.yml"
    try:
        return CardWords.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise DataError([f"{path.name}: {error}"]) from error


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the placeholders of a text; what else stands in braces stays."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
