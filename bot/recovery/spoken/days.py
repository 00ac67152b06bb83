"""The days that people name, each as a function of today that lists what may be meant."""

from __future__ import annotations

from datetime import date, timedelta

from bot.recovery.spoken.time_values import Day

_YEARS_BACK = 2
_MONTHS_BACK = 3


def days_from_today(count: int) -> Day:
    """Return the day ``count`` days from today; a day to come is no day of a payment."""

    def read(today: date) -> list[date]:
        try:
            return [today + timedelta(days=count)] if count <= 0 else []
        except OverflowError:
            return []

    return read


def weekday(number: int, *, weeks_back: int | None) -> Day:
    """Return a day of the week.

    Args:
        number: 0 for Monday.
        weeks_back: 0 for this week's, 1 for last week's; None for the latest one, today included.
    """

    def read(today: date) -> list[date]:
        if weeks_back is None:
            latest = today - timedelta(days=(today.weekday() - number) % 7)
            return [latest, latest - timedelta(days=7)]
        monday = today - timedelta(days=today.weekday() + 7 * weeks_back)
        day = monday + timedelta(days=number)
        return [day] if day <= today else []

    return read


def weekday_before_today(number: int) -> Day:
    """Return the latest such day of the week before today, as in "last Friday"."""
    return lambda today: [today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)]


def calendar_day(*, year: int | None = None, month: int | None = None, day: int) -> Day:
    """Return a date of which the year, or the year and the month, may be left unsaid."""

    def read(today: date) -> list[date]:
        if month is None:
            counted = [today.year * 12 + today.month - 1 - back for back in range(_MONTHS_BACK)]
            found = [_date(months // 12, months % 12 + 1, day) for months in counted]
        elif year is None:
            found = [_date(today.year - back, month, day) for back in range(_YEARS_BACK)]
        else:
            found = [_date(year, month, day)]
        return [one for one in found if one and one <= today]

    return read


def is_date(*, year: int = 2024, month: int, day: int) -> bool:
    """Tell whether there is such a day; the year that stands for an unsaid one is a leap year."""
    return _date(year, month, day) is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
