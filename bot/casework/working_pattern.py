"""When somebody is at work: ``Mon-Fri 08:30-17:30; Sat 09:00-12:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_SHIFT = re.compile(r"(?P<days>[A-Za-z,\- ]+?)\s+(?P<start>\d\d:\d\d)\s*-\s*(?P<end>\d\d:\d\d)")
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class WorkingPattern:
    """The hours of a week in which somebody is at work; none at all means day and night.

    Args:
        shifts: Weekday (0 is Monday), first minute and last minute of it; the last may lie
            beyond midnight.
    """

    shifts: tuple[tuple[int, int, int], ...]

    def covers(self, local: datetime) -> bool:
        """Tell whether a moment is inside the hours.

        Args:
            local: The moment by the clock on the wall of the workplace.
        """
        if not self.shifts:
            return True
        minute = local.hour * 60 + local.minute
        yesterday = (local - timedelta(days=1)).weekday()
        return any(
            (day == local.weekday() and start <= minute < end)
            or (day == yesterday and minute + _MINUTES_OF_A_DAY < end)
            for day, start, end in self.shifts
        )


def parse_working_pattern(text: str) -> WorkingPattern:
    """Read a working pattern.

    Days are English three-letter names, single (``Sat``), listed (``Mon,Wed``) or from one to
    another (``Fri-Mon``). An end before the start lies on the next day; ``24:00`` is midnight.

    Args:
        text: Shifts with semicolons between them; empty means day and night.

    Raises:
        ValueError: The text is not of that form; the message says which part.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return WorkingPattern(tuple(shift for part in parts for shift in _shifts(part)))


def _shifts(part: str) -> list[tuple[int, int, int]]:
    match = _SHIFT.fullmatch(part)
    if match is None:
        raise ValueError(f'"{part}" is no working pattern; write it like Mon-Fri 08:30-17:30')
    start, end = _minute(match["start"]), _minute(match["end"])
    if start == _MINUTES_OF_A_DAY:
        raise ValueError(f'"{part}" begins at 24:00; write 00:00 of the next day')
    if end <= start:
        end += _MINUTES_OF_A_DAY
    return [(day, start, end) for day in _days(match["days"])]


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _, last = (name.strip() for name in part.partition("-"))
        start = _day(first)
        length = (_day(last or first) - start) % 7 + 1
        days.extend((start + step) % 7 for step in range(length))
    return days


def _day(name: str) -> int:
    try:
        return DAYS.index(name.capitalize())
    except ValueError:
        raise ValueError(f'"{name}" is no day; write one of {", ".join(DAYS)}') from None


def _minute(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    minute = hours * 60 + minutes
    if minutes >= 60 or minute > _MINUTES_OF_A_DAY:
        raise ValueError(f'"{text}" is no time of day; write it like 08:30')
    return minute
