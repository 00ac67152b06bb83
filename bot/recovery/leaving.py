"""When a payment leaves its bank: not before one moment, and by another one at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.recovery.hours import (
    Opening,
    end_of_working_day,
    moment,
    next_moment_inside,
    next_opening,
)
from bot.recovery.packs import BankHours, Hold, Rail, RailPack, Source
from bot.recovery.payment import Payment


@dataclass(frozen=True)
class Leaving:
    """The bounds within which an order leaves its bank, in UTC.

    Args:
        held_until: Rules on arrival hold it until then at least.
        earliest: It cannot leave before.
        latest: By then it has surely left; None if nobody knows.
        opening: What the rail's hours say.
        holds: The holds that apply, surely or perhaps.
        bank_hours: The bank's own hours that apply.
        sources: Where the rules come from.
    """

    held_until: datetime
    earliest: datetime
    latest: datetime | None
    opening: Opening
    holds: tuple[Hold, ...]
    bank_hours: tuple[BankHours, ...]
    sources: tuple[Source, ...]


def leaving(payment: Payment, rail: Rail, *, rail_pack: RailPack, pack: RailPack) -> Leaving | None:
    """Return when a payment leaves its bank for a rail; None if nobody said when it was ordered.

    Args:
        payment: As far as it is known.
        rail: The rail in question.
        rail_pack: The pack that the rail is in.
        pack: The pack of the paying bank's country; has the holds and the banks' own hours.
    """
    if payment.submitted_at is None:
        return None
    submitted = payment.submitted_at.astimezone(UTC)
    holds = tuple(_applying(payment, pack, submitted))
    sure = [_ends(hold, pack, submitted) for hold, surely in holds if surely]
    held_until = min((first for first, _ in sure), default=submitted)
    latest = _latest_of([_ends(hold, pack, submitted)[1] for hold, _ in holds], submitted)
    opening = next_opening(rail, rail_pack, held_until)
    hours = tuple(_bank_hours(payment, rail, pack, submitted))
    regimes = (opening.session.regime.source,) if opening.session else (rail.source,)
    return Leaving(
        held_until=held_until,
        earliest=opening.earliest,
        latest=_latest(latest, rail, rail_pack=rail_pack, pack=pack, hours=hours),
        opening=opening,
        holds=tuple(hold for hold, _ in holds),
        bank_hours=hours,
        sources=(
            *(rail_pack.sources[name] for name in regimes),
            *(pack.sources[fact.source] for fact, _ in holds),
            *(pack.sources[fact.source] for fact in hours),
        ),
    )


def _applying(payment: Payment, pack: RailPack, submitted: datetime) -> Iterator[tuple[Hold, bool]]:
    """Yield the holds that may apply, and whether they surely do."""
    day = submitted.astimezone(pack.zone).date()
    for hold in pack.holds:
        if not hold.holds_on(day) or payment.channel == "third_party":
            continue
        doubts = [not hold.sure]
        if hold.arrival is not None:
            if payment.arrival not in (None, hold.arrival):
                continue
            doubts.append(payment.arrival is None)
        if hold.channel is not None:
            if payment.channel not in (None, hold.channel):
                continue
            doubts.append(payment.channel is None)
        if hold.not_for:
            if payment.arrival in hold.not_for:
                continue
            doubts.append(payment.arrival is None)
        yield hold, not any(doubts)


def _ends(hold: Hold, pack: RailPack, submitted: datetime) -> tuple[datetime, datetime | None]:
    """Return the earliest and the latest end of a hold; None for the latest if not known."""
    at_most = timedelta(hours=hold.at_most_hours) if hold.at_most_hours else None
    if hold.hours is not None:
        end = submitted + timedelta(hours=hold.hours)
    elif hold.working_days is not None:
        calendar = pack.calendars[str(hold.calendar)]
        last = end_of_working_day(submitted, hold.working_days, zone=pack.zone, calendar=calendar)
        return submitted, last
    else:
        tomorrow = submitted.astimezone(pack.zone).date() + timedelta(days=1)
        end = moment(tomorrow, time(0), pack.zone)
    return end, max(end, submitted + at_most) if at_most else end


def _latest_of(ends: list[datetime | None], submitted: datetime) -> datetime | None:
    known = [end for end in ends if end is not None]
    return None if len(known) < len(ends) else max(known, default=submitted)


def _bank_hours(
    payment: Payment, rail: Rail, pack: RailPack, submitted: datetime
) -> Iterator[BankHours]:
    """Yield the own hours of the paying bank; of every bank that is known, if it was not named."""
    if rail.takes in ("inside_bank", "wallet"):
        return
    day = submitted.astimezone(pack.zone).date()
    for row in pack.bank_hours:
        other_bank = payment.paying_bank not in (None, row.bank)
        small = row.above is not None and payment.amount is not None and payment.amount <= row.above
        elsewhere = row.channels and payment.channel not in (None, *row.channels)
        if row.holds_on(day) and not (other_bank or small or elsewhere):
            yield row


def _latest(
    at: datetime | None,
    rail: Rail,
    *,
    rail_pack: RailPack,
    pack: RailPack,
    hours: tuple[BankHours, ...],
) -> datetime | None:
    """Return by when the order has surely left, if every party takes as long as it may."""
    at = _latest_opening(at, rail, rail_pack)
    if at is None:
        return None
    ends: list[datetime | None] = [at]
    for row in hours:
        calendar = pack.calendars[row.calendar] if row.calendar else None
        sent = next_moment_inside(at, row.opens, row.closes, zone=pack.zone, calendar=calendar)
        ends.append(_latest_opening(sent, rail, rail_pack))
    return _latest_of(ends, at)


def _latest_opening(at: datetime | None, rail: Rail, pack: RailPack) -> datetime | None:
    if at is None:
        return None
    opening = next_opening(rail, pack, at)
    session = opening.session
    if opening.latest is None or session is None or session.voluntary_until is None:
        return opening.latest
    return max(opening.latest, session.voluntary_until)
