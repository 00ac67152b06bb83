"""The values that times are made of, and how they come to a moment in the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Precision = Literal["minute", "hour", "day"]
Part = Literal["dawn", "morning", "noon", "afternoon", "evening", "night"]

Day = Callable[[date], list[date]]
"""Given today, the days that may be meant, the latest first; none if only the future can be."""

# When a part of the day begins, and the hour that stands for it when no clock time is said.
_PARTS: dict[Part, tuple[int, int]] = {
    "dawn": (0, 3),
    "morning": (5, 9),
    "noon": (11, 12),
    "afternoon": (12, 15),
    "evening": (17, 20),
    "night": (18, 22),
}
_NOON = 12
_SMALL_HOURS = 5
"""Until then people still call the night by the day on which it began."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the clock.

    Args:
        hour: As said, 0 to 24.
        minute: As said, or 0.
        precise_to: ``minute`` where minutes were said.
        sure: Whether the hour is one of 24; otherwise it may be twelve hours later.
        meridiem: ``am``, ``pm`` or empty.
    """

    hour: int
    minute: int = 0
    precise_to: Precision = "hour"
    sure: bool = False
    meridiem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a time, by its place in the text; what is not said is None.

    Args:
        start: First character.
        end: One after the last character.
        day: The days that may be meant.
        part: The part of the day.
        clock: The time of the clock.
        ago: How long before the present.
        ago_precise_to: The smallest unit that ``ago`` settles.
        now: Whether it means the present ("just now").
        with_year: Whether the day has its year, as records write it: their hours go to 24.
        month_first_only: Whether it is a date only if the month stands before the day.
        deadline: Whether it says until when, which is no moment of a payment.
    """

    start: int
    end: int
    day: Day | None = None
    part: Part | None = None
    clock: Clock | None = None
    ago: timedelta | None = None
    ago_precise_to: Precision = "minute"
    now: bool = False
    with_year: bool = False
    month_first_only: bool = False
    deadline: bool = False

    def can_join(self, other: Piece) -> bool:
        """Tell whether two pieces may speak of one moment: neither repeats the other."""
        relative = self.now or other.now or self.ago is not None or other.ago is not None
        twice = (
            (self.day and other.day) or (self.part and other.part) or (self.clock and other.clock)
        )
        return not relative and not twice

    def joined(self, other: Piece) -> Piece:
        """Return both pieces as one."""
        clock = self.clock or other.clock
        if clock and (self.with_year or other.with_year):
            clock = replace(clock, sure=True)
        return Piece(
            start=self.start,
            end=other.end,
            day=self.day or other.day,
            part=self.part or other.part,
            clock=clock,
            with_year=self.with_year or other.with_year,
            deadline=self.deadline or other.deadline,
        )

    @property
    def telling(self) -> int:
        """How much it tells, to choose among several: the more, the better."""
        if self.now:
            return 1
        if self.clock:
            return 4
        return 5 if self.ago is not None else (3 if self.day else 2)


def moment(
    piece: Piece, *, now: datetime, zone: ZoneInfo, tolerance: timedelta
) -> tuple[datetime, Precision] | None:
    """Return the latest moment not after ``now`` that a piece can mean, and how precise it is.

    Args:
        piece: What was said.
        now: The present, aware.
        zone: The zone whose clocks the customer reads.
        tolerance: How far ahead of ours the customer's clock may go.

    Returns:
        None when only a moment in the future is meant. An hour that a change to summer time
        skips counts as the hour after it, one that comes twice as the later past one.
    """
    if piece.now:
        return now.astimezone(zone), "minute"
    if piece.ago is not None:
        return (now.astimezone(UTC) - piece.ago).astimezone(zone), piece.ago_precise_to
    # Moments are compared in UTC: within one zone Python compares what clocks show.
    present = now.astimezone(UTC)
    for wall, precise_to, earliest in _walls(piece, now.astimezone(zone)):
        for at, begin in zip(_real(wall, zone), _real(earliest, zone), strict=False):
            if (begin if precise_to == "day" else at) <= present + tolerance:
                return min(at, present).astimezone(zone), precise_to
    return None


def _real(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the moments, in UTC, at which clocks show ``wall``, the latest first.

    There are two in an hour that comes twice, one otherwise; a skipped hour is left for the next.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return [second, first] if second > first else [first]


def _walls(piece: Piece, here: datetime) -> Iterator[tuple[datetime, Precision, datetime]]:
    """Yield what clocks may have shown, the latest first, with the earliest that would fit."""
    today = here.date()
    days = piece.day(today) if piece.day else [today, today - timedelta(days=1)]
    if piece.part and here.hour < _SMALL_HOURS and days[:1] == [today]:
        # After midnight `今晚八点` and "tonight at eight" still mean the evening before.
        days = [*days, today - timedelta(days=1)]
    if piece.clock is None:
        begin, middle = _PARTS[piece.part] if piece.part else (0, _NOON)
        for day in days:
            start = datetime.combine(day, time(begin))
            yield datetime.combine(day, time(middle)), "day", start
        return
    walls = [
        datetime.combine(day, time(0)) + timedelta(hours=hour, minutes=piece.clock.minute)
        for day in days
        for hour in _hours(piece.clock, piece.part)
    ]
    for wall in sorted(walls, reverse=True):
        yield wall, piece.clock.precise_to, wall


def _hours(clock: Clock, part: Part | None) -> list[int]:
    """Return the hours that may be meant; from 24 on they belong to the day after."""
    hour = clock.hour
    if clock.meridiem:
        return [hour % 12 + (12 if clock.meridiem == "pm" else 0)]
    if hour > 12 or hour == 0 or (clock.sure and part is None):
        # The night of a day ends after midnight: `昨晚0点` is the beginning of today.
        return [hour + 24] if part in ("evening", "night") and hour < _SMALL_HOURS else [hour]
    if part is None:
        return [hour % 12, hour % 12 + 12]
    if part == "dawn":
        # `半夜十一点` is before midnight, all else of the small hours behind it.
        return [hour + 12] if 9 <= hour < 12 else [hour % 12]
    if part == "morning":
        return [hour]
    if part == "noon":
        return [hour if hour >= 10 else hour + 12]
    if part == "afternoon":
        return [hour % 12 + 12]
    return [hour % 12 + 24] if hour == 12 or hour < _SMALL_HOURS else [hour + 12]
