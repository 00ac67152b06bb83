"""Numbers in words, read exactly: Chinese numerals (ordinary, formal, mixed with digits), English.

Only the value of a piece of text that is known to be a number is found here; which pieces of a
message are numbers, and what they mean, is for the callers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import takewhile

LARGEST = Decimal(10) ** 15
"""Nothing at or above it is a sum of money; reading stops there."""

CHINESE_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    **{"〇": 0, "两": 2, "俩": 2},
}
CHINESE_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHINESE_GROUPS = {"万": 10**4, "w": 10**4, "亿": 10**8}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ENGLISH_SMALL = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: value * 10 for value, word in enumerate(_TENS, start=2)},
    "fourty": 40,
}
ENGLISH_SCALES = {
    **{"thousand": 10**3, "thousands": 10**3, "grand": 10**3, "k": 10**3},
    **{"million": 10**6, "millions": 10**6, "mil": 10**6, "mn": 10**6, "m": 10**6},
    **{"billion": 10**9, "bn": 10**9, "wan": 10**4},
}

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CHINESE_TOKEN = re.compile(r"\d{1,16}(?:\.\d{1,6})?|.")


def digits_value(written: str) -> Decimal | None:
    """Return the value of digits such as ``1,700,000.00`` or ``1.700.000``, None if too large."""
    plain = written.replace(",", "").replace(" ", "")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    if not _DIGITS.fullmatch(plain):
        return None
    value = Decimal(plain)
    return value if value < LARGEST else None


def chinese_value(numeral: str) -> Decimal | None:
    """Return the value of a folded Chinese numeral: `一百七十万`, `6万5`, `3.5亿`, `三千五`.

    A last digit straight after a unit counts in the next lower one (`三千五` is 3,500), as in
    speech. Returns None for what is no number: `一百千`, `五五`, `万`.
    """
    if "点" in numeral:
        return _with_spoken_point(numeral)
    total = group = Decimal(0)
    digit: Decimal | None = None
    last_unit, after_zero = 1, False
    largest, largest_in_group = LARGEST, Decimal(10_000)
    for sign in _CHINESE_TOKEN.findall(numeral):
        if sign in CHINESE_GROUPS:
            scale = Decimal(CHINESE_GROUPS[sign])
            value = group + (digit or 0)
            if value == 0 and total:
                # `一万亿`: the second unit counts everything that was said before it.
                value, total = total, Decimal(0)
            elif value == 0 or scale >= largest:
                return None
            total += value * scale
            largest, largest_in_group = scale, Decimal(10_000)
            group, digit, last_unit, after_zero = Decimal(0), None, CHINESE_GROUPS[sign], False
        elif sign in CHINESE_UNITS:
            unit = Decimal(CHINESE_UNITS[sign])
            if unit >= largest_in_group or (digit is None and unit != 10):
                return None
            group += (Decimal(1) if digit is None else digit) * unit
            digit, last_unit, largest_in_group, after_zero = None, int(unit), unit, False
        elif sign in "零〇":
            digit, after_zero = None, True
        else:
            if digit is not None:
                return None
            digit = Decimal(CHINESE_DIGITS[sign]) if sign in CHINESE_DIGITS else Decimal(sign)
    if digit is not None:
        spoken_short = last_unit > 1 and not after_zero and digit < 10
        group += digit * (last_unit // 10 if spoken_short else 1)
    value = total + group
    return value if value < LARGEST else None


def chinese_row(numeral: str) -> Decimal | None:
    """Return the value of numerals said one by one (``二〇二六``), None for anything else."""
    if not numeral or any(character not in CHINESE_DIGITS for character in numeral):
        return None
    return Decimal("".join(str(CHINESE_DIGITS[character]) for character in numeral))


def english_value(words: list[str]) -> Decimal | None:
    """Return the value of English number words, folded and without hyphens.

    Knows ``a hundred and seventy thousand``, ``fifteen hundred``, ``one point seven million`` and
    mixed ``1.7 million``. Returns None for what is no number: ``five five``, ``and``, ``k``.
    """
    total = Decimal(0)
    group: Decimal | None = None
    last_small, largest = 100, Decimal(LARGEST)
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word == "and":
            last_small = 100
        elif word in ("a", "an"):
            if group is not None:
                return None
            group, last_small = Decimal(1), 0
        elif word in ENGLISH_SMALL:
            value = ENGLISH_SMALL[word]
            if value >= last_small or (last_small < 100 and (last_small % 10 or value > 9)):
                return None
            group, last_small = (group or Decimal(0)) + value, value or 1
        elif word == "hundred":
            if group is None or group >= 100 or group == 0:
                return None
            group, last_small = group * 100, 100
        elif word == "point":
            decimals = _row_of_words(words[position:])
            if group is None or not decimals:
                return None
            position += len(decimals)
            group, last_small = group + Decimal(f"0.{decimals}"), 0
        elif word in ENGLISH_SCALES:
            scale = Decimal(ENGLISH_SCALES[word])
            if group is None or scale >= largest:
                return None
            total, group, largest, last_small = total + group * scale, None, scale, 100
        else:
            value_of_digits = digits_value(word)
            if value_of_digits is None or group is not None or total:
                return None
            group, last_small = value_of_digits, 0
    if group is None and not total:
        return None
    value_in_all = total + (group or 0)
    return value_in_all if value_in_all < LARGEST else None


def _row_of_words(words: list[str]) -> str:
    """Return the digits that words say one by one, as far as they do (``seven five million``)."""
    digits = takewhile(lambda digit: digit < 10, (ENGLISH_SMALL.get(word, 10) for word in words))
    return "".join(map(str, digits))


def _with_spoken_point(numeral: str) -> Decimal | None:
    """Return the value of ``三点五万``: one group may follow the decimals, nothing else."""
    whole, _, rest = numeral.partition("点")
    scale = Decimal(1)
    while rest and rest[-1] in CHINESE_GROUPS | CHINESE_UNITS:
        scale *= (CHINESE_GROUPS | CHINESE_UNITS)[rest[-1]]
        rest = rest[:-1]
    before = chinese_value(whole) if whole else None
    decimals = rest if rest.isdigit() and rest.isascii() else _row_text(rest)
    if before is None or not decimals:
        return None
    value = (before + Decimal(f"0.{decimals}")) * scale
    return value if value < LARGEST else None


def _row_text(numeral: str) -> str:
    if any(character not in CHINESE_DIGITS for character in numeral):
        return ""
    return "".join(str(CHINESE_DIGITS[character]) for character in numeral)
