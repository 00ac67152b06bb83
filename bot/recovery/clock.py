"""The rail clock: where a payment stands now, and which way back still works.

Pure: the packs and the moment are passed in. What cannot be known is said to be unknown; where a
rule leaves doubt, the earlier end counts, because a deadline that is too late costs the money.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.errors import DataError
from bot.recovery.candidates import LIKELY, UNLIKELY, RailChoice, Reason, rail_choices
from bot.recovery.ladder import NO_LONGER, Rung, ladder_off_rails, ladder_on, merged, state_on
from bot.recovery.leaving import Leaving, leaving
from bot.recovery.packs import RailPack, RailPacks, Source
from bot.recovery.payment import Payment, check_moment

#: Clocks of customers and banks differ; an order may seem to lie this far ahead.
CLOCK_DIFFERENCE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A rail that the payment may be on.

    Args:
        choice: The rail, how likely it is, and why.
        leaves: When the order leaves its bank; None if nobody said when it was given.
        state: ``held``, ``waiting``, ``perhaps_in_bank``, ``sent``, ``settled`` or ``unknown``.
        ladder: The stop ladder on this rail.
    """

    choice: RailChoice
    leaves: Leaving | None
    state: str
    ladder: tuple[Rung, ...]

    @property
    def rail_id(self) -> str:
        """Return the rail's id."""
        return self.choice.rail.id


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """What the clock shows. All moments are in UTC; the pack has the zone to write them in.

    Args:
        payment: What was asked about.
        pack: The pack of the paying bank's country.
        now: The moment it was asked.
        candidates: The rails that it may be on, the likeliest first.
        ruled_out: The other rails, with why.
        ladder: The stop ladder over the likeliest rails; sure only where they agree.
        notes: What staff must know beside it (a calendar that is not known yet, ...).
        overdue: Sources of facts used here that are past their review date.
    """

    payment: Payment
    pack: RailPack
    now: datetime
    candidates: tuple[Candidate, ...]
    ruled_out: tuple[RailChoice, ...]
    ladder: tuple[Rung, ...]
    notes: tuple[Reason, ...]
    overdue: tuple[Source, ...]

    @property
    def rung(self) -> Rung:
        """Return the rung to take first: the first that works or may work."""
        return next(rung for rung in self.ladder if rung.state != NO_LONGER)

    @property
    def deadline(self) -> datetime | None:
        """Return until when the first rung surely works, in UTC; None if it has no known end."""
        return self.rung.until


def rail_clock(payment: Payment, packs: RailPacks, *, now: datetime) -> ClockView:
    """Tell where a payment stands and which way back still works.

    Args:
        payment: As far as it is known.
        packs: See `load_rail_packs`.
        now: Aware.

    Raises:
        DataError: The moment is naive, the order lies ahead of it, or the packs know no such
            jurisdiction, currency or bank; with all problems, each as ``field: problem``.
    """
    check_moment("now", now)
    pack = packs.jurisdiction(payment.jurisdiction)
    if problems := list(_problems(payment, packs, pack, now)):
        raise DataError(problems)
    now = _not_before(payment, now.astimezone(UTC))
    choices = rail_choices(payment, pack, packs)
    # Where nothing fits what was said, something said is wrong, and no rail may be ruled out.
    open_choices = [one for one in choices if one.likelihood != UNLIKELY] or choices
    candidates = tuple(_candidate(payment, choice, pack, now) for choice in open_choices)
    leading = _leading(candidates)
    return ClockView(
        payment=payment,
        pack=pack,
        now=now,
        candidates=candidates,
        ruled_out=tuple(choice for choice in choices if choice not in open_choices),
        ladder=merged([one.ladder for one in leading]),
        notes=_once(_notes(candidates, pack)),
        overdue=_overdue(candidates, pack, now),
    )


def off_rails(
    payment: Payment, packs: RailPacks, *, state: str, why: str, now: datetime
) -> ClockView:
    """Return a view without rails and deadlines, for money that went a way unknown here.

    Args:
        payment: As far as it is known.
        packs: See `load_rail_packs`.
        state: What is to be said of the banks' own ways back, ``no_longer`` or ``unknown``.
        why: A key of the clock's words.
        now: Aware.

    Raises:
        DataError: The packs know no such jurisdiction.
    """
    check_moment("now", now)
    pack = packs.jurisdiction(payment.jurisdiction)
    reason = Reason(why)
    return ClockView(
        payment=payment,
        pack=pack,
        now=now.astimezone(UTC),
        candidates=(),
        ruled_out=(),
        ladder=ladder_off_rails(pack, state=state, why=reason),
        notes=(reason,),
        overdue=(),
    )


def _problems(payment: Payment, packs: RailPacks, pack: RailPack, now: datetime) -> Iterator[str]:
    if payment.currency is not None and payment.currency not in packs.currencies:
        known = ", ".join(sorted(packs.currencies))
        yield f"currency: {payment.currency!r} is not known; choose one of {known}"
    if payment.paying_bank is not None and payment.paying_bank not in pack.banks:
        yield (
            f"paying_bank: payment_rails/{pack.id}.yml has no bank {payment.paying_bank!r}; "
            "add it there, or leave it out"
        )
    if payment.receiving_bank is not None and packs.bank(payment.receiving_bank) is None:
        yield (
            f"receiving_bank: no file of payment_rails has a bank {payment.receiving_bank!r}; "
            "add it there, or leave it out"
        )
    if payment.submitted_at is not None and payment.submitted_at > now + CLOCK_DIFFERENCE:
        yield (
            f"submitted_at: {payment.submitted_at.isoformat()} lies after {now.isoformat()}; "
            "correct the day or the time"
        )


def _not_before(payment: Payment, now: datetime) -> datetime:
    """Return the moment, or that of the order where clocks differ a little."""
    return now if payment.submitted_at is None else max(now, payment.submitted_at.astimezone(UTC))


def _candidate(payment: Payment, choice: RailChoice, pack: RailPack, now: datetime) -> Candidate:
    leaves = leaving(payment, choice.rail, rail_pack=choice.pack, pack=pack)
    return Candidate(
        choice=choice,
        leaves=leaves,
        state=state_on(choice, leaves, now=now),
        ladder=ladder_on(choice, leaves, pack=pack, now=now),
    )


def _leading(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return the likely rails, or all where none is likely."""
    likely = tuple(one for one in candidates if one.choice.likelihood == LIKELY)
    return likely or candidates


def _notes(candidates: tuple[Candidate, ...], pack: RailPack) -> Iterator[Reason]:
    if all(one.choice.likelihood == UNLIKELY for one in candidates):
        yield Reason("nothing_fits")
    years = {one.leaves.opening.unknown_year for one in candidates if one.leaves}
    for year in sorted(year for year in years if year is not None):
        yield Reason("calendar_not_known", {"year": year})
    for one in candidates:
        if one.leaves is None:
            continue
        if one.choice.rail.hours == "sessions" and one.leaves.opening.session is None:
            yield Reason("hours_not_known", {"rail": one.choice.rail.name})
        for hold in one.leaves.holds:
            yield Reason("hold", {"what": hold.what})
        for row in one.leaves.bank_hours:
            bank = pack.banks[row.bank].name
            yield Reason("bank_hours", {"bank": bank, "what": row.what})
        session = one.leaves.opening.session
        if session is not None and session.regime.note is not None:
            yield Reason("regime", {"what": session.regime.note})


def _once(notes: Iterator[Reason]) -> tuple[Reason, ...]:
    kept: list[Reason] = []
    for note in notes:
        if note not in kept:
            kept.append(note)
    return tuple(kept)


def _overdue(
    candidates: tuple[Candidate, ...], pack: RailPack, now: datetime
) -> tuple[Source, ...]:
    """Return the sources used here that somebody should have looked at again by now."""
    used = {rung.source.id: rung.source for one in candidates for rung in one.ladder}
    for one in candidates:
        used |= {source.id: source for source in (one.leaves.sources if one.leaves else ())}
    today = now.astimezone(pack.zone).date()
    return tuple(source for source in used.values() if source.review_by < today)
