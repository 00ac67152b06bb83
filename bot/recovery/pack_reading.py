"""Reads and checks the packs: first the form, then what a schema cannot see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from jsonschema import Draft202012Validator, ValidationError

from bot.recovery.calendars import AnnouncedYear, Calendar
from bot.recovery.pack_checks import cross_problems
from bot.recovery.packs import (
    Bank,
    BankHours,
    Cap,
    Hold,
    Rail,
    RailPack,
    Regime,
    Report,
    RungRule,
    Source,
    Statement,
)

_SCHEMA = Path(__file__).resolve().parent / "schema.json"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATES = ("seen", "review_by", "starts", "ends", "known_through")
_TIMES = ("opens", "closes", "window_until", "voluntary_until", "manual_by")
_AMOUNTS = ("up_to", "above")
_ROWS = ("channels", "not_for", "also")


def read_packs(folder: Path) -> tuple[dict[str, RailPack], list[str]]:
    """Read every file of a folder.

    Returns:
        The packs that are sound, by id, and every problem as ``path: problem``.
    """
    packs: dict[str, RailPack] = {}
    problems: list[str] = []
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        problems.append(f"{folder}: holds no payment rails (*.yml)")
    for path in paths:
        document = _document(path, problems)
        if document is None:
            continue
        found = [*_value_problems(document), *cross_problems(document, stem=path.stem)]
        problems += [f"{path}: {problem}" for problem in found]
        if not found:
            packs[path.stem] = _pack(document)
    problems += _bank_clashes(folder, packs)
    return packs, problems


def _document(path: Path, problems: list[str]) -> Any | None:
    """Return a file that keeps to the schema, or note its problems."""
    try:
        with path.open("rb") as file:
            document = yaml.load(file, Loader=_LOADER)  # noqa: S506 - the C version of the safe loader
    except (yaml.YAMLError, ValueError) as error:
        # A date such as 2026-02-30 makes YAML itself fail, with a ValueError.
        problems.append(f"{path}: is not valid YAML: {' '.join(str(error).split())}")
        return None
    document = _dates_as_text(document)
    found = [
        f"{path}: {_place(error)}: {error.message[:200]}"
        for error in _validator().iter_errors(document)
    ]
    problems += found
    return None if found else document


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _place(error: ValidationError) -> str:
    return "/".join(map(str, error.absolute_path)) or "document"


def _dates_as_text(value: Any) -> Any:
    """Write YAML's dates and numbered keys as text again, so that the schema can judge them."""
    if isinstance(value, dict):
        return {str(key): _dates_as_text(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(entry) for entry in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _value_problems(document: Any) -> Iterator[str]:
    """Say which values have the right form and yet mean nothing."""
    try:
        ZoneInfo(document["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        yield f"zone: {document['zone']!r} is not a time zone; write one such as Europe/London"
    for place, key, value in _leaves(document):
        if key in _DATES or (key.isdigit() and "/announced/" in place):
            try:
                date.fromisoformat(value)
            except ValueError:
                yield f"{place}: {value!r} is no date of the calendar"


def _leaves(value: Any, place: str = "", key: str = "") -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _leaves(entry, f"{place}/{name}".strip("/"), name)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, f"{place}/{index}", str(index))
    else:
        yield place, key, value


def _bank_clashes(folder: Path, packs: Mapping[str, RailPack]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for pack in packs.values():
        for code in pack.banks:
            if code in seen:
                yield f"{folder / pack.id}.yml: banks: {code!r} is taken by {seen[code]}.yml"
            seen[code] = pack.id


def _pack(document: Any) -> RailPack:
    return RailPack(
        id=document["id"],
        kind=document["kind"],
        title=document["title"],
        zone=ZoneInfo(document["zone"]),
        currencies=tuple(document["currencies"]),
        sources={
            name: _record(Source, {"id": name, **entry})
            for name, entry in document["sources"].items()
        },
        calendars={n: _calendar(entry) for n, entry in document.get("calendars", {}).items()},
        banks={entry["code"]: _record(Bank, entry) for entry in document.get("banks", [])},
        rails=tuple(_rail(entry) for entry in document["rails"]),
        holds=_records(Hold, document, "holds"),
        bank_hours=_records(BankHours, document, "bank_hours"),
        ladder=_ladder(document["ladder"]),
        first_steps=tuple(document.get("first_steps", ())),
        report=_records(Report, document, "report"),
        needs=_records(Statement, document, "needs"),
        rights=_records(Statement, document, "rights"),
        duties=_records(Statement, document, "duties"),
        thresholds=_records(Statement, document, "thresholds"),
    )


def _rail(entry: Any) -> Rail:
    parts = {
        "regimes": _records(Regime, entry, "regimes"),
        "caps": _records(Cap, entry, "caps"),
        "ladder": _ladder(entry.get("ladder", {})),
    }
    rail: Rail = _record(Rail, {**entry, **parts})
    return rail


def _ladder(entries: Any) -> dict[str, RungRule]:
    return {rung: RungRule(**entry) for rung, entry in entries.items()}


def _calendar(entry: Any) -> Calendar:
    announced = {
        int(year): AnnouncedYear(
            off=frozenset(map(date.fromisoformat, days["off"])),
            works=frozenset(map(date.fromisoformat, days["works"])),
        )
        for year, days in entry.get("announced", {}).items()
    }
    calendar: Calendar = _record(Calendar, {**entry, "announced": announced})
    return calendar


def _records(kind: Any, document: Any, key: str) -> tuple[Any, ...]:
    return tuple(_record(kind, entry) for entry in document.get(key, ()))


def _record(kind: Any, entry: Mapping[str, Any]) -> Any:
    """Make a record of a mapping whose keys are its fields, with dates, times and amounts read."""
    names = {one.name for one in fields(kind)}
    return kind(**{key: _value(key, value) for key, value in entry.items() if key in names})


def _value(key: str, value: Any) -> Any:
    if key in _DATES:
        return date.fromisoformat(value)
    if key in _TIMES:
        return time.fromisoformat(value)
    if key in _AMOUNTS:
        return Decimal(str(value))
    return tuple(value) if key in _ROWS else value
