"""When a customer in danger is asked again: pure time, in the customer's own zone.

A caller who has lost his victim in the afternoon rings again in the evening, when nobody sits
beside the customer any more. Hence two early looks, one at eight in the evening, one next morning.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

TWENTY_MINUTES = timedelta(minutes=20)
ONE_HOUR = timedelta(hours=1)
EVENING = time(20, 0)
MORNING = time(8, 0)

#: From here on nobody is woken, but for the first hours of a danger.
NIGHT_BEGINS = time(22, 0)
NIGHT_ENDS = time(7, 0)

#: Two contacts that would come closer than this are one.
MERGED_WITHIN = timedelta(minutes=10)

#: An early follow-up that came into the night late by more than this does not wake anybody.
LATE_AT_NIGHT = timedelta(hours=1)

#: How long an unanswered follow-up is no silence yet. In the morning people may still be asleep.
SILENT_AFTER = timedelta(minutes=15)
SILENT_AFTER_IN_THE_MORNING = timedelta(minutes=60)

EARLY_KINDS = ("twenty_minutes", "one_hour")


class FollowUpTime(NamedTuple):
    """One moment at which the customer is asked again."""

    kind: str
    due: datetime
    """In UTC."""


def follow_up_times(danger: datetime, *, zone: ZoneInfo) -> tuple[FollowUpTime, ...]:
    """Return when a customer is asked again after a danger, the earliest first.

    Of two that would come within ten minutes of each other the earlier one is kept, and what
    would come within ten minutes of the danger itself is left out: he is talking to us then.
    A wall time that the clocks leave out comes as much later as they jump; of one that they show
    twice the first that is still ahead counts.

    Args:
        danger: The moment at which the customer told of it, aware.
        zone: The customer's time zone.
    """
    danger = danger.astimezone(UTC)
    today = danger.astimezone(zone).date()
    wished = [
        FollowUpTime("twenty_minutes", danger + TWENTY_MINUTES),
        FollowUpTime("one_hour", danger + ONE_HOUR),
        FollowUpTime("evening", _ahead(today, EVENING, zone=zone, after=danger)),
        FollowUpTime(
            "morning", _ahead(_morning_of(danger, zone), MORNING, zone=zone, after=danger)
        ),
    ]
    kept: list[FollowUpTime] = []
    last = danger
    for one in sorted(wished, key=lambda wish: wish.due):
        if one.due - last > MERGED_WITHIN:
            kept.append(one)
            last = one.due
    return tuple(kept)


def silent_after(kind: str) -> timedelta:
    """Return how long a follow-up may stay unanswered before that is silence."""
    return SILENT_AFTER_IN_THE_MORNING if kind == "morning" else SILENT_AFTER


def may_be_asked(kind: str, *, due: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a follow-up that is due may be asked now, or would wake somebody for nothing.

    Args:
        kind: The follow-up's kind.
        due: When it was due, aware.
        now: The moment, aware.
        zone: The customer's time zone.
    """
    if not is_night(now, zone=zone):
        return True
    return kind in EARLY_KINDS and now - due <= LATE_AT_NIGHT


def is_night(now: datetime, *, zone: ZoneInfo) -> bool:
    """Tell whether it is between ten in the evening and seven in the morning in a zone."""
    wall = now.astimezone(zone).time()
    return wall >= NIGHT_BEGINS or wall < NIGHT_ENDS


def end_of_night(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Return when the night that it is now in a zone ends, in UTC."""
    return _ahead(_morning_of(now, zone), NIGHT_ENDS, zone=zone, after=now)


def _morning_of(danger: datetime, zone: ZoneInfo) -> date:
    """Return the day of the next morning; who is in danger before seven has it the same day."""
    local = danger.astimezone(zone)
    return local.date() if local.time() < NIGHT_ENDS else local.date() + timedelta(days=1)


def _ahead(day: date, wall: time, *, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first moment after another at which the clocks show a time on a day.

    Returns:
        In UTC; where no such moment is left, the last one, which has passed.
    """
    wished = datetime.combine(day, wall, zone)
    moments = [wished.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = [at for at in moments if _plain(at.astimezone(zone)) == _plain(wished)]
    if not shown:  # In a gap the first reading is the one that comes as much later.
        return moments[0]
    return next((at for at in shown if at > after), shown[-1])


def _plain(local: datetime) -> datetime:
    return local.replace(tzinfo=None, fold=0)
