"""Documents about one payment: the desk's page, the sheet for the police, the note for a company.

Each is one HTML file that needs nothing else and prints on A4; the desk's page and the note are
one page. Only the desk's page may hold the payee's whole account number, and only where it is
given; the other two hold neither that nor any time that is left.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.recovery.document_values import LONGEST_QUOTE, Values, short, story
from bot.recovery.packet import Packet
from bot.recovery.rendering import staff_lines

FOLDER = Path(__file__).resolve().parent / "templates"
MOST_QUOTES = 3
MOST_RAILS = 5
LONGEST_RULE = 230

_templates = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def packet_page(
    packet: Packet, language: str, *, account: str | None = None, asks: bool = False
) -> str:
    """Write the page for the desk that stops payments.

    Args:
        packet: The packet.
        language: A language of the documents.
        account: The payee's whole account number, for somebody whose view is on record.
        asks: Whether the page offers to show the number.

    Raises:
        NotFoundError: There are no words in that language.
    """
    values = Values(packet, language)
    return _page(
        "packet.html",
        values,
        account=account,
        asks=asks and account is None and packet.payee.account_kept,
        rails=[
            (values.of(one.choice.rail.name), values.clock.say(one.choice.likelihood), state)
            for one, state in zip(packet.clock.candidates, _states(values), strict=True)
        ][:MOST_RAILS],
        rungs=list(_rungs(values)),
        first=next(_rungs(values, only_first=True)),
        quotes=[short(one.text, LONGEST_QUOTE) for one in story(packet)[-MOST_QUOTES:]],
        unknown=[values.words["details"][name] for name in packet.unknown],
        staff=staff_lines(packet.clock, language),
    )


def report_page(packet: Packet, language: str, *, others: Sequence[Packet] = ()) -> str:
    """Write the sheet that the customer takes to the police.

    Args:
        packet: The packet of the latest payment.
        language: A language of the documents.
        others: The packets of the case's other payments, the oldest first.

    Raises:
        NotFoundError: There are no words in that language.
    """
    values = Values(packet, language)
    said = {(one.at, one.text): one for each in (*others, packet) for one in story(each)}
    told = [(values.stamp(at), " ".join(text.split())) for at, text in sorted(said)]
    asked_too = [
        need.what[language]
        for need in packet.clock.pack.needs
        if need.id not in ("victim", "paying_account", "amount_time", "payee", "voucher")
    ]
    more = [Values(other, language) for other in others]
    return _page("report.html", values, told=told, asked_too=asked_too, others=more)


def note_page(packet: Packet, language: str, *, who: str = "legal_representative") -> str:
    """Write the note for whom of the customer's company can hold a payment.

    Args:
        packet: The packet.
        language: A language of the documents.
        who: To whom: ``legal_representative`` or ``second_signer``.

    Raises:
        NotFoundError: There are no words in that language.
    """
    values = Values(packet, language)
    name = values.second_signer if who == "second_signer" else values.legal_representative
    return _page("note.html", values, addressee=name)


def packet_text(packet: Packet, language: str) -> str:
    """Write the packet as plain text, for methods that carry nothing else.

    Args:
        packet: The packet.
        language: A language of the documents.

    Raises:
        NotFoundError: There are no words in that language.
    """
    return "\n".join(_text_lines(Values(packet, language)))


def packet_subject(packet: Packet, language: str) -> str:
    """Return one line without personal data."""
    key = "subject" if packet.outcome is None else "subject_ended"
    text: str = Values(packet, language).words["packet"][key]
    return text.format(reference=packet.reference, version=packet.version)


@cache
def style() -> str:
    """Return the style of the documents."""
    return (FOLDER / "documents.css").read_text(encoding="utf-8")


@cache
def style_digest() -> str:
    """Return how a content policy names the style, so that no other one is obeyed."""
    digest = hashlib.sha256(style().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _page(template: str, values: Values, **given: Any) -> str:
    # The style is our own file and holds no text from outside.
    css = Markup(style())  # noqa: S704
    return _templates.get_template(template).render(
        style=css, v=values, words=values.words, packet=values.packet, **given
    )


def _states(values: Values) -> Iterator[str]:
    """Return in words where the payment stands on each rail; without a moment, which rungs have."""
    for one in values.packet.clock.candidates:
        moment = ""
        if one.leaves is not None:
            end = one.leaves.held_until if one.state == "held" else one.leaves.earliest
            moment = values.stamp(end)
        yield values.clock.say(f"state_{one.state}", moment=moment)


def _rungs(values: Values, *, only_first: bool = False) -> Iterator[Mapping[str, str]]:
    clock, words = values.packet.clock, values.words["packet"]
    for rung in (clock.rung,) if only_first else clock.ladder:
        ends = []
        if rung.until is not None:
            ends.append(words["sure_until"].format(until=values.stamp(rung.until)))
        if rung.perhaps_until is not None:
            ends.append(words["perhaps_until"].format(until=values.stamp(rung.perhaps_until)))
        yield {
            "name": values.clock.say(rung.id),
            "state": values.clock.say(rung.state),
            "key": rung.state,
            "until": values.clock.say("joint").join(ends),
            "who": rung.who[values.language],
            "rule": short(rung.rule[values.language], LONGEST_RULE),
        }


def _text_lines(values: Values) -> Iterator[str]:
    packet, words = values.packet, values.words["packet"]
    heading = words["title"]
    if packet.outcome is not None:
        heading = words["ended"].format(outcome=values.words["outcomes"][packet.outcome])
    yield f"{values.of(packet.bank)}: {heading}"
    yield words["heading"].format(
        reference=packet.reference, version=packet.version, made=values.stamp(packet.made)
    )
    who = ", ".join(part for part in (values.customer, values.company) if part)
    yield words["customer_line"].format(who=who or words["visitor"])
    if packet.manager is not None:
        name = packet.manager.name_in(values.language)
        yield words["manager_line"].format(name=name, phone=packet.manager.phone)
    to = [values.payee_name, values.payee_bank, values.payee_account]
    yield words["payee_line"].format(
        payee=", ".join(part for part in to if part) or values.words["not_known"]
    )
    if values.submitted:
        yield words["ordered_line"].format(submitted=values.submitted)
    if values.paying_bank:
        yield words["paying_line"].format(bank=values.paying_bank)
    if values.caller_there:
        yield words["caller_line"].format(answer=values.caller_there)
    if packet.unknown:
        names = ", ".join(values.words["details"][name] for name in packet.unknown)
        yield words["unknown_line"].format(details=names)
    for one in story(packet)[-MOST_QUOTES:]:
        yield words["quote_line"].format(quote=short(one.text, LONGEST_QUOTE))
    yield from staff_lines(packet.clock, values.language)
