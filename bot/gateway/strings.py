"""The words of the pages and of the errors, in every language of ``strings.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.bank import Bank

DEFAULT_LANGUAGE = "en"
_FILE = Path(__file__).with_name("strings.yml")


class Strings:
    """All words, with the bank's name and numbers filled in.

    Args:
        bank: Whose name and numbers.
    """

    def __init__(self, bank: Bank) -> None:
        self._blocks: dict[str, dict[str, Any]] = {
            language: _filled(
                block,
                _braces(bank.fields(language)),
            )
            for language, block in _read().items()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages, the default one first."""
        return tuple(self._blocks)

    def of(self, language: str) -> dict[str, Any]:
        """Return the words of a language, or of the default one where it is unknown."""
        return self._blocks.get(language) or self._blocks[DEFAULT_LANGUAGE]

    def language(self, *wishes: str | None) -> str:
        """Return the first wish that we speak.

        Args:
            wishes: Language tags (``zh-Hans-CN``) or ``Accept-Language`` headers, best first.
        """
        for wish in wishes:
            for tag in _tags(wish or ""):
                if tag in self._blocks:
                    return tag
        return DEFAULT_LANGUAGE


def _tags(wish: str) -> list[str]:
    """Return the primary tags of an ``Accept-Language`` value, best first."""
    weighted: list[tuple[float, str]] = []
    for part in wish.split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        weighted.append((-quality, tag.strip().lower().split("-")[0]))
    return [tag for _, tag in sorted(weighted, key=lambda one: one[0])]


def _braces(fields: dict[str, str]) -> dict[str, str]:
    """Return the fields by their braces; a telephone number never breaks over two lines."""
    return {
        "{" + name + "}": text if name == "bank" else text.replace(" ", "\u00a0")
        for name, text in fields.items()
    }


@cache
def _read() -> dict[str, dict[str, Any]]:
    blocks: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return blocks


def _filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(entry, known) for key, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, known) for entry in value]
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace(name, text)
    return value
