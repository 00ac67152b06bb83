"""The words of the rail clock for staff, one file a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import NotFoundError

_FOLDER = Path(__file__).resolve().parent / "words"


@dataclass(frozen=True)
class ClockWords:
    """The words of one language."""

    language: str
    texts: Mapping[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def say(self, key: str, **given: object) -> str:
        """Fill a text in."""
        return self.texts[key].format(**given)

    def moment(self, moment: datetime) -> str:
        """Write a date and time in its own zone, with seconds only where there are any."""
        seconds = f":{moment:%S}" if moment.second else ""
        return self.texts["moment"].format(
            weekday=self.weekdays[moment.weekday()],
            day=moment.day,
            month=self.months[moment.month - 1],
            year=moment.year,
            clock=f"{moment:%H:%M}{seconds}",
            offset=f"UTC{moment:%:z}".removesuffix(":00"),
        )

    def length(self, length: timedelta) -> str:
        """Write a length of time, to the second below one hour."""
        total = max(0, int(length.total_seconds()))
        hours, rest = divmod(total, 3600)
        minutes, seconds = divmod(rest, 60)
        if hours:
            return self.say("hours_minutes", hours=hours, minutes=f"{minutes:02}")
        return self.say("minutes_seconds", minutes=minutes, seconds=f"{seconds:02}")


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are words in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def clock_words(language: str) -> ClockWords:
    """Return the words of a language.

    Raises:
        NotFoundError: There are none.
    """
    if language not in languages():
        known = ", ".join(languages())
        raise NotFoundError(f"language: the rail clock has no {language!r}; choose one of {known}.")
    path = _FOLDER / f"{language}.yml"
    document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    return ClockWords(
        language=language,
        texts=document["texts"],
        weekdays=tuple(document["weekdays"]),
        months=tuple(map(str, document["months"])),
    )
