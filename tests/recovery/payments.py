"""Builders of payments for the tests of the rail clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.recovery import ClockView, Payment, RailPacks, Rung, load_rail_packs, rail_clock

PACKS: RailPacks = load_rail_packs()
#: The sum of the story that the product is built on.
SEED = Decimal(1_700_000)


def local(text: str, jurisdiction: str = "cn") -> datetime:
    """Read a wall-clock time of a country."""
    return datetime.fromisoformat(text).replace(tzinfo=PACKS.jurisdiction(jurisdiction).zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def view_of(
    ordered: str | None, *, now: str | None = None, jurisdiction: str = "cn", **given: Any
) -> ClockView:
    """Ask the clock; without `now`, at the second of the order."""
    at = local(ordered, jurisdiction) if ordered else None
    moment = local(now, jurisdiction) if now else at
    assert moment is not None
    given.setdefault("amount", SEED)
    payment = Payment(jurisdiction=jurisdiction, submitted_at=at, **given)
    return rail_clock(payment, PACKS, now=moment)


def seed(ordered: str, *, now: str | None = None, **given: Any) -> ClockView:
    """The story's payment: 1.7 million by corporate online banking, to arrive in real time."""
    given.setdefault("arrival", "real_time")
    return view_of(ordered, now=now, channel="corporate_online", **given)


def rung(view: ClockView, name: str, *, rail: str | None = None) -> Rung:
    """Return one rung of the whole ladder, or of one rail's."""
    ladder = view.ladder
    if rail is not None:
        ladder = next(one.ladder for one in view.candidates if one.rail_id == rail)
    return next(one for one in ladder if one.id == name)


def rails(view: ClockView) -> dict[str, str]:
    """Return how likely each rail is."""
    judged = [*(one.choice for one in view.candidates), *view.ruled_out]
    return {one.rail.id: one.likelihood for one in judged}


def window(view: ClockView) -> timedelta:
    """Return how long the order surely stays in its bank."""
    until = rung(view, "cancel_inside_bank").until
    assert until is not None
    return until - view.now


def clock_time(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
