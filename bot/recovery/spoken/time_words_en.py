"""How times are said in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from bot.recovery.spoken.days import (
    calendar_day,
    days_from_today,
    is_date,
    weekday,
    weekday_before_today,
)
from bot.recovery.spoken.numerals import english_value
from bot.recovery.spoken.time_values import Clock, Part, Piece, Precision

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAY = "|".join(_WEEKDAYS)
_WEEKDAY_SHORT = "|".join(name[:3] for name in _WEEKDAYS) + "|tues|thurs|thur"
_MONTH = "|".join(_MONTHS) + "|" + "|".join(name[:3] for name in _MONTHS) + "|sept"
_PARTS: dict[str, Part] = {
    "morning": "morning",
    "lunchtime": "noon",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
}
_NIGHTS: dict[str, tuple[int, Part]] = {
    "last night": (-1, "night"),
    "last evening": (-1, "evening"),
    "tonight": (0, "evening"),
    "this morning": (0, "morning"),
    "this lunchtime": (0, "noon"),
    "this afternoon": (0, "afternoon"),
    "this evening": (0, "evening"),
}
_DAYS = {
    **{"the day before yesterday": -2, "yesterday": -1, "today": 0},
    **{"the day after tomorrow": 2, "tomorrow": 1},
}
_HOUR_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(sorted(_HOUR_WORDS, key=len, reverse=True))})"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty|thirty|forty|fifty"
_SMALL = (
    rf"(?:(?:{_TENS})(?:[ -](?:{'|'.join(_HOUR_WORDS[:9])}))?|{'|'.join(_TEENS)}"
    rf"|{'|'.join(_HOUR_WORDS[:9])})"
)
_MINUTE_WORDS = (
    rf"(?:oh[ -](?:{'|'.join(_HOUR_WORDS[:9])})"
    rf"|(?:{_TENS})(?:[ -](?:{'|'.join(_HOUR_WORDS[:9])}))?|{'|'.join(_TEENS)})"
)
_COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|{_SMALL}|an?|half an?|a couple of|a couple|a few|several)"
_MERIDIEM = r"(?P<half>[ap])\.?m(?![a-z])\.?"
# Nothing of money and no count may follow an hour that only `at` makes one.
_NO_MONEY_AFTER = (
    r"(?![\w%$]|[.,:/]\d| ?-\d|\s?(?:k|m|mn|bn|hundred|thousand|million|billion|grand|point"
    r"|percent|per"
    r"|yuan|rmb|cny|usd|hkd|dollars?|pounds?|euros?|people|minutes?|mins?|hours?|days?|weeks?"
    r"|months?|years?|times?|calls?|banks?|different|of|and a half|[万千百亿元块%])(?![a-z]))"
)


def _count(words: str) -> float | None:
    """Return how many: ``20``, ``twenty-five``, ``a``, ``half an``, ``a couple of``."""
    if words.startswith("half"):
        return 0.5
    if words in ("a", "an"):
        return 1.0
    if words.startswith("a couple"):
        return 2.0
    if words in ("a few", "several"):
        return 5.0
    value = english_value(re.split("[ -]", words))
    return None if value is None else float(value)


def _ago(match: re.Match[str]) -> Piece | None:
    count = _count(match["count"])
    if count is None:
        return None
    in_hours = match["unit"].startswith("h")
    vague = match["count"] in ("a few", "several") or match["count"].startswith("a couple")
    if vague and in_hours and not match["count"].startswith("a couple"):
        return None
    minutes = count * (60 if in_hours else 1)
    more = match["more"]
    if more in ("a half", "half"):
        minutes += 30 if in_hours else 0.5
    elif more in ("a quarter", "quarter"):
        minutes += 15
    elif more:
        minutes += (
            _count(more.removesuffix("s").removesuffix("minute").removesuffix("min").strip()) or 0
        )
    whole_hours = in_hours and not more and count >= 1 and count.is_integer()
    precise_to: Precision = "hour" if whole_hours or vague else "minute"
    return Piece(
        start=match.start(),
        end=match.end(),
        ago=timedelta(minutes=minutes),
        ago_precise_to=precise_to,
    )


def _count_and_a_half_ago(match: re.Match[str]) -> Piece | None:
    """Read ``one and a half hours ago``, ``three quarters of an hour ago``."""
    part = match["part"]
    if part:
        hours = 0.75 if part.startswith("three") else 0.25
    else:
        hours = (_count(match["count"]) or 0) + 0.5
    return Piece(start=match.start(), end=match.end(), ago=timedelta(hours=hours))


def _days_ago(match: re.Match[str]) -> Piece | None:
    count = _count(match["count"])
    if count is None or not count.is_integer() or match["count"] in ("a few", "several"):
        return None
    days = int(count) * (7 if match["unit"].startswith("week") else 1)
    return Piece(start=match.start(), end=match.end(), day=days_from_today(-days))


def _day_word(match: re.Match[str]) -> Piece:
    words = " ".join(match.group().split())
    return Piece(start=match.start(), end=match.end(), day=days_from_today(_DAYS[words]))


def _night(match: re.Match[str]) -> Piece:
    offset, part = _NIGHTS[match.group()]
    return Piece(start=match.start(), end=match.end(), day=days_from_today(offset), part=part)


def _part(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), part=_PARTS[match["part"]])


def _weekday(match: re.Match[str]) -> Piece:
    number = [name[:3] for name in _WEEKDAYS].index(match["name"][:3])
    which = (match["which"] or "").strip()
    if which in ("next", "coming"):
        day = days_from_today(7)
    elif which in ("last", "past"):
        day = weekday_before_today(number)
    else:
        day = weekday(number, weeks_back=0 if which == "this" else None)
    return Piece(start=match.start(), end=match.end(), day=day)


def _date(match: re.Match[str]) -> Piece | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    name = groups.get("month")
    month = [one[:3] for one in _MONTHS].index(name[:3]) + 1 if name else None
    day = int(groups["day"])
    if not is_date(year=year or 2024, month=month or 1, day=day):
        return None
    return Piece(
        start=match.start(),
        end=match.end(),
        day=calendar_day(year=year, month=month, day=day),
        with_year=year is not None,
    )


def _clock(match: re.Match[str]) -> Piece | None:
    """Read ``8 pm``, ``eight thirty``, ``8.30pm``, ``eight o'clock``, ``at 8``."""
    groups = match.groupdict()
    hour = _whole(groups["hour"])
    minute_words = groups.get("minute") or groups.get("minute_digits")
    minute = _whole(minute_words.removeprefix("oh").strip(" -")) if minute_words else 0
    half = groups.get("half")
    if hour is None or minute is None or hour > 24 or minute > 59 or (half and not 0 < hour <= 12):
        return None
    return Piece(
        start=match.start("hour"),
        end=match.end(),
        clock=Clock(
            hour,
            minute,
            "minute" if minute_words else "hour",
            hour > 12 or hour == 0 or groups["hour"].startswith("0"),
            f"{half}m" if half else "",
        ),
    )


def _past_or_to(match: re.Match[str]) -> Piece | None:
    """Read ``half past eight``, ``ten to nine``, ``half eight``."""
    hour = _whole(match["hour"])
    said = match["count"].removeprefix("a ")
    count = {"half": 30, "quarter": 15}.get(said) or _whole(said)
    half = match["half"]
    if hour is None or count is None or not 0 < hour <= 12 or not 0 < count < 60:
        return None
    if match["side"] in ("to", "before", "till"):
        hour, count = (hour - 2) % 12 + 1, 60 - count
    return Piece(
        start=match.start(),
        end=match.end(),
        clock=Clock(hour, count, "minute", False, f"{half}m" if half else ""),
    )


def _named_clock(match: re.Match[str]) -> Piece:
    hour = 0 if match.group() == "midnight" else 12
    return Piece(start=match.start(), end=match.end(), clock=Clock(hour, 0, "hour", True))


def _now(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), now=True)


def _whole(words: str) -> int | None:
    value = english_value(re.split("[ -]", words))
    return None if value is None else int(value)


_B, _E = r"(?<![a-z\d.])(?<!\d,)", r"(?![a-z])"
_UNIT = r"(?P<unit>hours?|hrs?|h|minutes?|mins?|min)"
_AGO = r"(?: or so)? (?:ago|back|earlier)" + _E

READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Piece | None]], ...] = (
    (
        re.compile(
            rf"{_B}(?P<count>{_COUNT}) ?{_UNIT}"
            rf"(?:,? and (?P<more>a half|half|a quarter|(?:\d{{1,2}}"
            rf"|{_SMALL})(?: ?min(?:ute)?s?)?))?{_AGO}"
        ),
        _ago,
    ),
    (
        re.compile(
            rf"{_B}(?:(?P<count>{_COUNT}) and a half hours?|(?P<part>(?:a "
            rf"|three )?quarters?) of an hour){_AGO}"
        ),
        _count_and_a_half_ago,
    ),
    (re.compile(rf"{_B}(?P<count>{_COUNT}) (?P<unit>days?|weeks?){_AGO}"), _days_ago),
    (
        re.compile(
            rf"{_B}(?:the day (?:before yesterday|after tomorrow)|yesterday|today|tomorrow){_E}"
        ),
        _day_word,
    ),
    (re.compile(rf"{_B}(?:{'|'.join(_NIGHTS)}){_E}"), _night),
    (re.compile(rf"{_B}(?:in the |at )?(?P<part>{'|'.join(_PARTS)}){_E}"), _part),
    (
        re.compile(rf"{_B}(?:(?P<which>last|past|this|next|coming) |on )?(?P<name>{_WEEKDAY}){_E}"),
        _weekday,
    ),
    (
        re.compile(rf"{_B}(?:(?P<which>last|this|next) |on )(?P<name>{_WEEKDAY_SHORT}){_E}"),
        _weekday,
    ),
    (
        re.compile(
            rf"{_B}(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd"
            rf"|th)?(?: of)?[ -](?P<month>{_MONTH}){_E}\.?"
            r"(?:,? (?P<year>20\d\d)(?!\d|:))?"
        ),
        _date,
    ),
    (
        re.compile(
            rf"{_B}(?P<month>{_MONTH})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd"
            rf"|th)?(?![\d:.,k]\d|\d|[a-z])"
            r"(?:,? (?P<year>20\d\d)(?!\d|:))?"
        ),
        _date,
    ),
    (re.compile(rf"{_B}(?:on )?the (?P<day>\d{{1,2}})(?:st|nd|rd|th){_E}"), _date),
    (
        re.compile(
            rf"{_B}(?P<hour>{_HOUR})(?:[ .:]?(?P<minute>[0-5]\d|{_MINUTE_WORDS}))? ?{_MERIDIEM}"
        ),
        _clock,
    ),
    (re.compile(rf"{_B}(?P<hour>{_HOUR}) ?o'? ?clock{_E}"), _clock),
    (
        re.compile(
            rf"{_B}(?:at|@) (?:about |around |exactly |roughly |like )?(?P<hour>{_HOUR})"
            rf"(?:(?:[ -](?P<minute>{_MINUTE_WORDS}))"
            rf"|\.(?P<minute_digits>[0-5]\d))?{_NO_MONEY_AFTER}"
        ),
        _clock,
    ),
    (
        re.compile(
            rf"{_B}(?P<count>half|(?:a )?quarter|\d{{1,2}}|{_SMALL})(?: minutes?| mins?)? "
            rf"(?P<side>past|to|before|till) (?P<hour>{_HOUR})(?: o'?clock)?(?: ?{_MERIDIEM})?{_E}"
            r"(?![\d.,]\d|\d| ?(?:k|hundred|thousand|million)(?![a-z]))"
        ),
        _past_or_to,
    ),
    (
        re.compile(
            rf"{_B}(?P<count>half) (?P<side>)(?P<hour>{'|'.join(_HOUR_WORDS)})"
            rf"(?: ?{_MERIDIEM})?{_E}"
        ),
        _past_or_to,
    ),
    (re.compile(rf"{_B}(?:noon|midday|midnight){_E}"), _named_clock),
    (
        re.compile(
            rf"{_B}(?:just now|right now|a (?:moment|minute|second|sec) ago|moments ago|seconds ago"
            r"|just(?= (?:sent|paid|transferred|wired|made|did|done|remitted|confirmed|gave))"
            rf"|only just){_E}"
        ),
        _now,
    ),
)
