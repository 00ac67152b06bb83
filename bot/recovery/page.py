"""Makes docs/payment-rails.md from the packs, so that the page cannot differ from the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.recovery.packs import BankHours, Cap, Dated, Rail, RailPack, RailPacks, Regime, Source

_HEAD = """# Payment rails

What the rail clock knows, from `payment_rails/`. This page is made from those files; write it anew
with `secondvoice rails docs`. Every fact names its source at the end of its country's part. R was
read in the source itself, S in an excerpt or mirror, M is general knowledge; **unconfirmed** stays
until somebody reads the fact at its publisher. No customer is told a time from here.

`secondvoice clock --amount 1700000 --at "2026-11-20 20:00" --channel corporate-online` shows what
follows for one payment; `secondvoice rails check` checks the files and names what is past its
review date. A bank adds itself to `banks` of its country, and its own rows to `caps` and
`bank_hours`: a confirmed row of its own decides alone, an unconfirmed one does not. A year's
working days that the calendar library does not know yet go under `announced` of the calendar.
"""
_LANGUAGE = "en"
_SETTLES = {"at_once": "at once", "in_batches": "in batches", "unknown": "not known"}


def rails_page(packs: RailPacks) -> str:
    """Return the page, in English."""
    return "\n".join(chain([_HEAD], *(_pack(pack) for pack in packs))) + "\n"


def _pack(pack: RailPack) -> Iterator[str]:
    currencies = ", ".join(pack.currencies)
    yield f"## {pack.title[_LANGUAGE]} (`{pack.id}`)\n"
    yield f"Clocks: {pack.zone.key}. Currencies: {currencies}.\n"
    yield from _table(
        ("rail", "hours", "settles", "payee credited", "source"),
        (
            (r.name[_LANGUAGE], _hours(r), _SETTLES[r.settles], _credits(r), r.source)
            for r in pack.rails
        ),
    )
    regimes = [(rail, regime) for rail in pack.rails for regime in rail.regimes]
    yield from _part(
        "Hours",
        ("rail", "holds", "accepts from", "closes", "source", "note"),
        (
            (rail.name[_LANGUAGE], _dates(one), _opens(one), _closes(one), one.source, _note(one))
            for rail, one in regimes
        ),
    )
    caps = [(rail, cap) for rail in pack.rails for cap in rail.caps]
    yield from _part(
        "Caps of one payment",
        ("rail", "bank", "days", "up to", "holds", "source"),
        (
            (
                rail.name[_LANGUAGE],
                _bank(one, pack),
                one.days,
                f"{one.up_to:,}",
                _dates(one),
                one.source,
            )
            for rail, one in caps
        ),
    )
    yield from _part(
        "What the paying bank holds back",
        ("rule", "holds", "source"),
        ((one.what[_LANGUAGE], _dates(one), one.source) for one in pack.holds),
    )
    yield from _part(
        "The banks' own hours",
        ("bank", "what", "source"),
        ((_bank(one, pack), one.what[_LANGUAGE], one.source) for one in pack.bank_hours),
    )
    yield from _people(pack)
    yield from _part(
        "Sources",
        ("id", "what", "publisher", "seen", "confidence", "review by"),
        (_source(source) for source in pack.sources.values()),
    )


def _people(pack: RailPack) -> Iterator[str]:
    rules = [
        *((name, rule) for name, rule in pack.ladder.items()),
        *(
            (f"{name} ({rail.name[_LANGUAGE]})", rule)
            for rail in pack.rails
            for name, rule in rail.ladder.items()
        ),
    ]
    yield from _part(
        "Stop ladder",
        ("way back", "who", "rule", "source"),
        (
            (name.replace("_", " "), one.who[_LANGUAGE], one.rule[_LANGUAGE], one.source)
            for name, one in rules
        ),
    )
    yield from _part(
        "Where to report",
        ("to", "number or site", "what", "source"),
        (
            (one.to[_LANGUAGE], one.number or one.site or "", one.what[_LANGUAGE], one.source)
            for one in pack.report
        ),
    )
    for title, statements in (
        ("Have ready", pack.needs),
        ("The customer's rights", pack.rights),
        ("Duties of banks and police", pack.duties),
        ("Thresholds", pack.thresholds),
    ):
        rows = ((one.what[_LANGUAGE], one.source) for one in statements)
        yield from _part(title, ("what", "source"), rows)


def _part(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    lines = list(_table(heads, rows))
    if len(lines) > 1:
        yield f"### {title}\n"
        yield from lines


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    lines = [_row(heads), _row("---" for _ in heads), *(_row(row) for row in rows)]
    if len(lines) > 2:
        yield "\n".join(lines)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _hours(rail: Rail) -> str:
    return {"always": "day and night", "sessions": "see below", "unknown": "not known"}[rail.hours]


def _credits(rail: Rail) -> str:
    return "at once" if rail.credits == "at_once" else "by the receiving bank"


def _dates(fact: Dated) -> str:
    starts = f"from {fact.starts.isoformat()}" if fact.starts else ""
    ends = f"until {fact.ends.isoformat()}" if fact.ends else ""
    return " ".join(part for part in (starts, ends) if part) or "always"


def _opens(regime: Regime) -> str:
    day = "the natural day before, " if regime.opens_day == "day_before" else ""
    return f"{day}{regime.opens:%H:%M}"


def _closes(regime: Regime) -> str:
    window = f"; window until {regime.window_until:%H:%M}" if regime.window_until else ""
    return f"{regime.closes:%H:%M}{window}"


def _note(regime: Regime) -> str:
    return regime.note[_LANGUAGE] if regime.note else ""


def _bank(fact: Cap | BankHours, pack: RailPack) -> str:
    return pack.banks[fact.bank].name[_LANGUAGE] if fact.bank else "any"


def _source(source: Source) -> tuple[str, ...]:
    sure = source.confidence + (", unconfirmed" if source.unconfirmed else "")
    return (
        source.id,
        f"{source.what[_LANGUAGE]} ({source.where})",
        source.publisher[_LANGUAGE],
        source.seen.isoformat(),
        sure,
        source.review_by.isoformat(),
    )
