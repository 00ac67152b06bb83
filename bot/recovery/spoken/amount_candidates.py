"""Find everything in a folded text that has the form of a number, and read its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.recovery.spoken.numerals import (
    CHINESE_DIGITS,
    CHINESE_UNITS,
    ENGLISH_SCALES,
    ENGLISH_SMALL,
    LARGEST,
    chinese_value,
    digits_value,
    english_value,
)

Form = Literal["digits", "grouped", "chinese", "words"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number in a text, not yet known to be money.

    Args:
        start: First character.
        end: One after the last character.
        value: What it comes to.
        form: How it is written.
        scaled: Whether it has a unit of hundreds or more (`百`, ``k``, ``million``).
        approximate: Whether the number itself says so (`一百多万`, ``a couple of thousand``).
    """

    start: int
    end: int
    value: Decimal
    form: Form
    scaled: bool
    approximate: bool


# Every repetition is bounded, so that no text takes more than linear time.
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,4})?(?![\d])|\d{1,3}(?:\.\d{3}){2,5}(?!\d)"
    r"|\d{1,3}(?: \d{3}){1,5}(?![\d ]\d)(?!\d)|\d{1,20}(?:\.\d{1,6})?)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[., ]\d{3})+(?:\.\d+)?")
_CHINESE_CHARACTER = "".join(CHINESE_DIGITS) + "".join(CHINESE_UNITS) + "万亿"
_LOOSE = r"(?:[多来余]个?|个[多来余]?|(?<=十)几)(?=[十百千万亿])"


def _chinese_run(characters: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.])(?<!\d,)(?:{_NUMBER}|[{characters}])"
        rf"(?: ?(?:{_NUMBER}|[{characters}])|点(?=[\d{characters}])|{_LOOSE}){{0,30}}[多来余]?"
    )


_RUN = _chinese_run(_CHINESE_CHARACTER)
_RUN_WITH_W = _chinese_run(_CHINESE_CHARACTER + "w")
_HAS_CHINESE = re.compile("[\u4e00-\u9fff]")
_HEDGES = str.maketrans("", "", "多来余几个 ")
_EITHER_OR = re.compile(r"([一二两三四五六七八])([二三四五六七八九])(?=[十百千万亿])")
_RANGE = re.compile(r"(\d{1,3}(?:\.\d)?|[一二两三四五六七八九十百]{1,5})[-~到至]$")
_SCALED_CHINESE = re.compile(r"[百佰千仟万亿w]")

_WORDS = sorted({*ENGLISH_SMALL, *ENGLISH_SCALES, "hundred", "point"} - {"k", "m"}, key=len)[::-1]
_SCALE = "(?:" + "|".join(sorted(ENGLISH_SCALES, key=len)[::-1]) + ")(?![a-z])"
_WORD = (
    rf"(?:(?:{'|'.join(_WORDS)}|half|quarters?|couple|k)(?![a-z])|{_NUMBER} ?{_SCALE}"
    r"|\d{1,9}(?:\.\d{1,4})?(?![\d.,]))"
)
_LINK = r"(?:[ -]{1,2}|, ?)(?:(?:and|of)[ -])?(?:an?[ -])?"
_ENGLISH_RUN = re.compile(rf"(?<![a-z\d.])(?<!\d,)(?:an? )?{_WORD}(?:{_LINK}{_WORD}){{0,16}}")
# After a currency sign the digits may touch letters: `RMB1.7m`.
_ATTACHED = re.compile(rf"(?<=[a-z$¥£€]){_NUMBER} ?{_SCALE}")
_RANGE_ENGLISH = re.compile(rf"(?:\d|(?<![a-z])(?:{'|'.join(_WORDS)}|k)) ?(?:to|or|-) ?$")
_TOKEN = re.compile(rf"{_NUMBER}|[a-z]+")
_UNITS = {*ENGLISH_SCALES, "hundred"}
_TENTHS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}


def candidates(readable: str, *, language: str) -> list[Candidate]:
    """Return all numbers of a folded text; they may overlap.

    Args:
        readable: Folded text, opaque where nothing may be found.
        language: The language of the talk; in Mandarin ``w`` behind a number means `万`.
    """
    with_w = language == "zh" or bool(_HAS_CHINESE.search(readable))
    return [
        *_scan(readable, _ENGLISH_RUN, _english),
        *_scan(readable, _ATTACHED, _english),
        *_scan(readable, _RUN_WITH_W if with_w else _RUN, _chinese),
    ]


def _scan(
    readable: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Candidate | None]
) -> Iterator[Candidate]:
    """Yield the numbers of one form; a run of numbers (`20k and 30k`) is taken one by one."""
    position = 0
    while match := pattern.search(readable, position):
        found = read(match)
        if found:
            yield found
        position = found.end if found else match.end()


def _chinese(match: re.Match[str]) -> Candidate | None:
    """Return a Chinese numeral, a mixed one, or plain digits."""
    readable, written, end = match.string, match.group(), match.end()
    if readable[max(0, match.start() - 1) : match.start()] in tuple("几数上") or (
        readable.startswith("几", end)
    ):
        return None  # `几十万`, `数百万`: no number is said.
    if written[-1] == "w" and readable[end : end + 1].isalpha() and readable[end].isascii():
        return None
    form: Form = "chinese"
    if _GROUPED.fullmatch(written):
        form, value = "grouped", digits_value(written)
    elif written[0].isdigit() and re.fullmatch(r"[\d.]+", written):
        form, value = "digits", digits_value(written)
    else:
        written, value = _longest_chinese(written)
        end = match.start() + len(written)
    if value is None or value >= LARGEST:
        return None
    loose = any(character in written for character in "多来余几") or bool(
        _EITHER_OR.search(written)
    )
    ranged = bool(_RANGE.search(readable[max(0, match.start() - 6) : match.start()]))
    return Candidate(
        match.start(), end, value, form, bool(_SCALED_CHINESE.search(written)), loose or ranged
    )


def _longest_chinese(written: str) -> tuple[str, Decimal | None]:
    """Return a numeral and its value; of several in a row (`5万3万`) the first."""
    ends = [place + 1 for place, character in enumerate(written) if character in "万亿千百"]
    for end in [len(written), *reversed(ends)]:
        plain = written[:end].translate(_HEDGES).replace(",", "")
        value = chinese_value(_EITHER_OR.sub(_second, plain))
        if value is not None:
            return written[:end], value
    return written, None


def _second(either_or: re.Match[str]) -> str:
    """Return the larger of two neighbours (`五六万`), and leave what are no neighbours."""
    first, second = (CHINESE_DIGITS[character] for character in either_or.groups())
    return either_or[2] if second == first + 1 else either_or[0]


def _english(match: re.Match[str]) -> Candidate | None:
    """Return English number words; what does not belong to the number at its end is left out."""
    tokens = [(one.group(), match.start() + one.end()) for one in _TOKEN.finditer(match.group())]
    while tokens:
        words = [word for word, _ in tokens]
        if len(words) == 1 and words[0][0].isdigit():
            return None  # Plain digits are read with the Chinese numerals.
        value = _english_phrase(words)
        if value is not None:
            scaled = any(word in ENGLISH_SCALES or word == "hundred" for word in words)
            left = match.string[max(0, match.start() - 16) : match.start()]
            loose = "couple" in words or bool(_RANGE_ENGLISH.search(left))
            return Candidate(match.start(), tokens[-1][1], value, "words", scaled, loose)
        dropped = tokens.pop()[0]
        while tokens and dropped in _UNITS and tokens[-1][0] not in _UNITS:
            tokens.pop()  # In `two thousand, three thousand` the three belongs to what is dropped.
    return None


def _english_phrase(words: list[str]) -> Decimal | None:
    """Return the value of number words with ``half``, ``quarter`` and ``couple`` in them."""
    if words[-1] in ("and", "of", "a", "an", "point"):
        return None
    words = [word for word in words if word != "of"]
    if "couple" in words:
        place = words.index("couple")
        if words[:place] not in ([], ["a"]) or words[place + 1 :] == []:
            return None
        words = ["two", *words[place + 1 :]]
    part = next((place for place, word in enumerate(words) if word in _TENTHS), None)
    if part is None:
        return english_value(words)
    return _with_part(words[:part], _TENTHS[words[part]], words[part + 1 :])


def _with_part(before: list[str], part: Decimal, after: list[str]) -> Decimal | None:
    """Return ``one and a half million``, ``a million and a half``, ``three quarters of a million``.

    Args:
        before: What stands before the word for the part.
        part: A half or a quarter.
        after: What stands behind it: the scale, or nothing.
    """
    added = before[-2:] in (["and", "a"], ["and", "an"]) or before[-1:] == ["and"]
    whole = before[: -2 if before[-1:] in (["a"], ["an"]) else -1] if added else before
    scale = english_value([word if word not in ("a", "an") else "one" for word in after] or ["one"])
    if after and after[0] in ENGLISH_SCALES | {"hundred": 100}:
        scale = english_value(["one", *after])
    if scale is None:
        return None
    if not added:
        times = english_value(whole) if whole else Decimal(1)
        return None if times is None or not after else times * part * scale
    value = english_value(whole) if whole else None
    if value is None:
        return None
    if after:
        return (value + part) * scale
    last = whole[-1]
    return value + part * ENGLISH_SCALES[last] if last in ENGLISH_SCALES else None
