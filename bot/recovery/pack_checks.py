"""What a schema cannot see in a pack: names that lead nowhere, gaps in dates, missing words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from bot.errors import DataError
from bot.recovery.calendars import Calendar
from bot.recovery.words import languages

RUNGS = (
    "cancel_inside_bank",
    "revoke_before_settlement",
    "return_before_crediting",
    "police_stop_and_freeze",
    "trace",
)
#: What a customer must never read: a clock, a length of time, or that there is some of it.
TELLS_OF_TIME = re.compile(
    r"\d{1,2}[:：]\d{2}|\d+\s*-?\s*(?:h\b|hours?|min\b|minutes?|seconds?|days?|a\.?m\b|p\.?m\b|"
    r"个?小时|分钟|秒|天|点)|\bleft\b|there is time|deadline|还有时间|来得及|截止|期限",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"^[a-z]{2}$")


def cross_problems(document: Any, *, stem: str) -> Iterator[str]:
    """Yield every problem of one pack that keeps to the schema, each as ``place: problem``.

    Args:
        document: The pack as read.
        stem: Name of its file without the ending.
    """
    if document["id"] != stem:
        yield f"id: is {document['id']!r}, but the file is called {stem!r}"
    yield from _source_problems(document)
    yield from _calendar_problems(document)
    yield from _bank_problems(document)
    yield from _rail_problems(document)
    yield from _ladder_problems(document)
    yield from _language_problems(document, "")
    yield from _customer_problems(document)


def _source_problems(document: Any) -> Iterator[str]:
    known = document["sources"]
    used = list(_named_sources(document, ""))
    for place, name in used:
        if name not in known:
            yield f"{place}: no source is called {name!r}"
    for name in sorted(set(known) - {name for _, name in used}):
        yield f"sources/{name}: no fact names it"
    for name, source in known.items():
        doubtful = source["confidence"] != "R"
        if doubtful and source.get("unconfirmed") is not True:
            yield f"sources/{name}: confidence {source['confidence']} needs unconfirmed: true"
        if source["review_by"] <= source["seen"]:
            yield f"sources/{name}/review_by: is not after the day it was seen"


def _named_sources(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            where = f"{place}/{key}".strip("/")
            if key == "source" and isinstance(entry, str):
                yield where, entry
            else:
                yield from _named_sources(entry, where)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _named_sources(entry, f"{place}/{index}")


def _calendar_problems(document: Any) -> Iterator[str]:
    known = document.get("calendars", {})
    for name, entry in known.items():
        library = {key: entry[key] for key in ("country", "subdivision", "market") if key in entry}
        try:
            Calendar(source=entry["source"], **library).check()
        except DataError as error:
            yield f"calendars/{name}: {error}"
    for part in ("rails", "holds", "bank_hours"):
        for index, entry in enumerate(document.get(part, [])):
            if entry.get("calendar", next(iter(known), None)) not in known and "calendar" in entry:
                yield f"{part}/{index}/calendar: no calendar is called {entry['calendar']!r}"


def _bank_problems(document: Any) -> Iterator[str]:
    codes = [entry["code"] for entry in document.get("banks", [])]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"banks: {code!r} stands there more than once"
    rows = [(f"bank_hours/{i}", row) for i, row in enumerate(document.get("bank_hours", []))]
    for rail in document["rails"]:
        caps = enumerate(rail.get("caps", []))
        rows += [(f"rails/{rail['id']}/caps/{i}", cap) for i, cap in caps]
    for place, row in rows:
        if row.get("bank", codes[0] if codes else None) not in codes and "bank" in row:
            yield f"{place}/bank: no bank is called {row['bank']!r}"
        yield from _dates_problems(place, row)
    for i, row in enumerate(document.get("bank_hours", [])):
        if row["opens"] >= row["closes"]:
            yield f"bank_hours/{i}: closes at {row['closes']}, not after it opens"


def _rail_problems(document: Any) -> Iterator[str]:
    ids = [rail["id"] for rail in document["rails"]]
    for rail_id in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"rails: {rail_id!r} stands there more than once"
    for rail in document["rails"]:
        place = f"rails/{rail['id']}"
        if rail["takes"] == "up_to_cap" and "caps" not in rail:
            yield f"{place}: takes amounts up to a cap, but has no caps (write [] if unknown)"
        yield from _regime_problems(place, rail.get("regimes", []))
    for index, hold in enumerate(document.get("holds", [])):
        yield from _dates_problems(f"holds/{index}", hold)


def _regime_problems(place: str, regimes: Any) -> Iterator[str]:
    for regime in regimes:
        where = f"{place}/regimes/{regime['id']}"
        yield from _dates_problems(where, regime)
        if regime["opens_day"] == "same_day" and regime["opens"] >= regime["closes"]:
            yield f"{where}: closes at {regime['closes']}, not after it opens"
        if regime["opens_day"] == "day_before" and regime["opens"] < regime["closes"]:
            yield f"{where}: opens on the day before, while the day before is still open"
    for one, other in pairwise(regimes):
        where = f"{place}/regimes/{other['id']}"
        ends, starts = one.get("ends"), other.get("starts")
        if ends is None or starts is None:
            yield f"{where}: needs a start, and the one before it an end"
        elif not _is_next_day(ends, starts):
            yield f"{where}/starts: must be the day after {ends}, where the one before it ends"


def _is_next_day(day: str, other: str) -> bool:
    try:
        return (date.fromisoformat(other) - date.fromisoformat(day)).days == 1
    except ValueError:
        return True  # A date that does not exist is reported as such.


def _dates_problems(place: str, entry: Any) -> Iterator[str]:
    starts, ends = entry.get("starts"), entry.get("ends")
    if starts and ends and ends < starts:
        yield f"{place}: ends on {ends}, before it starts on {starts}"


def _ladder_problems(document: Any) -> Iterator[str]:
    if document["kind"] != "jurisdiction":
        return
    for rung in RUNGS:
        if rung not in document["ladder"]:
            yield f"ladder: has no {rung!r}"
    if not document.get("first_steps"):
        yield "first_steps: must say what a customer does first"


def _language_problems(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _language_problems(entry, f"{place}/{index}")
    if not isinstance(value, dict):
        return
    is_words = value and all(
        _LANGUAGE.match(key) and isinstance(entry, str) for key, entry in value.items()
    )
    if not is_words:
        for key, entry in value.items():
            yield from _language_problems(entry, f"{place}/{key}".strip("/"))
        return
    for missing in sorted(set(languages()) - set(value)):
        yield f"{place}: has no {missing!r}"
    for strange in sorted(set(value) - set(languages())):
        yield f"{place}: {strange!r} is not a language in bot/recovery/words"


def _customer_problems(document: Any) -> Iterator[str]:
    said = [(f"first_steps/{i}", w) for i, w in enumerate(document.get("first_steps", []))]
    for rail in document["rails"]:
        if "customer" in rail:
            said.append((f"rails/{rail['id']}/customer", rail["customer"]))
    for place, words in said:
        for language, text in words.items():
            if found := TELLS_OF_TIME.search(text):
                yield f"{place}/{language}: customers are never told of time: {found.group()!r}"
