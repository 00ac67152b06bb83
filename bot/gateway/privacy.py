"""Mask what must never be kept: numbers of cards, accounts, people, codes and passwords.

Pure functions over text; no settings, no clock, no storage. The gateway calls ``mask`` before a
customer's words go anywhere, so that neither the conversation tracker nor a log can hold them.
What is masked follows JR/T 0171-2020, class C3 (authentication secrets) and class C2 (account,
identity, passport and telephone numbers, of which the last four characters stay so that people can
tell them apart, and e-mail addresses, of which the domain stays, because it tells a look-alike).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from bot.gateway.masking.accounts import find_accounts
from bot.gateway.masking.addresses import find_emails, find_passports
from bot.gateway.masking.codes import find_codes
from bot.gateway.masking.folding import blank, fold
from bot.gateway.masking.numbers import Span, find_cards, find_identity_numbers
from bot.gateway.masking.phones import find_international, find_phones

Kind = Literal["id", "card", "code", "account", "phone", "passport", "email"]

_MASKED = re.compile(
    r"\[(?:(?:card|phone) …\d{4}|(?:account|passport) …[\dA-Z]{4}|ID …\d{3}[\dX]|code"
    r"|email …@[a-z0-9.-]{0,400})\]"
)

_NAMES = {
    "id": "ID",
    "card": "card",
    "account": "account",
    "phone": "phone",
    "passport": "passport",
}
# A domain may hold a number that would have to be masked itself.
_LONG_NUMBER = re.compile(r"\d{4}")

_FINDERS: tuple[tuple[Kind, Callable[[str], list[Span]]], ...] = (
    ("email", find_emails),
    ("phone", find_international),
    ("id", find_identity_numbers),
    ("card", find_cards),
    ("passport", find_passports),
    ("phone", find_phones),
    ("code", find_codes),
    ("account", find_accounts),
)


class Found(NamedTuple):
    """One secret, by its place in the text that was given."""

    kind: Kind
    start: int
    end: int


class Masked(NamedTuple):
    """A text without its secrets, and where they were."""

    text: str
    found: tuple[Found, ...]


def mask(text: str) -> Masked:
    """Replace the secrets in a text by what they are and their last characters.

    They become ``[card …1234]``, ``[account …1234]``, ``[ID …123X]``, ``[passport …5678]``,
    ``[phone …1234]``, ``[email …@domain]`` and ``[code]``.

    Masking is idempotent: masking a masked text changes nothing. Amounts, years, times, public
    lines and the bank's own telephone numbers stay readable, because the counsel needs them.

    Args:
        text: What the customer wrote; any text at all.
    """
    folded = fold(text)
    for match in _MASKED.finditer(text):
        folded = blank(folded, match.start(), match.end())
    found: list[Found] = []
    looking = True
    while looking:
        # A secret may come to light when its neighbour is blank: look until nothing is left.
        looking = False
        for kind, find in _FINDERS:
            for start, end in find(folded):
                found.append(Found(kind, start, end))
                folded = blank(folded, start, end)
                looking = True
    found.sort(key=lambda one: one.start)
    return Masked(masked_part(text, 0, len(text), found=found), tuple(found))


def masked_part(text: str, start: int, end: int, *, found: Iterable[Found]) -> str:
    """Return ``text[start:end]`` with every secret masked whole that it touches.

    Args:
        text: The text that was given to ``mask``.
        start: Offset of the first character of the part.
        end: Offset behind its last character.
        found: The secrets that ``mask`` found in the whole text, in their order.
    """
    parts: list[str] = []
    position = start
    for one in found:
        if one.end <= start or one.start >= end:
            continue
        parts.append(text[position : one.start])
        parts.append(_token(one.kind, fold(text[one.start : one.end])))
        position = one.end
    return "".join([*parts, text[position:end]])


def _token(kind: Kind, folded_secret: str) -> str:
    if kind == "code":
        return "[code]"
    if kind == "email":
        domain = folded_secret.rpartition("@")[2]
        return f"[email …@{'' if _LONG_NUMBER.search(domain) else domain}]"
    last_four = re.sub(r"[^\da-z]", "", folded_secret)[-4:].upper()
    return f"[{_NAMES[kind]} …{last_four}]"
