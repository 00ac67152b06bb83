"""Find sums of money in what a customer says, in Chinese, English or both mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.recovery.spoken import currencies
from bot.recovery.spoken.amount_candidates import Candidate, candidates
from bot.recovery.spoken.amount_limits import not_money, speaks_of_something_else
from bot.recovery.spoken.folding import blank, fold, without_masked
from bot.recovery.spoken.numerals import CHINESE_DIGITS
from bot.recovery.spoken.time_pieces import date_and_time_spans


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenAmount:
    """One sum of money that a text names.

    Args:
        value: The sum in units of its currency, always above zero.
        currency: ISO 4217 code, or None where the text names none.
        start: First character in the text.
        end: One after the last character in the text.
        approximate: Whether the text itself says that the sum is not exact. Of "several hundred
            thousand" nothing is read; of `一百多万` the part that is certain; of `五六万` the
            larger.
    """

    value: Decimal
    currency: str | None
    start: int
    end: int
    approximate: bool


_HEDGE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:about|around|roughly|approx(?:imately|\.)?|nearly|almost|over|more than"
    r"|less than|under|some|maybe|perhaps|probably|circa|close to|up to|at least|something like"
    r"|i think(?: it was)?)(?: a)?"
    r"|[~≈]|大概|大约|约|约莫|差不多|将近|接近|近|超过|不到|可能|好像|应该|至少|最少|上下)"
    r"(?:是|有|共|转了?|付了?|汇了?)?\s{0,2}$"
)
_HEDGE_AFTER = re.compile(
    r"\s?(?:or so|or thereabouts|-?ish|odd(?![a-z])|左右|上下|以上|的样子|\+)"
)
_COINS = re.compile(
    r"(?:(?P<tenths>[\d{0}])[角毛](?:(?P<hundredths>[\d{0}])分?)?"
    r"|(?P<short>[\d{0}])(?![\d.,{0}十百千万亿角毛个%]))".format("".join(CHINESE_DIGITS))
)
_LONGEST_HEDGE = 24


def amounts_in(
    text: str, *, language: str, asked: bool = False, dollar: str | None = "USD"
) -> list[SpokenAmount]:
    """Return the sums of money that a text names, in order.

    A number counts when it has a currency (``20000块``), a scale (``65k``, `六万五`) or grouped
    digits (``1,700,000``). Dates, times, telephone and account numbers, counts, ages, shares and
    the gateway's masks are never sums.

    Args:
        text: The customer's words, any text at all.
        language: The language of the talk; both are always read, it only settles what is
            ambiguous (`20w` is 200,000 in Mandarin).
        asked: Whether the question was how much: then a bare number counts too.
        dollar: The currency of a dollar that is not said to be anybody's.
    """
    folded = without_masked(text, fold(text))
    readable = blank(folded, [*date_and_time_spans(folded), *not_money(folded)])
    found: list[SpokenAmount] = []
    for candidate in _apart(candidates(readable, language=language)):
        free_from = found[-1].end if found else 0
        if candidate.start < free_from:
            continue  # It was the coins of the sum before: `三块五`.
        amount = _judged(candidate, readable, free_from=free_from, asked=asked, dollar=dollar)
        if amount:
            found.append(amount)
    return found


def currency_in(text: str, *, dollar: str | None = "USD") -> str | None:
    """Return the currency that a text names in words: "no, euros", `是美元`.

    Args:
        text: The customer's words, any text at all.
        dollar: The currency of a dollar that is not said to be anybody's.
    """
    return currencies.currency_alone(without_masked(text, fold(text)), dollar=dollar)


def _apart(several: list[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates in order, of overlapping ones the first and longest."""
    end = 0
    for candidate in sorted(several, key=lambda one: (one.start, -one.end)):
        if candidate.start >= end:
            end = candidate.end
            yield candidate


def _judged(
    candidate: Candidate, readable: str, *, free_from: int, asked: bool, dollar: str | None
) -> SpokenAmount | None:
    start, end, value = candidate.start, candidate.end, candidate.value
    currency: str | None = None
    after = currencies.AFTER.match(readable, end)
    before = currencies.BEFORE.search(
        readable[max(free_from, start - currencies.LONGEST_BEFORE) : start]
    )
    if before:
        currency = currencies.currency_of(before, dollar=dollar)
        start -= before.end() - before.start()
    if after:
        currency = currency or currencies.currency_of(after, dollar=dollar)
        coins = _COINS.match(readable, after.end()) if after.group().strip() in "元块圆" else None
        value, end = value + _coins_value(coins), (coins or after).end()
        if readable[end : end + 1] in ("整", "正"):
            end += 1
    named = bool(before or after)
    if value <= 0 or speaks_of_something_else(candidate, readable, named=named, asked=asked):
        return None
    hedged = _HEDGE_BEFORE.search(readable[max(0, start - _LONGEST_HEDGE) : start])
    approximate = candidate.approximate or bool(hedged or _HEDGE_AFTER.match(readable, end))
    return SpokenAmount(
        value=_plain(value), currency=currency, start=start, end=end, approximate=approximate
    )


def _plain(value: Decimal) -> Decimal:
    """Return ``value`` without zeros behind the point, and never in powers of ten."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _coins_value(coins: re.Match[str] | None) -> Decimal:
    """Return what stands behind the currency: `三块五`, `3元5角2分`."""
    if coins is None:
        return Decimal(0)
    tenths = coins["tenths"] or coins["short"]
    return Decimal(f"0.{_digit(tenths)}{_digit(coins['hundredths'])}")


def _digit(character: str | None) -> str:
    return "0" if character is None else str(CHINESE_DIGITS.get(character, character))
