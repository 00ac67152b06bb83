"""Find bank account numbers, which have no checksum of their own: by their name or their length."""

from __future__ import annotations

import re
from datetime import date

from stdnum import iban

from bot.gateway.masking.numbers import Group, Span, chains, join
from bot.gateway.masking.words import Words, load_words

NAMED_DIGITS = range(8, 31)
"""Lengths of account numbers that are called so: from eight digits (United Kingdom) on."""

LONG_DIGITS = range(12, 31)
"""Lengths at which a number in one piece is taken for an account even where nobody says so."""

GROUPED_DIGITS = range(15, 31)
"""The same for a number in groups, which a list of amounts is as well."""

_BEFORE = 48
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]){11,30}(?![a-z0-9])")
_GAP = re.compile(r"[ \-]")
_PHONE = re.compile(r"(?:00)?86?1[3-9]\d{9}|1[3-9]\d{9}|101\d{8}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AMOUNT_AFTER = re.compile(r"[.,]\d|\s?(?:元|块|人民币|yuan|rmb|cny|usd|dollars?)")


def find_accounts(folded: str) -> list[Span]:
    """Return the spans of account numbers and IBANs.

    Args:
        folded: Folded text in which everything else that is secret is blank already.
    """
    words = load_words()
    spans = [span for match in _IBAN.finditer(folded) for span in _iban(match)]
    for chain in chains(folded):
        span = _account(folded, chain, words)
        if span:
            spans.append(span)
    return join(spans)


def _account(folded: str, chain: list[Group], words: Words) -> Span | None:
    start, end = chain[0].start, chain[-1].end
    number = "".join(group.digits for group in chain)
    before = folded[max(0, start - _BEFORE) : start]
    if number.endswith("x") or _AMOUNT_AFTER.match(folded, end) or _PHONE.fullmatch(number):
        return None
    if folded[end : end + 1] == ":" or words.references.search(before) or _is_dated(number):
        return None
    named = len(number) in NAMED_DIGITS and bool(words.accounts.search(before))
    in_one_piece = len(chain) == 1 and len(number) in LONG_DIGITS
    in_groups = len(chain) > 1 and len(number) in GROUPED_DIGITS and _reads_as_one(chain)
    return (start, end) if named or in_one_piece or in_groups else None


def _reads_as_one(chain: list[Group]) -> bool:
    """Tell whether groups are pieces of one number, and no list of amounts, days or telephones."""
    groups = [group.digits for group in chain]
    sizes = list(map(len, groups))
    if any(_PHONE.fullmatch(group) or _is_dated(group) for group in groups):
        return False
    if all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4:
        return not all(_YEAR.fullmatch(group) for group in groups[:-1])
    if set(sizes) == {1}:
        return True
    in_halves = len(sizes) <= 3 and min(sizes) >= 4 and max(sizes) >= 8
    return in_halves and not any(group.endswith("000") for group in groups)


def _is_dated(number: str) -> bool:
    """Tell whether a number begins with a date of our days, as references and times do."""
    try:
        return 1990 <= date(int(number[:4]), int(number[4:6]), int(number[6:8])).year <= 2090
    except ValueError:
        return False


def _iban(match: re.Match[str]) -> list[Span]:
    """Return the longest part from the start that is an IBAN: a word may stand right behind it."""
    text = match.group()
    ends = [len(text), *(gap.start() for gap in reversed(list(_GAP.finditer(text))))]
    for end in ends:
        if iban.is_valid(text[:end]):
            return [(match.start(), match.start() + end)]
    return []
