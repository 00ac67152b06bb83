"""Working days, from one kept library for all jurisdictions.

``holidays`` (MIT) knows statutory holidays and make-up working days of China, TARGET closing days
and the holidays of the Federal Reserve. For China it was compared with ``chinesecalendar`` day by
day from 2014 to 2026: no difference. Where a country decrees its working days anew each year, the
library still computes a year without a decree; such a year counts as not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from bot.errors import DataError


@dataclass(frozen=True)
class AnnouncedYear:
    """A year that was entered by hand from its decree, before the library knew it."""

    off: frozenset[date]
    works: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Tell whether it is one."""
        return day in self.works or (day.weekday() < 5 and day not in self.off)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The working days of one rail or country.

    Args:
        country: ISO 3166 code for the library, or None for a market's calendar.
        market: The library's code of a financial market.
        decreed: Whether a year is unknown until its decree is in the library.
        known_through: Last day that may be relied upon.
        announced: Years entered by hand; they win over the library.
        source: Id of the source in the pack.
    """

    source: str
    country: str | None = None
    subdivision: str | None = None
    market: str | None = None
    decreed: bool = False
    known_through: date | None = None
    announced: Mapping[int, AnnouncedYear] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool | None:
        """Tell whether it is a working day; None where that calendar is not known yet."""
        if day.year in self.announced:
            return self.announced[day.year].is_working_day(day)
        if not self.knows(day):
            return None
        return bool(self._library().is_working_day(day))

    def knows(self, day: date) -> bool:
        """Tell whether the calendar of that day is known."""
        if day.year in self.announced:
            return True
        if self.decreed:
            return day.year in self._library().special_public_holidays
        return self.known_through is None or day <= self.known_through

    def check(self) -> None:
        """Look whether the library has this calendar.

        Raises:
            DataError: It has not.
        """
        try:
            self._library()
        except (NotImplementedError, KeyError, ValueError, AttributeError) as error:
            name = self.country or self.market
            raise DataError([f"the library has no calendar {name!r}: {error}"]) from error

    def _library(self) -> Any:
        return _library(self.country, self.subdivision, self.market)


@lru_cache
def _library(country: str | None, subdivision: str | None, market: str | None) -> Any:
    # Imported here because it costs a fifth of a second, which not every command should pay.
    import holidays

    if country is not None:
        return holidays.country_holidays(country, subdiv=subdivision)
    return holidays.financial_holidays(str(market))
