"""Find telephone numbers and accounts in a text, whole or masked by the gateway."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

import phonenumbers

from bot.bank import Bank

_MASKED = re.compile(r"\[(?P<kind>phone|card|account) …(?P<last>[\dA-Za-z]{4})\]", re.IGNORECASE)
_WRITTEN = re.compile(r"(?<![\d.,:/…+])\+?\(?\d(?:[ \-.()\u200b]{0,2}\d){2,24}(?![\d])")
_DATE = re.compile(r"(?:19|20)\d\d[-. ]{1,2}\d{1,2}[-. ]{1,2}\d{1,2}(?!\d)")
_AMOUNT_BEFORE = re.compile(r"(?:[$£€¥]|rmb|cny|usd|gbp|eur|hkd|sgd)\s?$")
_AMOUNT_AFTER = re.compile(
    r"[.,:]\d|%|\s?(?:元|块|圆|万|千|百|人民币|yuan|rmb|cny|usd|hkd|dollars?|pounds?|euros?|k\b|m\b)"
)
# Lines for everybody in China: police and the like, operators, public services, banks, companies.
_SERVICE = re.compile(r"9[56]\d{3}|1(?:00|01|2\d)\d{2}|[48]00\d{7}")
_ROUND = re.compile(r"00$")
_PHONE_DIGITS = range(7, 14)


class Number(NamedTuple):
    """A telephone number or an account in a text.

    Args:
        start: Offset of its first character.
        end: Offset behind its last character.
        account: Whether it is an account or a card.
        digits: All digits, or the last four where it is masked.
        masked: Whether the gateway has masked it; then it is none that the bank publishes.
    """

    start: int
    end: int
    account: bool
    digits: str
    masked: bool


def find_numbers(text: str, folded: str, *, published: Collection[str] = ()) -> list[Number]:
    """Return telephone numbers and accounts, in their order; amounts, days and times are none.

    Args:
        text: As it was written.
        folded: The same, folded, with everything blank that is something else already.
        published: Numbers that count even where they are as short as an amount, see ``bare``.
    """
    found = [
        Number(match.start(), match.end(), match["kind"].lower() != "phone", match["last"], True)
        for match in _MASKED.finditer(text)
    ]
    for match in _WRITTEN.finditer(folded):
        digits = "".join(filter(str.isdigit, match.group()))
        before = folded[max(0, match.start() - 6) : match.start()]
        if _AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(folded, match.end()):
            continue
        if bare(digits) in published or _is_number(match.group(), digits):
            account = len(digits) not in _PHONE_DIGITS and len(digits) > _PHONE_DIGITS.start
            found.append(Number(match.start(), match.end(), account, digits, False))
    return sorted(found)


def published_by(bank: Bank) -> tuple[frozenset[str], frozenset[str]]:
    """Return the bank's own numbers and the public lines that it names, see ``bare``."""
    region = bank.jurisdiction.upper()
    own = frozenset(bare(number, region=region) for number in bank.own_phones)
    every = frozenset(bare(number, region=region) for number in bank.published_phones)
    return own, every - own


def bare(number: str, *, region: str = "CN") -> str:
    """Return a number without what may stand before it: trunk zeros, and the country's code.

    Args:
        number: However it is written.
        region: The country whose code may stand there, in two letters.
    """
    digits = "".join(filter(str.isdigit, number)).lstrip("0")
    code = phonenumbers.country_code_for_region(region)
    return (digits.removeprefix(str(code)) if code else digits).lstrip("0")


def _is_number(written: str, digits: str) -> bool:
    if _DATE.match(written) or len(set(digits)) == 1:
        return False
    if len(digits) < _PHONE_DIGITS.start:
        return bool(_SERVICE.fullmatch(digits)) and not _ROUND.search(digits)
    # A round number in one piece is an amount; telephones of companies are round in groups too.
    return not (digits.endswith("000") and digits == written and not _SERVICE.fullmatch(digits))
