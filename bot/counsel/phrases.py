"""The words of counsel: a folder a language, a YAML file a concern, the same keys in every one."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError, NotFoundError

FOLDER = Path(__file__).resolve().parent / "phrases"


@dataclass(frozen=True)
class Phrases:
    """The words of one language.

    Args:
        language: Its code.
        texts: Sentences by key, with fields in braces.
        buttons: Titles of suggested replies by key; typed as text they mean the same.
    """

    language: str
    texts: dict[str, str]
    buttons: dict[str, str]

    def say(self, key: str, **fields: Any) -> str:
        """Return a sentence with its fields filled in.

        Raises:
            NotFoundError: The language has no such sentence.
        """
        try:
            return self.texts[key].format(**fields)
        except KeyError as error:
            raise NotFoundError(f"{FOLDER.name}/{self.language}: {key!r} lacks {error}") from error


@lru_cache
def phrases(language: str) -> Phrases:
    """Return the words of a language, English where there are none.

    Raises:
        DataError: The languages do not have the same keys.
    """
    every = _read_all()
    return every.get(language) or every["en"]


def button_of(text: str) -> str:
    """Return the key of the button whose title a text is, in any language, or an empty text.

    Typed by hand it may lack its capitals and its full stop.
    """
    return _titles().get(_plain(text), "")


@lru_cache
def _titles() -> dict[str, str]:
    every = _read_all().values()
    return {_plain(title): key for words in every for key, title in words.buttons.items()}


def _plain(title: str) -> str:
    """Write a title as hands write it: small letters, one kind of apostrophe, no end mark."""
    folded = unicodedata.normalize("NFKC", title).casefold().replace("’", "'")
    return " ".join(folded.split()).rstrip(".!?。 ")


@lru_cache
def _read_all() -> dict[str, Phrases]:
    every = {folder.name: _read(folder) for folder in sorted(FOLDER.iterdir())}
    problems = [
        f"{FOLDER / code}: {part}: {key!r} is missing"
        for code, words in every.items()
        for part in ("texts", "buttons")
        for key in sorted(set(getattr(every["en"], part)) ^ set(getattr(words, part)))
    ]
    if problems:
        raise DataError(problems)
    return every


def _read(folder: Path) -> Phrases:
    """Read the words of one language.

    Raises:
        DataError: Two files have the same key.
    """
    words = Phrases(folder.name, {}, {})
    problems = []
    for path in sorted(folder.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for part in ("texts", "buttons"):
            known, new = getattr(words, part), document.get(part, {})
            problems += [f"{path}: {part}: {key!r} is there twice" for key in known.keys() & new]
            known.update(new)
    if problems:
        raise DataError(problems)
    return words
