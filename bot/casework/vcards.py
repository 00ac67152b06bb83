"""vCards: the contact card as a telephone's address book reads it, in versions 3.0 and 4.0.

Sources: RFC 2426 (3.0), RFC 6350 (4.0), RFC 3966 (``tel:`` addresses). Both are UTF-8 with CRLF
line ends, and no line is longer than 75 octets.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from icalendar.parser import Contentline, Contentlines, Parameters
from icalendar.prop import vN, vOrg, vText, vUri

from bot.casework.cards import ContactCard

Version = Literal["3.0", "4.0"]
MOST_SHORT_BYTES = 300
"""What a code on paper holds so that any telephone reads it."""

_SHORT_NAME = 20
"""Characters of a name with which the longest numbers still fit."""

_GLOBAL_NUMBER = re.compile(r"\+[0-9][0-9 ()-]*")


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """What a vCard says besides the person.

    Args:
        bank: The bank's name in the card's language.
        note: What the bank wants remembered, in the card's language; may have several lines.
        url: The card's page, which always shows whoever answers now.
        token: The card's token; a card saved again replaces the older one of the same token.
        revised: When the card was made, aware.
    """

    bank: str
    note: str
    url: str
    token: str
    revised: datetime


Line = tuple[str, dict[str, str], Any]


def vcard(card: ContactCard, facts: CardFacts, *, version: Version) -> bytes:
    """Write a vCard.

    Args:
        card: Whom to reach.
        facts: What else it says.
        version: ``3.0``, which every telephone reads, or ``4.0``.
    """
    return _written(_version_3(card, facts) if version == "3.0" else _version_4(card, facts))


def short_vcard(card: ContactCard, facts: CardFacts) -> bytes:
    """Write the shortest useful vCard 3.0, for a code that is scanned: under 300 bytes.

    The name and the numbers are always there; branch, title and page give way, in this order,
    where names are long, and at last the end of the name.

    Args:
        card: Whom to reach.
        facts: What else it may say.
    """
    must = _shortest(card)
    if len(_written(must)) >= MOST_SHORT_BYTES:
        must = _shortest(replace(card, name=card.name[:_SHORT_NAME]))
    may: list[Line] = [
        ("URL", {}, vUri(facts.url)),
        ("TITLE", {}, vText(card.title)),
        ("ORG", {}, vOrg((facts.bank, card.branch))),
    ]
    may = [line for line in may if line[2]]
    for count in range(len(may), -1, -1):
        written = _written([*must, *may[:count]])
        if len(written) < MOST_SHORT_BYTES:
            return written
    return _written(must)


def _shortest(card: ContactCard) -> list[Line]:
    return [*_begin("3.0", card), *_numbers_3(card)]


def _version_3(card: ContactCard, facts: CardFacts) -> Iterator[Line]:
    yield from _begin("3.0", card)
    yield from _place(card, facts)
    yield from _numbers_3(card)
    yield "URL", {}, vUri(facts.url)
    yield "NOTE", {}, vText(_note(card, facts))
    yield "UID", {}, vText(_uid(facts))
    yield "REV", {}, _utc(facts.revised)


def _version_4(card: ContactCard, facts: CardFacts) -> Iterator[Line]:
    yield from _begin("4.0", card)
    yield "KIND", {}, vText("individual" if card.kind == "manager" else "org")
    yield from _place(card, facts)
    for number, types in ((card.mobile, "work,voice"), (card.backup, "work,voice")):
        if number:
            kind = "work,cell" if number is card.mobile and card.kind == "manager" else types
            pref = {"PREF": "1"} if number is card.mobile else {}
            yield _number_4(number, types=kind, pref=pref)
    yield "LANG", {}, vText(card.language)
    yield "URL", {}, vUri(facts.url)
    yield "NOTE", {}, vText(_note(card, facts))
    yield "UID", {}, vUri(_uid(facts))
    yield "REV", {}, _utc(facts.revised)


def _begin(version: Version, card: ContactCard) -> Iterator[Line]:
    yield "VERSION", {}, vText(version)
    # Which part is the family name is not known, and half a name would be a wrong one.
    yield "N", {}, vN((card.name, "", "", "", ""))
    yield "FN", {}, vText(card.name)


def _place(card: ContactCard, facts: CardFacts) -> Iterator[Line]:
    yield "ORG", {}, vOrg((facts.bank, card.branch))
    if card.title:
        yield "TITLE", {}, vText(card.title)


def _numbers_3(card: ContactCard) -> Iterator[Line]:
    kind = "CELL" if card.kind == "manager" else "WORK"
    yield "TEL", {"TYPE": kind}, vText(card.mobile)
    if card.backup:
        yield "TEL", {"TYPE": "WORK"}, vText(card.backup)


def _number_4(number: str, *, types: str, pref: dict[str, str]) -> Line:
    # A number without its country cannot be written as an address, so it stays a text.
    if not _GLOBAL_NUMBER.fullmatch(number):
        return "TEL", {"VALUE": "text", "TYPE": types, **pref}, vText(number)
    address = "tel:+" + re.sub(r"[^0-9]", "", number)
    return "TEL", {"VALUE": "uri", "TYPE": types, **pref}, vUri(address)


def _note(card: ContactCard, facts: CardFacts) -> str:
    return "\n".join(line for line in (card.hours, facts.note) if line)


def _uid(facts: CardFacts) -> str:
    """Name the card by its token, so that whoever takes over replaces who was there."""
    return uuid.uuid5(uuid.NAMESPACE_OID, facts.token).urn


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _written(lines: Iterable[Line]) -> bytes:
    """Write the lines, folded at 75 octets and never inside a character."""
    line: Any = Contentline  # The library types it only in part.
    content: Any = Contentlines()
    content.append(line("BEGIN:VCARD"))
    for name, parameters, value in lines:
        content.append(line.from_parts(name, Parameters(parameters), value, sorted=False))
    content.append(line("END:VCARD"))
    written: bytes = content.to_ical()
    return written
