"""Find telephone numbers of people; lines that somebody publishes for everybody stay readable."""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from bot.gateway.masking.numbers import Span, join
from bot.gateway.masking.words import Words, load_words

NAMED_DIGITS = range(7, 13)
"""Lengths of numbers that are telephone numbers because somebody says so."""

_INTERNATIONAL = re.compile(
    r"(?<![\d+])(?:\+|00(?=[1-9]))[ (]?\d(?:[ \-.()\u200b]{0,2}\d){6,13}(?!\d)"
)
_SEP = r"[ \-.\u200b]"
# How each country writes a number without its country code. Whether there can be such a number is
# then asked of the numbering plans in `phonenumbers`.
_NATIONAL: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "CN",
        re.compile(
            rf"(?<!\d)(?<!\d{_SEP})1[3-9]\d{_SEP}?(?:\d{{4}}{_SEP}?\d{{4}}|\d{{3}}{_SEP}?\d{{5}})(?!\d)"
            rf"|(?<!\d)(?:86{_SEP}?)?1[3-9]\d{{9}}(?!\d)"
            rf"|(?<!\d)(?<!\d{_SEP})1{_SEP}[3-9](?:{_SEP}\d){{9}}(?!{_SEP}?\d)"
            rf"|(?<!\d)(?<!\d{_SEP})\(?0\d{{2,3}}\)?{_SEP}?\d{{3,4}}{_SEP}?\d{{4}}(?!{_SEP}?\d)"
        ),
    ),
    (
        "GB",
        re.compile(
            rf"(?<!\d)(?<!\d{_SEP})\(?0\d{{2,4}}\)?{_SEP}?\d{{3,4}}{_SEP}?\d{{3,4}}(?!{_SEP}?\d)"
        ),
    ),
    (
        "US",
        re.compile(
            rf"(?<!\d)(?<!\d{_SEP})(?:1{_SEP})?\(?[2-9]\d\d\)?{_SEP}{{1,2}}\d{{3}}{_SEP}\d{{4}}"
            rf"(?!{_SEP}?\d)"
        ),
    ),
)
_PERSONAL = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.VOIP,
        PhoneNumberType.PAGER,
    }
)
_NAMED = re.compile(r"\(?\d(?:[ \-.()]{0,2}\d){6,11}(?![ \-]?\d)")
_NAMED_NEAR = 24
_ROUND = re.compile(r"000$")
_AMOUNT_AFTER = re.compile(r"[.,]\d")
_published: set[str] = set()


def keep_readable(numbers: Iterable[str]) -> None:
    """Leave the bank's own numbers readable from now on, however they are written.

    Args:
        numbers: As the bank publishes them, with or without the country's code.
    """
    _published.update(bare for bare in (_bare(_digits(number)) for number in numbers) if bare)


def forget_readable() -> None:
    """Leave no number readable because it is the bank's."""
    _published.clear()


def find_international(folded: str) -> list[Span]:
    """Return the spans of telephone numbers that carry a country's code with its sign."""
    return [
        match.span()
        for match in _INTERNATIONAL.finditer(folded)
        if _is_personal(_plus(match.group()), region=None)
    ]


def find_phones(folded: str) -> list[Span]:
    """Return the spans of other telephone numbers: by their form, or by the word before them.

    Args:
        folded: Folded text in which everything that is masked already is blank.
    """
    words = load_words()
    spans = [
        match.span()
        for region, pattern in _NATIONAL
        for match in pattern.finditer(folded)
        if _is_personal(match.group(), region=region)
        and not _is_amount(folded, match.end(), words=words)
    ]
    for name in words.phones.finditer(folded):
        found = _NAMED.search(folded, name.end(), name.end() + _NAMED_NEAR + 24)
        if found and _is_named(folded, name.end(), found, words=words):
            spans.append(found.span())
    return join(spans)


def _is_named(folded: str, at: int, found: re.Match[str], *, words: Words) -> bool:
    gap = folded[at : found.start()]
    number = _digits(found.group())
    return (
        len(gap) <= _NAMED_NEAR
        and words.linked_gap.fullmatch(gap) is not None
        and len(number) in NAMED_DIGITS
        and not folded[found.end() : found.end() + 1].isdigit()
        and not _ROUND.search(number)
        and not _is_published(number)
        and not _is_amount(folded, found.end(), words=words)
        and not _is_business_line(found.group())
    )


def _is_amount(folded: str, end: int, *, words: Words) -> bool:
    return bool(_AMOUNT_AFTER.match(folded, end) or words.amount_follows.match(folded, end))


def _is_personal(written: str, *, region: str | None) -> bool:
    """Tell whether a number exists in the numbering plan and may belong to a person."""
    number = _parsed(written, region=region)
    return (
        number is not None
        and phonenumbers.is_valid_number(number)
        and phonenumbers.number_type(number) in _PERSONAL
        and not _is_published(_digits(written))
    )


def _is_business_line(written: str) -> bool:
    """Tell whether it is a 400 or 800 line of China, which only companies have."""
    number = _parsed(written, region="CN")
    return (
        number is not None
        and phonenumbers.is_valid_number(number)
        and phonenumbers.number_type(number) not in _PERSONAL
    )


def _parsed(written: str, *, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except NumberParseException:
        return None


def _is_published(digits: str) -> bool:
    """Tell whether the bank publishes a number, with a country's code or without."""
    return _bare(digits) in _published


def _bare(digits: str) -> str:
    """Return a number without what may stand before it: trunk zeros, and the country's code."""
    return digits.lstrip("0").removeprefix("86").lstrip("0")


def _plus(written: str) -> str:
    return "+" + written.removeprefix("00").removeprefix("+")


def _digits(written: str) -> str:
    return "".join(sign for sign in written if sign.isdigit())
