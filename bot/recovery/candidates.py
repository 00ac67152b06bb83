"""Which rail a payment is on, or which ones it may be on, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.recovery.packs import Cap, Rail, RailPack, RailPacks
from bot.recovery.payment import Payment

LIKELY, POSSIBLE, UNLIKELY = "likely", "possible", "unlikely"


@dataclass(frozen=True)
class Reason:
    """Why something is so: a key of the words, and what is filled in there."""

    key: str
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RailChoice:
    """A rail, how likely the payment is on it, and why."""

    rail: Rail
    pack: RailPack
    likelihood: str
    why: tuple[Reason, ...]


def rail_choices(payment: Payment, pack: RailPack, packs: RailPacks) -> list[RailChoice]:
    """Return every rail that the payment may be on, the likeliest first, then those ruled out.

    Args:
        payment: Already checked against the packs.
        pack: The pack of the paying bank's country.
        packs: Has the networks for payments that go abroad.
    """
    if reason := _abroad(payment, pack, packs):
        rails = [(rail, network) for network in packs.networks for rail in network.rails]
        return [RailChoice(rail, network, LIKELY, (reason,)) for rail, network in rails]
    if not any(rail.takes == "wallet" for rail in pack.rails) and payment.channel == "third_party":
        payment = replace(payment, channel=None)
    judged = [_choice(payment, rail, pack) for rail in pack.rails]
    choices = _with_large_rails([choice for choice in judged if choice is not None])
    order = (LIKELY, POSSIBLE, UNLIKELY)
    return sorted(choices, key=lambda choice: order.index(choice.likelihood))


def _abroad(payment: Payment, pack: RailPack, packs: RailPacks) -> Reason | None:
    """Say why a payment goes abroad; None when nothing says so."""
    if payment.currency not in (None, pack.currencies[0]):
        return Reason("abroad_currency", {"currency": payment.currency})
    found = packs.bank(payment.receiving_bank) if payment.receiving_bank else None
    if found and found[0].id != pack.id:
        return Reason("abroad_bank", {"bank": found[1].name, "country": found[0].title})
    return None


def _choice(payment: Payment, rail: Rail, pack: RailPack) -> RailChoice | None:
    """Judge one rail by itself; rails for any amount wait for what the others say."""
    if (rail.takes == "wallet") != (payment.channel == "third_party"):
        return None
    if rail.takes == "wallet":
        return RailChoice(rail, pack, LIKELY, (Reason("wallet"),))
    if payment.channel and rail.channels and payment.channel not in rail.channels:
        return RailChoice(rail, pack, UNLIKELY, (Reason("channel_other"),))
    if _same_bank(payment):
        likelihood = LIKELY if rail.takes == "inside_bank" else UNLIKELY
        return RailChoice(rail, pack, likelihood, (Reason("same_bank"),))
    if rail.takes == "inside_bank":
        known = payment.paying_bank and payment.receiving_bank
        likelihood, key = (UNLIKELY, "banks_differ") if known else (POSSIBLE, "bank_unknown")
        return RailChoice(rail, pack, likelihood, (Reason(key),))
    if rail.takes == "up_to_cap":
        likelihood, reason = _by_cap(payment, rail, pack)
        return RailChoice(rail, pack, likelihood, (reason,))
    return RailChoice(rail, pack, POSSIBLE, (Reason("any_amount_also"),))


def _same_bank(payment: Payment) -> bool:
    return payment.paying_bank is not None and payment.paying_bank == payment.receiving_bank


def _by_cap(payment: Payment, rail: Rail, pack: RailPack) -> tuple[str, Reason]:
    if payment.amount is None:
        return POSSIBLE, Reason("no_amount")
    caps = _caps_in_force(payment, rail, pack)
    if not caps:
        return POSSIBLE, Reason("cap_not_known")
    lowest, highest = min(caps), max(caps)
    given = {"lowest": _grouped(lowest), "highest": _grouped(highest)}
    if payment.amount <= lowest:
        return LIKELY, Reason("cap_fits", given)
    if payment.amount > highest:
        return UNLIKELY, Reason("cap_over", given)
    return POSSIBLE, Reason("cap_unsure", given)


def _caps_in_force(payment: Payment, rail: Rail, pack: RailPack) -> list[Decimal]:
    """Return what is told of a cap for this bank and day.

    A bank's own row decides alone once it is confirmed; until then what is told of other banks
    counts as well, because caps were raised and the sources disagree.
    """
    caps = list(_on_the_day(payment, rail, pack))
    own = [cap for cap in caps if cap.bank is not None and cap.bank == payment.paying_bank]
    if own and not any(pack.sources[cap.source].unconfirmed for cap in own):
        return [cap.up_to for cap in own]
    # A cap with an end was made for its days; it sets the open one aside.
    for_days = [cap.up_to for cap in caps if cap.bank is None and cap.ends is not None]
    return for_days or [cap.up_to for cap in caps]


def _on_the_day(payment: Payment, rail: Rail, pack: RailPack) -> Iterator[Cap]:
    if payment.submitted_at is None:
        yield from (cap for cap in rail.caps if cap.ends is None)
        return
    day = payment.submitted_at.astimezone(pack.zone).date()
    calendar = next(iter(pack.calendars.values()), None)
    works = calendar.is_working_day(day) if calendar else None
    kind = {True: "working", False: "holiday", None: None}[works]
    for cap in rail.caps:
        if cap.holds_on(day) and (kind is None or cap.days in ("any", kind)):
            yield cap


def _with_large_rails(choices: list[RailChoice]) -> list[RailChoice]:
    """Make rails for any amount likely where everything smaller is ruled out."""
    small = [one for one in choices if one.rail.takes == "up_to_cap"]
    if not small or any(one.likelihood != UNLIKELY for one in small):
        return choices
    return [
        RailChoice(one.rail, one.pack, LIKELY, (Reason("any_amount_only"),))
        if one.rail.takes == "any_amount" and one.likelihood == POSSIBLE
        else one
        for one in choices
    ]


def _grouped(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
