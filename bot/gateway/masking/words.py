"""Read ``words.yml`` and make of it the few patterns with which codes are found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FILE = Path(__file__).with_name("words.yml")


class Words(NamedTuple):
    """The patterns of all languages together; every one expects folded text."""

    secret: re.Pattern[str]
    """The name of a secret number."""
    card_secrets: frozenset[str]
    """Names of three-digit secrets."""
    harmless: re.Pattern[str]
    """Names that contain the name of a secret and mean something else."""
    linked_gap: re.Pattern[str]
    """A whole gap that ties name and number together."""
    breaking: re.Pattern[str]
    """A word in a gap that parts name and number."""
    before_year: re.Pattern[str]
    """A word before a number that makes it a year."""
    amount_follows: re.Pattern[str]
    """What follows an amount."""
    count_follows: re.Pattern[str]
    """What follows a time or a count."""
    spelled: re.Pattern[str]
    """Three to eight digits written as words or Chinese numerals."""
    behind: re.Pattern[str]
    """A number's right-hand gap when the name comes after it."""
    accounts: re.Pattern[str]
    """The name of an account's number, with little behind it, at the end of a text."""
    references: re.Pattern[str]
    """The name of another long number, likewise."""
    phones: re.Pattern[str]
    """The name of a telephone number."""
    passports: re.Pattern[str]
    """The name of a passport."""


@cache
def load_words() -> Words:
    """Read the words of every language, once per process."""
    blocks: list[dict[str, Any]] = list(yaml.safe_load(_FILE.read_text(encoding="utf-8")).values())

    def all_of(key: str) -> list[str]:
        return [word for block in blocks for word in _words(block[key])]

    secret = _any_of(all_of("secrets") + all_of("card_secrets"))
    behind = "|".join(f"(?:{block['behind']})" for block in blocks)
    return Words(
        secret=re.compile(secret),
        card_secrets=frozenset(all_of("card_secrets")),
        harmless=re.compile(_any_of(all_of("harmless"))),
        linked_gap=re.compile(rf"(?:[^\w\x00]|_|{_any_of(all_of('links'))})*"),
        breaking=re.compile(_any_of(all_of("breaks"))),
        before_year=re.compile(rf"{_any_of(all_of('before'))}\s*$"),
        amount_follows=re.compile(rf"\s?{_any_of(all_of('amounts'))}"),
        count_follows=re.compile(rf"\s?{_any_of(all_of('counts'))}"),
        spelled=re.compile("|".join(_spelled(block["digits"]) for block in blocks)),
        behind=re.compile(rf"(?:{behind})(?:{secret})"),
        accounts=re.compile(rf"{_any_of(all_of('accounts'))}[^\d\x00\n。.;；]{{0,24}}$"),
        references=re.compile(rf"{_any_of(all_of('references'))}[^\d\x00\n。;；]{{0,12}}$"),
        phones=re.compile(_any_of(all_of("phones"))),
        passports=re.compile(_any_of(all_of("passports"))),
    )


def _words(value: str | list[Any]) -> list[str]:
    """Return a list's entries, an English line's words, a Chinese line's characters."""
    if isinstance(value, list):
        return [str(entry) for entry in value]
    return value.split() if " " in value.strip() else list(value.strip())


def _any_of(words: list[str]) -> str:
    """Return a pattern for any of ``words``, longest first, ASCII words as whole words only."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(_whole_word, ordered)) + ")"


def _whole_word(word: str) -> str:
    pattern = re.escape(word).replace(r"\ ", r"[\s-]+")
    if word.isascii() and word[0].isalpha():
        return rf"(?<![a-z]){pattern}(?![a-z])"
    return pattern


def _spelled(digits: dict[Any, int]) -> str:
    names = sorted(map(str, digits), key=len, reverse=True)
    any_name = "(?:" + "|".join(map(re.escape, names)) + ")"
    if all(name.isascii() for name in names):
        return rf"(?<![a-z]){any_name}(?:[ ,-]+{any_name}){{2,7}}(?![a-z-])"
    return rf"{any_name}(?:[ 、,-]?{any_name}){{2,7}}(?![十百千万亿点个])"
