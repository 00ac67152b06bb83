"""Find one-time codes, passwords and card security codes by the words beside them.

Only the *first* number after (or the number right before) the name of a secret counts, and nothing
is found across text that is masked already. Masking the masked text therefore changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.gateway.masking.folding import OPAQUE
from bot.gateway.masking.numbers import Span, join
from bot.gateway.masking.words import Words, load_words

NEAR = 12
"""Characters between the name of a secret and its number, when nothing ties them together."""

LINKED_NEAR = 40
"""The same, when only linking words stand between them."""

CODE_DIGITS = range(3, 9)

_GROUPS = re.compile(r"\d+(?:[ \-\u200b]{1,2}\d+)*")
_GROUP = re.compile(r"\d+")
# Police, emergency, bank and government numbers, which must stay readable.
_PUBLIC_NUMBER = re.compile(
    r"11[02]|119|12[02]|159|911|999|1799|18222|95\d{3}|96110|123(?:15|21|39|77|78|81)"
    r"|10086|10010|10000"
)
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_PASSWORD = re.compile(r"[!-~]*[!-~]")
_NUMBER_WITH_SUFFIX = re.compile(r"[^a-z]*|[\d.,:]+[a-z%]{0,7}")
_CURRENCY_BEFORE = re.compile(r"(?:[¥$€£]|(?<![a-z])(?:rmb|cny|usd|gbp|eur|hkd))\s?$")
_FRACTION_AFTER = re.compile(r"[.:/]\d|,\d{3}(?!\d)")
_FRACTION_BEFORE = re.compile(r"\d[.,:/]$")
_SENTENCE_END = re.compile(r"[.!?;。！？；\n]")


def find_codes(folded: str) -> list[Span]:
    """Return the spans of codes and passwords.

    Args:
        folded: Folded text in which everything else that is secret is blank already.
    """
    words = load_words()
    spans: list[Span] = []
    readable = words.harmless.sub(lambda match: "~" * len(match.group()), folded)
    for match in words.secret.finditer(readable):
        three_digits = match.group() in words.card_secrets
        spans.extend(_after(readable, match.end(), words=words, three_digits=three_digits))
    spans.extend(_before(readable, words=words))
    return join(spans)


def _after(folded: str, at: int, *, words: Words, three_digits: bool) -> Iterator[Span]:
    """Yield the code that follows the name of a secret which ends ``at``."""
    spelled = words.spelled.search(folded, at, at + NEAR + 48)
    digits = _GROUP.search(folded, at, at + LINKED_NEAR + 1)
    if spelled and not (digits and digits.start() < spelled.start()):
        gap = folded[at : spelled.start()]
        if _is_linked(gap, words=words) or (_is_near(gap, words=words) and len(spelled[0]) >= 4):
            yield spelled.span()
        return
    password = _password(folded, at, words=words)
    if password:
        yield password
        return
    if not digits:
        return
    gap = folded[at : digits.start()]
    linked = _is_linked(gap, words=words)
    if not linked and not _is_near(gap, words=words):
        return
    span = _joined_digits(folded, digits.start())
    number = folded[slice(*span)]
    if not linked and sum(map(str.isdigit, number)) not in range(4, 7):
        return
    if not _is_plain(folded, span, words=words, linked=linked, exact=three_digits):
        yield span


def _before(folded: str, *, words: Words) -> Iterator[Span]:
    """Yield the codes whose name comes behind them."""
    for match in _GROUPS.finditer(folded):
        if not words.behind.match(folded, match.end()):
            continue
        for group in _GROUP.finditer(match.group()):
            span = _joined_digits(folded, match.start() + group.start())
            if span[1] == match.end() and not _is_plain(
                folded, span, words=words, linked=False, exact=False
            ):
                yield span
                break


def _is_linked(gap: str, *, words: Words) -> bool:
    return len(gap) <= LINKED_NEAR and bool(words.linked_gap.fullmatch(gap))


def _is_near(gap: str, *, words: Words) -> bool:
    return (
        len(gap) <= NEAR
        and OPAQUE not in gap
        and not _SENTENCE_END.search(gap)
        and not words.breaking.search(gap)
    )


def _joined_digits(folded: str, start: int) -> Span:
    """Return the span of the number at ``start``: one group, or several read out in pieces."""
    match = _GROUPS.match(folded, start)
    if match is None:
        return (start, start)
    groups = [
        (start + group.start(), start + group.end()) for group in _GROUP.finditer(match.group())
    ]
    first = total = groups[0][1] - groups[0][0]
    end = groups[0][1]
    for group_start, group_end in groups[1:]:
        size = group_end - group_start
        reads_on = size == first or first < CODE_DIGITS.start or (size <= 2 and first <= 4)
        if not reads_on or total + size >= CODE_DIGITS.stop:
            break
        total, end = total + size, group_end
    return (start, end)


def _is_plain(folded: str, span: Span, *, words: Words, linked: bool, exact: bool) -> bool:
    """Tell whether a number is no code: an amount, a year, a time, a public number, too long."""
    start, end = span
    number = folded[start:end]
    count = sum(map(str.isdigit, number))
    if count not in CODE_DIGITS or folded[end : end + 1].isdigit():
        return True
    before = folded[max(0, start - NEAR) : start]
    if _FRACTION_AFTER.match(folded, end) or _FRACTION_BEFORE.search(before):
        return True
    if words.amount_follows.match(folded, end) or _CURRENCY_BEFORE.search(before):
        return True
    if count <= 4 and words.count_follows.match(folded, end):
        return True
    if _YEAR.fullmatch(number) and (not linked or words.before_year.search(before)):
        return True
    return bool(_PUBLIC_NUMBER.fullmatch(number)) and not (linked and exact)


def _password(folded: str, at: int, *, words: Words) -> Span | None:
    """Return the span of a mixed password (`abc123`, `G-482199`) behind a linking gap."""
    linked = words.linked_gap.match(folded, at, at + LINKED_NEAR)
    if linked is None:
        return None
    # The gap may swallow the first signs of the password: go back to the last space or sign.
    start = linked.end()
    while start > at and folded[start - 1] not in " \n:=,\"'「“（(" and folded[start - 1].isascii():
        start -= 1
    token = _PASSWORD.match(folded, start)
    if token is None:
        return None
    text = token.group().rstrip(".,;:!?)\"'")
    has_both = any(map(str.isdigit, text)) and any("a" <= sign <= "z" for sign in text)
    if not has_both or len(text) > 64 or len(text) < 4 or _NUMBER_WITH_SUFFIX.fullmatch(text):
        return None
    return (start, start + len(text))
