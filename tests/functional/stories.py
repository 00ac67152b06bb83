"""Stories that are data: what a customer says, what he must hear, and what the case is after it.

One YAML file holds one story in one language::

    title: He shares his screen
    customer: C-1001            # None for a visitor
    turns:
      - says: …                 # or: presses, with the key of a button
        hears: [on_the_phone]   # keys of bot/counsel/phrases, in any order
        words: [flight mode]    # words of the answer, where its key is not enough
        silent_on: [told_manager]
        card: manager           # the kind of contact card beneath the answer
        asks: hung_up_yet       # the question that is open afterwards
    case:
      level: scam
      exposure: engaged
      script: fake_card_debt
      reasons: [on_the_phone_now]
      asked: [M-01]
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from bot.counsel.phrases import phrases

FOLDER = Path(__file__).with_name("stories")
_FIELD = re.compile(r"\\\{\w+\\\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(_Strict):
    """One message and what must come back."""

    says: str = ""
    presses: str = ""
    hears: list[str] = []
    words: list[str] = []
    silent_on: list[str] = []
    card: Literal["manager", "duty_desk"] | None = None
    asks: str | None = None


class ExpectedCase(_Strict):
    """What the case is when the story has ended; what is left out may be anything."""

    level: str | None = None
    exposure: str | None = None
    script: str | list[str] | None = None
    red_flags: list[str] = []
    reasons: list[str] = []
    asked: list[str] = []
    events: list[str] = []
    payment: dict[str, Any] = {}
    nobody_asked: bool = False


class Story(_Strict):
    """One story in one language; ``case`` is None where none may be opened.

    What ``varies`` (drawn words, a quiz, what the worker has sent by then) leaves a transcript that
    is read and not compared.
    """

    title: str
    customer: str | None = None
    varies: bool = False
    turns: list[Turn]
    case: ExpectedCase | None = None


def stories() -> dict[str, Story]:
    """Return all stories by ``<name>_<language>``."""
    return {
        f"{path.stem}_{path.parent.name}": _read(path)
        for path in sorted(FOLDER.glob("*/*.yml"), key=lambda path: (path.stem, path.parent.name))
    }


def sounds_like(key: str, language: str) -> re.Pattern[str]:
    """Return the pattern of a phrase, whatever its fields are filled with.

    Args:
        key: A key of the phrases' texts.
        language: Whose words.
    """
    template = phrases(language).texts[key].strip()
    return re.compile(_FIELD.sub(r"[\\s\\S]*?", re.escape(template)))


def _read(path: Path) -> Story:
    return Story.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
