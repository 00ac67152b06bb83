"""Find payment card numbers and Chinese identity numbers, however they are spaced.

Numbers are judged in windows of whole digit groups: `4111 1111 1111 1111` is one window of four
groups. A window is judged by its own digits alone, never by its neighbours, so that masking one
number can never uncover another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from stdnum import luhn
from stdnum.cn import ric

CARD_DIGITS = range(13, 20)
"""Lengths of payment card numbers (ISO/IEC 7812)."""

UNIONPAY_DIGITS = range(16, 20)
"""Lengths of UnionPay cards, whose numbers begin with 62."""

_GROUP = re.compile(r"\d+(?:(?<=\d{17})x(?![a-z0-9]))?")
_SEPARATOR = re.compile(r"[ \-._·\u200b]{1,3}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SHORT_NUMBER = re.compile(r"1\d\d|9[56]\d{3}|12\d{3}")
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (81, 83))
    for code in range(first, last + 1)
) | {"71", "91"}


class Group(NamedTuple):
    """A run of digits, with the final X of an identity number where it has one."""

    start: int
    end: int
    digits: str


Span = tuple[int, int]
Window = list[Group]


def find_identity_numbers(folded: str) -> list[Span]:
    """Return the spans of Chinese identity numbers (18 characters, or 15 of the old form)."""
    return _find(folded, lengths=range(15, 19), accept=_is_identity_number)


def find_cards(folded: str) -> list[Span]:
    """Return the spans of card numbers: 13 to 19 digits with a right Luhn sum, and UnionPay's."""
    long = [(g.start, g.end) for chain in chains(folded) for g in chain if _starts_with_card(g)]
    return join([*long, *_find(folded, lengths=CARD_DIGITS, accept=_is_card)])


def chains(folded: str) -> Iterator[list[Group]]:
    """Yield the digit groups of a text, those together that only separators part."""
    chain: list[Group] = []
    for match in _GROUP.finditer(folded):
        gap = folded[chain[-1].end : match.start()] if chain else ""
        if chain and not (_SEPARATOR.fullmatch(gap) and not chain[-1].digits.endswith("x")):
            yield chain
            chain = []
        chain.append(Group(match.start(), match.end(), match.group()))
    if chain:
        yield chain


def join(spans: list[Span]) -> list[Span]:
    """Return ``spans`` sorted, the overlapping ones made into one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _find(folded: str, *, lengths: range, accept: Callable[[Window], bool]) -> list[Span]:
    spans: list[Span] = []
    for chain in chains(folded):
        for window in _windows(chain, lengths):
            if accept(window):
                spans.append((window[0].start, window[-1].end))
    return join(spans)


def _windows(chain: list[Group], lengths: range) -> Iterator[Window]:
    for first in range(len(chain)):
        total = 0
        for last in range(first, len(chain)):
            total += len(chain[last].digits)
            if total >= lengths.stop:
                break
            if total in lengths:
                yield chain[first : last + 1]


def _is_identity_number(window: Window) -> bool:
    number = "".join(group.digits for group in window).upper()
    if number[:2] not in _PROVINCES:
        return False
    if len(number) == 18:
        return _is_date(number[6:14]) and number[-1] == ric.calc_check_digit(number)
    # The old form has no check digit: it counts only when it is written in one piece.
    return len(number) == 15 and len(window) == 1 and _is_date("19" + number[6:12])


def _is_date(eight_digits: str) -> bool:
    year, month, day = int(eight_digits[:4]), int(eight_digits[4:6]), int(eight_digits[6:])
    try:
        return date(year, month, day) >= date(1880, 1, 1)
    except ValueError:
        return False


def _is_card(window: Window) -> bool:
    number = "".join(group.digits for group in window)
    if number.endswith("x"):
        return False
    if _is_unionpay(window, number):
        return True
    if luhn.checksum(number) != 0:
        return False
    if len(window) == 1:
        return True
    if any(_MOBILE.fullmatch(g.digits) or _SHORT_NUMBER.fullmatch(g.digits) for g in window) and (
        set(map(len, (g.digits for g in window))) != {3}
    ):
        return False
    sizes = [len(group.digits) for group in window]
    if sizes[:3] == [4, 2, 2] and number[:2] in {"19", "20"}:  # Dates side by side.
        return False
    return len(number) == 16 or (number[0] in "3456789" and _is_card_grouping(sizes))


def _is_unionpay(window: Window, number: str) -> bool:
    """Tell whether a number begins as UnionPay's do; in any groups, and a slip of one digit too."""
    if not number.startswith("62") or len(number) not in UNIONPAY_DIGITS:
        return False
    sizes = [len(group.digits) for group in window]
    dated = any(
        sizes[at : at + 3] == [4, 2, 2] and window[at].digits[:2] in {"19", "20"}
        for at in range(len(sizes))
    )
    return not dated and (sizes[0] >= 4 or set(sizes) == {1} or _is_card_grouping(sizes))


def _is_card_grouping(sizes: list[int]) -> bool:
    """Tell whether people or cards group digits like this."""
    in_fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    one_by_one = all(size == 1 for size in sizes)
    return in_fours or one_by_one or sizes in ([4, 6, 5], [4, 6, 4], [6, 13], [6, 12], [6, 10])


def _starts_with_card(group: Group) -> bool:
    """Tell whether an over-long run is a card number with its expiry date or code behind it."""
    digits = group.digits
    if len(digits) < CARD_DIGITS.stop or digits.endswith("x"):
        return False
    lengths = {"3": (15,), "4": (16,), "5": (16,), "6": (16, 19)}.get(digits[0], ())
    return any(luhn.checksum(digits[:length]) == 0 for length in lengths)
