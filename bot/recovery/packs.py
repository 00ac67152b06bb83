"""Payment rails as dated data: all that is known of them, read from ``payment_rails/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import DataError
from bot.recovery.calendars import Calendar

_HERE = Path(__file__).resolve().parent
RAILS_FOLDER = _HERE.parent.parent / "payment_rails"

Words = Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """Where a fact was seen, when, how surely, and when somebody must look again.

    Args:
        confidence: R, read in the source itself; S, an excerpt or mirror; M, general knowledge.
        unconfirmed: True until somebody reads it at the publisher.
    """

    id: str
    what: Words
    publisher: Words
    where: str
    seen: date
    confidence: str
    review_by: date
    unconfirmed: bool = False


@dataclass(frozen=True)
class Bank:
    """A bank that payments go from or to."""

    code: str
    name: Words
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A fact that holds from one day to another, both included; None is open."""

    source: str
    starts: date | None = None
    ends: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )


@dataclass(frozen=True, kw_only=True)
class Regime(Dated):
    """The hours of a rail for the working days from one date to another.

    Args:
        opens_day: ``same_day``, or ``day_before`` for the natural day before the working day.
        opens: From this second on business is accepted.
        closes: From this second on it is not.
        window_until: End of the clearing window behind the close.
        voluntary_until: Until then on the working day banks take part only if they wish.
        manual_by: By then the receiving bank has credited by hand what came in that time.
    """

    id: str
    opens_day: str
    opens: time
    closes: time
    window_until: time | None = None
    voluntary_until: time | None = None
    manual_by: time | None = None
    note: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Cap(Dated):
    """The most that one payment on a rail may be, as one bank or (bank None) a report tells it."""

    up_to: Decimal
    bank: str | None = None
    days: str = "any"


@dataclass(frozen=True, kw_only=True)
class Hold(Dated):
    """A rule by which the paying bank keeps an order for a while.

    Args:
        sure: False where the bank may hold, but need not.
        arrival: Only for this wish of the customer.
        channel: Only for orders given there.
        not_for: Not for these wishes of the customer.
        at_most_hours: The longest reading of the rule.
    """

    id: str
    what: Words
    sure: bool
    arrival: str | None = None
    channel: str | None = None
    not_for: tuple[str, ...] = ()
    hours: float | None = None
    next_day: bool = False
    working_days: int | None = None
    calendar: str | None = None
    at_most_hours: float | None = None


@dataclass(frozen=True, kw_only=True)
class BankHours(Dated):
    """The hours in which one bank itself sends payments above an amount."""

    bank: str
    opens: time
    closes: time
    what: Words
    channels: tuple[str, ...] = ()
    above: Decimal | None = None
    calendar: str | None = None


@dataclass(frozen=True)
class RungRule:
    """Who must take a rung of the stop ladder, and by which rule."""

    who: Words
    rule: Words
    source: str


@dataclass(frozen=True, kw_only=True)
class Rail:
    """One way that money takes.

    Args:
        takes: ``inside_bank``, ``up_to_cap``, ``any_amount``, ``wallet`` or ``abroad``.
        channels: Where its orders are given; empty is anywhere.
        hours: ``always``, ``sessions`` (see the regimes) or ``unknown``.
        settles: ``at_once``, ``in_batches`` or ``unknown``.
        credits: ``at_once`` or ``by_receiving_bank``.
    """

    id: str
    name: Words
    takes: str
    hours: str
    settles: str
    credits: str
    source: str
    what: Words | None = None
    channels: tuple[str, ...] = ()
    calendar: str | None = None
    regimes: tuple[Regime, ...] = ()
    caps: tuple[Cap, ...] = ()
    ladder: Mapping[str, RungRule]
    customer: Words | None = None


@dataclass(frozen=True)
class Report:
    """Where a fraud is reported: a number, a site, or a person of the bank."""

    to: Words
    what: Words
    source: str
    number: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class Statement:
    """A right of the customer, a duty of the bank, a threshold, or a thing to have ready."""

    what: Words
    source: str
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class RailPack:
    """All that is known of one jurisdiction, or of one network between them."""

    id: str
    kind: str
    title: Words
    zone: ZoneInfo
    currencies: tuple[str, ...]
    sources: Mapping[str, Source]
    calendars: Mapping[str, Calendar]
    banks: Mapping[str, Bank]
    rails: tuple[Rail, ...]
    holds: tuple[Hold, ...]
    bank_hours: tuple[BankHours, ...]
    ladder: Mapping[str, RungRule]
    first_steps: tuple[Words, ...]
    report: tuple[Report, ...]
    needs: tuple[Statement, ...]
    rights: tuple[Statement, ...]
    duties: tuple[Statement, ...]
    thresholds: tuple[Statement, ...]

    def bank_named(self, name: str) -> str | None:
        """Return the code of the bank with this code, name or other name; None if there is none."""
        wanted = name.strip().casefold()
        for bank in self.banks.values():
            names = (bank.code, *bank.name.values(), *bank.also)
            if wanted in (one.casefold() for one in names):
                return bank.code
        return None

    def overdue(self, *, on: date) -> list[Source]:
        """Return the sources past their review date; their facts still serve, and this is said."""
        return [source for source in self.sources.values() if source.review_by < on]


@dataclass(frozen=True)
class RailPacks:
    """Every pack, by id."""

    packs: Mapping[str, RailPack]

    def __iter__(self) -> Iterator[RailPack]:
        return iter(self.packs.values())

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Return the ids of the countries, without the networks between them."""
        return tuple(pack.id for pack in self if pack.kind == "jurisdiction")

    @property
    def networks(self) -> tuple[RailPack, ...]:
        """Return the packs of networks between countries."""
        return tuple(pack for pack in self if pack.kind == "network")

    @property
    def currencies(self) -> frozenset[str]:
        """Return every currency that some pack knows."""
        return frozenset(code for pack in self for code in pack.currencies)

    def jurisdiction(self, pack_id: str) -> RailPack:
        """Return the pack of a country.

        Raises:
            DataError: There is none of this id.
        """
        if pack_id not in self.jurisdictions:
            known = ", ".join(self.jurisdictions)
            raise DataError([f"jurisdiction: no pack is called {pack_id!r}; choose one of {known}"])
        return self.packs[pack_id]

    def bank(self, code: str) -> tuple[RailPack, Bank] | None:
        """Return a bank and the pack that it is in; None if no pack has it."""
        for pack in self:
            if code in pack.banks:
                return pack, pack.banks[code]
        return None

    def overdue(self, *, on: date) -> list[tuple[RailPack, Source]]:
        """Return every source past its review date, with its pack."""
        return [(pack, source) for pack in self for source in pack.overdue(on=on)]


def load_rail_packs(folder: Path = RAILS_FOLDER) -> RailPacks:
    """Read and check every pack.

    Raises:
        DataError: With all problems of all files, each as ``path: problem``.
    """
    # The checker and the reader need the records above; and jsonschema is loaded only when asked.
    from bot.recovery.pack_reading import read_packs

    packs, problems = read_packs(folder)
    if problems:
        raise DataError(problems)
    return RailPacks(packs)
