"""The rail clock for an order of which nobody knows the exact moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.recovery.candidates import Reason
from bot.recovery.clock import Candidate, ClockView, rail_clock
from bot.recovery.ladder import STATE_UNKNOWN, Rung, merged
from bot.recovery.packs import RailPacks
from bot.recovery.payment import Payment

_One = TypeVar("_One")
#: "About eight" may be half an hour before or after it.
HALF_AN_HOUR = timedelta(minutes=30)


def span_of(
    submitted: datetime, precise_to: str | None, *, zone: ZoneInfo, told: datetime
) -> tuple[datetime, datetime]:
    """Return the earliest and the latest moment that words about a payment may mean.

    Args:
        submitted: The moment that the words name, aware.
        precise_to: ``minute``, ``hour`` or ``day``; None counts as ``minute``.
        zone: The zone whose clocks the customer reads.
        told: When the customer told of it: it was not later than that.
    """
    if precise_to == "hour":
        first, last = submitted - HALF_AN_HOUR, submitted + HALF_AN_HOUR
    elif precise_to == "day":
        first = submitted.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        last = first.replace(hour=23, minute=59, second=59)
    else:
        return submitted, submitted
    return first, max(submitted, min(last, told))


def clock_between(
    payment: Payment, packs: RailPacks, *, earliest: datetime, latest: datetime, now: datetime
) -> ClockView:
    """Tell where a payment stands that was ordered at some moment between two.

    What holds at both ends is shown, until the sooner end; where they differ, it is not known.

    Args:
        payment: As far as it is known; its own moment is shown and not counted with.
        packs: See `load_rail_packs`.
        earliest: It was ordered not before then, aware.
        latest: It was ordered not after then, aware.
        now: Aware.

    Raises:
        DataError: As `rail_clock` does.
    """
    early = rail_clock(replace(payment, submitted_at=earliest), packs, now=now)
    if earliest == latest:
        return early
    late = rail_clock(replace(payment, submitted_at=latest), packs, now=now)
    return replace(
        early,
        payment=payment,
        candidates=_candidates(early, late),
        ruled_out=tuple(
            one
            for one in early.ruled_out
            if one.rail.id in {other.rail.id for other in late.ruled_out}
        ),
        ladder=_ladder([early.ladder, late.ladder]),
        notes=_once(early.notes, late.notes),
        overdue=_once(early.overdue, late.overdue),
    )


def _candidates(early: ClockView, late: ClockView) -> tuple[Candidate, ...]:
    """Join the rails of both ends; a state counts where both ends have it."""
    later = {one.rail_id: one for one in late.candidates}
    joined = [_joined(one, later.pop(one.rail_id, None)) for one in early.candidates]
    return (*joined, *(_joined(one, None) for one in later.values()))


def _joined(one: Candidate, other: Candidate | None) -> Candidate:
    """Join one rail of both ends: the moments of the sooner one count, until the later end."""
    if other is None:
        return replace(one, state=STATE_UNKNOWN)
    leaves = one.leaves
    if leaves is not None and other.leaves is not None:
        leaves = replace(leaves, latest=other.leaves.latest)
    return replace(
        one,
        leaves=leaves,
        state=one.state if one.state == other.state else STATE_UNKNOWN,
        ladder=_ladder([one.ladder, other.ladder]),
    )


def _ladder(ladders: Sequence[tuple[Rung, ...]]) -> tuple[Rung, ...]:
    """Merge the ladders of both ends, and say that the moment is what is missing."""
    given = {reason.key for ladder in ladders for rung in ladder for reason in rung.why}
    return tuple(
        replace(rung, why=(Reason("time_not_precise"),))
        if [reason.key for reason in rung.why] == ["depends_on_rail"]
        and "depends_on_rail" not in given
        else rung
        for rung in merged(ladders)
    )


def _once(early: tuple[_One, ...], late: tuple[_One, ...]) -> tuple[_One, ...]:
    return (*early, *(one for one in late if one not in early))
