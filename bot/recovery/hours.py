"""When a rail is open, in the clock time of its country; all results are in UTC.

Two moments of one zone compare by their wall clocks in Python, which goes wrong in the night the
clocks change. So everything here is turned into UTC first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.recovery.calendars import Calendar
from bot.recovery.packs import Rail, RailPack, Regime

#: No holiday of any country is as long; behind that we stop looking.
_MOST_DAYS = 60
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Session:
    """The hours of a rail for one working day.

    Args:
        day: The working day.
        sure: False where nobody knows yet whether it is a working day.
        voluntary_until: Until then banks take part only if they wish.
        manual_by: By then the receiving bank has credited by hand what came before.
    """

    day: date
    opens: datetime
    closes: datetime
    regime: Regime
    sure: bool
    voluntary_until: datetime | None
    manual_by: datetime | None


@dataclass(frozen=True)
class Opening:
    """When a rail next takes business.

    Args:
        earliest: Not before this moment, even if days not known turn out to be working days.
        latest: Surely from this moment on; None if nobody knows.
        session: The session of the earliest moment; None for a rail that never closes.
        unknown_year: The first year whose calendar was needed and is not known.
    """

    earliest: datetime
    latest: datetime | None
    session: Session | None = None
    unknown_year: int | None = None


def next_opening(rail: Rail, pack: RailPack, at: datetime) -> Opening:
    """Return when a rail takes business that comes at some moment.

    Args:
        rail: With its hours.
        pack: Has its zone and calendar.
        at: Aware.
    """
    at = at.astimezone(UTC)
    if rail.hours == "always":
        return Opening(at, at)
    if rail.hours == "unknown" or rail.calendar is None:
        return Opening(at, None)
    return _session_opening(rail, pack, at)


def _session_opening(rail: Rail, pack: RailPack, at: datetime) -> Opening:
    calendar = pack.calendars[str(rail.calendar)]
    earliest: Session | None = None
    unknown_year: int | None = None
    day = at.astimezone(pack.zone).date()
    for _ in range(_MOST_DAYS):
        session = _session(rail, calendar, pack.zone, day)
        if session is not None and session.closes > at:
            earliest = earliest or session
            if session.sure:
                opens = max(at, earliest.opens)
                latest = max(at, session.opens) if unknown_year is None else None
                return Opening(opens, latest, earliest, unknown_year)
            unknown_year = unknown_year or day.year
        day += _ONE_DAY
    # Either the calendar ends here, or no hours are known for that time.
    first = max(at, earliest.opens) if earliest else at
    return Opening(first, None, earliest, unknown_year)


def _session(rail: Rail, calendar: Calendar, zone: ZoneInfo, day: date) -> Session | None:
    works = calendar.is_working_day(day)
    regime = next((one for one in rail.regimes if one.holds_on(day)), None)
    if works is False or regime is None:
        return None
    opening_day = day - _ONE_DAY if regime.opens_day == "day_before" else day
    return Session(
        day=day,
        opens=moment(opening_day, regime.opens, zone),
        closes=moment(day, regime.closes, zone),
        regime=regime,
        sure=works is True,
        voluntary_until=_maybe(day, regime.voluntary_until, zone),
        manual_by=_maybe(day, regime.manual_by, zone),
    )


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a wall-clock time as a moment in UTC; of two such moments, the earlier one."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _maybe(day: date, clock: time | None, zone: ZoneInfo) -> datetime | None:
    return None if clock is None else moment(day, clock, zone)


def next_moment_inside(
    at: datetime, opens: time, closes: time, *, zone: ZoneInfo, calendar: Calendar | None
) -> datetime | None:
    """Return the first moment from `at` on that lies inside a bank's own hours; None if unknown."""
    day = at.astimezone(zone).date()
    for _ in range(_MOST_DAYS):
        works = True if calendar is None else calendar.is_working_day(day)
        if works is None:
            return None
        if works and moment(day, closes, zone) > at:
            return max(at, moment(day, opens, zone))
        day += _ONE_DAY
    return None


def end_of_working_day(
    at: datetime, number: int, *, zone: ZoneInfo, calendar: Calendar
) -> datetime | None:
    """Return the end of the so-manieth working day after a moment; None if not known."""
    day = at.astimezone(zone).date()
    counted = 0
    for _ in range(_MOST_DAYS):
        day += _ONE_DAY
        works = calendar.is_working_day(day)
        if works is None:
            return None
        counted += works
        if counted == number:
            return moment(day + _ONE_DAY, time(0), zone)
    return None
