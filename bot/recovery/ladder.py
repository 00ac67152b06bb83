"""The stop ladder: the ways back, in order, and which of them still works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.recovery.candidates import RailChoice, Reason
from bot.recovery.leaving import Leaving
from bot.recovery.pack_checks import RUNGS
from bot.recovery.packs import RailPack, RungRule, Source, Words

WORKS_NOW, NO_LONGER, UNKNOWN = "works_now", "no_longer", "unknown"
#: States of a payment on a rail.
HELD, WAITING, PERHAPS_IN_BANK, SENT, SETTLED, STATE_UNKNOWN = (
    "held",
    "waiting",
    "perhaps_in_bank",
    "sent",
    "settled",
    "unknown",
)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One way back.

    Args:
        id: One of `RUNGS`.
        state: ``works_now``, ``no_longer`` or ``unknown``.
        until: It surely works until then (UTC); None if it has no known end.
        perhaps_until: It may work until then (UTC), which only the bank can tell.
        who: Who must take it.
        rule: By which rule.
        source: Where that rule was seen.
        why: Why it is in that state.
    """

    id: str
    state: str
    until: datetime | None
    perhaps_until: datetime | None
    who: Words
    rule: Words
    source: Source
    why: tuple[Reason, ...]


def state_on(choice: RailChoice, leaves: Leaving | None, *, now: datetime) -> str:
    """Return where a payment stands on a rail.

    Args:
        choice: The rail.
        leaves: When it leaves its bank; None if nobody said when it was ordered.
        now: In UTC.
    """
    if leaves is None:
        return STATE_UNKNOWN
    if now < leaves.held_until:
        return HELD
    if now < leaves.earliest:
        return WAITING
    if leaves.latest is None or now < leaves.latest:
        return PERHAPS_IN_BANK
    return SETTLED if choice.rail.settles == "at_once" else SENT


def ladder_on(
    choice: RailChoice, leaves: Leaving | None, *, pack: RailPack, now: datetime
) -> tuple[Rung, ...]:
    """Return the stop ladder of a payment on one rail, in order.

    Args:
        choice: The rail.
        leaves: When it leaves its bank; None if nobody said when it was ordered.
        pack: The pack of the paying bank's country; says who acts where the rail does not.
        now: In UTC.
    """
    steps = (
        _cancel(leaves, now),
        _revoke(choice, leaves, now),
        _return(choice, leaves, now),
        _Step(WORKS_NOW, Reason("police_at_once")),
        _Step(WORKS_NOW, Reason("trace_at_once")),
    )
    return tuple(_rung(name, step, choice, pack) for name, step in zip(RUNGS, steps, strict=True))


def ladder_off_rails(pack: RailPack, *, state: str, why: Reason) -> tuple[Rung, ...]:
    """Return the stop ladder of money that is on no rail known here: police and trace are left.

    Args:
        pack: The pack of the bank's country; says who acts.
        state: What is to be said of the banks' own ways back.
        why: Why.
    """
    steps = (
        *(_Step(state, why) for _ in range(3)),
        _Step(WORKS_NOW, Reason("police_at_once")),
        _Step(WORKS_NOW, Reason("trace_at_once")),
    )
    return tuple(
        _made(name, step, pack.ladder[name], pack.sources)
        for name, step in zip(RUNGS, steps, strict=True)
    )


def merged(ladders: Sequence[tuple[Rung, ...]]) -> tuple[Rung, ...]:
    """Return one ladder for several rails: sure only where all agree, until the soonest end."""
    return tuple(_merged_rung(rungs) for rungs in zip(*ladders, strict=True))


@dataclass(frozen=True)
class _Step:
    """A rung's state without its rule."""

    state: str
    why: Reason
    until: datetime | None = None
    perhaps_until: datetime | None = None


def _cancel(leaves: Leaving | None, now: datetime) -> _Step:
    """Inside the bank: as long as the order has not left it."""
    if leaves is None:
        return _Step(UNKNOWN, Reason("no_time"))
    if now < leaves.earliest:
        key = "held_in_bank" if now < leaves.held_until else "rail_closed"
        return _Step(WORKS_NOW, Reason(key), leaves.earliest, _later(leaves, leaves.earliest))
    if leaves.latest is None or now < leaves.latest:
        return _Step(UNKNOWN, Reason("perhaps_not_sent"), None, leaves.latest)
    return _Step(NO_LONGER, Reason("has_left"))


def _revoke(choice: RailChoice, leaves: Leaving | None, now: datetime) -> _Step:
    """Before settlement: only where an order waits in a queue."""
    rail = choice.rail
    if rail.hours == "always" and rail.settles == "at_once":
        return _Step(NO_LONGER, Reason("no_queue"))
    if leaves is None:
        return _Step(UNKNOWN, Reason("no_time"))
    if rail.settles != "at_once":
        return _Step(UNKNOWN, Reason("settlement_unseen"))
    if now < leaves.earliest:
        later = _later(leaves, leaves.earliest)
        return _Step(WORKS_NOW, Reason("not_settled"), leaves.earliest, later)
    if leaves.latest is None or now < leaves.latest:
        return _Step(UNKNOWN, Reason("perhaps_not_settled"), None, leaves.latest)
    return _Step(NO_LONGER, Reason("settled"))


def _return(choice: RailChoice, leaves: Leaving | None, now: datetime) -> _Step:
    """Before crediting: only the receiving bank sees whether it is."""
    if choice.rail.credits == "at_once":
        if leaves is None:
            return _Step(UNKNOWN, Reason("no_time"))
        settled = leaves.latest is not None and now >= leaves.latest
        state = NO_LONGER if settled else UNKNOWN
        return _Step(state, Reason("credited_at_once"))
    if leaves is not None and now < leaves.earliest:
        return _Step(UNKNOWN, Reason("not_yet_there"))
    by_hand = _by_hand_until(leaves)
    later = by_hand if by_hand is not None and now < by_hand else None
    return _Step(UNKNOWN, Reason("receiving_bank_knows"), None, later)


def _by_hand_until(leaves: Leaving | None) -> datetime | None:
    session = leaves.opening.session if leaves else None
    if leaves is None or session is None or session.voluntary_until is None:
        return None
    return session.manual_by if leaves.earliest < session.voluntary_until else None


def _later(leaves: Leaving, than: datetime) -> datetime | None:
    return leaves.latest if leaves.latest is not None and leaves.latest > than else None


def _rung(name: str, step: _Step, choice: RailChoice, pack: RailPack) -> Rung:
    own = choice.rail.ladder.get(name)
    rule = own or pack.ladder[name]
    return _made(name, step, rule, choice.pack.sources if own else pack.sources)


def _made(name: str, step: _Step, rule: RungRule, sources: Mapping[str, Source]) -> Rung:
    return Rung(
        id=name,
        state=step.state,
        until=step.until,
        perhaps_until=step.perhaps_until,
        who=rule.who,
        rule=rule.rule,
        source=sources[rule.source],
        why=(step.why,),
    )


def _merged_rung(rungs: tuple[Rung, ...]) -> Rung:
    first = rungs[0]
    if len(rungs) == 1:
        return first
    ends = [one.until for one in rungs if one.until is not None]
    laters = [end for one in rungs for end in (one.until, one.perhaps_until) if end is not None]
    if all(one.state == first.state for one in rungs):
        until = min(ends, default=None)
        later = max(laters, default=None)
        return replace(first, until=until, perhaps_until=None if later == until else later)
    return replace(
        first,
        state=UNKNOWN,
        until=None,
        perhaps_until=max(laters, default=None),
        why=(Reason("depends_on_rail"),),
    )
