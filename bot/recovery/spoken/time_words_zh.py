"""How times are said in Mandarin, and written with digits in any language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from bot.recovery.spoken.days import calendar_day, days_from_today, is_date, weekday
from bot.recovery.spoken.numerals import chinese_row, chinese_value
from bot.recovery.spoken.time_values import Clock, Part, Piece, Precision

_N = r"(?:\d{1,3}|[零〇一二两三四五六七八九十]{1,5})"
_DAY_OFFSETS = {
    **{"大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿": -1},
    **{"今天": 0, "今日": 0, "今儿": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3},
}
_SHORT_DAYS = {"前": -2, "昨": -1, "今": 0, "当": 0, "明": 1}
_PARTS: dict[str, Part] = {
    **dict.fromkeys(("凌晨", "半夜", "后半夜", "深夜", "午夜"), "dawn"),
    **dict.fromkeys(
        ("早上", "早晨", "上午", "清晨", "清早", "早", "晨"),
        "morning",
    ),
    **dict.fromkeys(("中午", "午间", "晌午"), "noon"),
    **dict.fromkeys(("下午", "午后"), "afternoon"),
    **dict.fromkeys(("傍晚", "晚上", "晚间", "晚", "夜里", "夜晚", "夜间", "夜"), "evening"),
}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_ALONE = "|".join(sorted((part for part in _PARTS if len(part) > 1), key=len, reverse=True))
_WEEKDAYS = {character: number % 7 for number, character in enumerate("一二三四五六日")}
_WEEKDAYS |= {"天": 6, **{str(number + 1): number for number in range(7)}}
_PLAIN_DIGITS = re.compile(r"\d+")

_DECIMAL_AFTER = re.compile(r"[\d零一二两三四五六七八九]{1,4}(?:[万亿千百w元块]|个亿)")
_ALREADY_A_TIME = re.compile(r"[晚上午早晨夜天日号在是约概]\s?$")
_NO_HOUR_AFTER = re.compile(r"建议|要求|意见|原因|理由|疑问|问题|想法|要说|不明白|不懂|儿")


def _day_word(match: re.Match[str]) -> Piece:
    return Piece(
        start=match.start(), end=match.end(), day=days_from_today(_DAY_OFFSETS[match.group()])
    )


def _short_day(match: re.Match[str]) -> Piece:
    """Read `昨晚`, `今早`."""
    return Piece(
        start=match.start(),
        end=match.end(),
        day=days_from_today(_SHORT_DAYS[match["day"]]),
        part=_PARTS[match["part"]],
    )


def _part(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), part=_PARTS[match.group()])


def _early(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), part="morning")


def _weekday(match: re.Match[str]) -> Piece:
    number = _WEEKDAYS[match["number"]]
    before = match["which"] or ""
    if before.startswith("下"):
        day = days_from_today(7)
    elif before.startswith("上"):
        day = weekday(number, weeks_back=before.count("上"))
    else:
        day = weekday(number, weeks_back=0 if before else None)
    return Piece(start=match.start(), end=match.end(), day=day)


def _date(match: re.Match[str]) -> Piece | None:
    groups = match.groupdict()
    year = _number(groups["year"]) if groups.get("year") else None
    month = _number(groups["month"]) if groups.get("month") else None
    day = _number(groups["day"])
    if day is None or (groups.get("year") and year is None):
        return None
    if year is not None and year < 100:
        year += 2000
    if not is_date(year=year or 2024, month=month or 1, day=day):
        return None
    return Piece(
        start=match.start(),
        end=match.end(),
        day=calendar_day(year=year, month=month, day=day),
        with_year=year is not None,
    )


def _slashed(match: re.Match[str]) -> Piece | None:
    """Read ``11/20``: the order is open unless one of the two is above twelve."""
    first, second = int(match["first"]), int(match["second"])
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0) if match["year"] else None
    month, day = (second, first) if first > 12 else (first, second)
    if not is_date(year=year or 2024, month=month, day=day):
        return None
    return Piece(
        start=match.start(),
        end=match.end(),
        day=calendar_day(year=year, month=month, day=day),
        month_first_only=first <= 12 and second <= 12 and first != second,
    )


def _clock(match: re.Match[str]) -> Piece | None:
    hour = _number(match["hour"])
    if hour is None or hour > 24 or (match["point"] == "时" and hour == 0 and not match["minute"]):
        return None
    plain = not (match["half"] or match["quarter"] or match["minute"] or match["sharp"])
    text, start, end = match.string, match.start(), match.end()
    evident = bool(_ALREADY_A_TIME.search(text[max(0, start - 2) : start]))
    if plain and not evident:
        if _DECIMAL_AFTER.match(text, end) or _NO_HOUR_AFTER.match(text, end):
            return None
        if match["hour"] in ("一", "两", "二") and match["point"] == "点" and not match["about"]:
            return None
    minute: int | None = 0
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 * (_number(match["quarter"]) or 1)
    elif match["minute"]:
        minute = _number(match["minute"])
    if minute is None or minute > 59:
        return None
    precise_to: Precision = "hour" if plain or match["about"] else "minute"
    sure = hour > 12 or hour == 0 or match["hour"].startswith("0")
    clock = Clock(hour, minute, precise_to, sure)
    return Piece(start=start, end=end, clock=clock)


def _before_the_hour(match: re.Match[str]) -> Piece | None:
    """Read `差五分八点`, `八点差五分`."""
    groups = match.groupdict()
    hour = _number(groups["hour"] or groups["hour_first"])
    missing = groups["missing"] or groups["missing_last"]
    minutes = 15 if missing == "一刻" else _number(missing.removesuffix("分"))
    if hour is None or minutes is None or not 0 < hour <= 24 or not 0 < minutes < 60:
        return None
    clock = Clock(hour - 1, 60 - minutes, "minute", hour > 13)
    return Piece(start=match.start(), end=match.end(), clock=clock)


def _written_clock(match: re.Match[str]) -> Piece | None:
    """Read ``20:04``, ``8:30 pm``, ``20:04:33``."""
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    meridiem = f"{match['half']}m" if match["half"] and 0 < hour <= 12 else ""
    sure = hour > 12 or match["hour"].startswith("0")
    clock = Clock(hour, minute, "minute", sure, meridiem)
    return Piece(start=match.start(), end=match.end(), clock=clock)


def _ago(match: re.Match[str]) -> Piece | None:
    """Read `半小时前`, `一个半小时前`, `1小时20分钟前`, `几分钟前`."""
    hours = _hours_said(match["hours"]) if match["hours"] else 0.0
    minutes = (
        _minutes_said(match["minutes"] or match["only"])
        if match["only"] or match["minutes"]
        else 0.0
    )
    if hours is None or minutes is None or not (hours or minutes):
        return None
    vague = "多" in match.group() or "几" in match.group()
    precise_to: Precision = "hour" if vague or (hours.is_integer() and not minutes) else "minute"
    return Piece(
        start=match.start(),
        end=match.end(),
        ago=timedelta(hours=hours, minutes=minutes),
        ago_precise_to=precise_to,
    )


def _days_ago(match: re.Match[str]) -> Piece | None:
    count = _number(match["count"])
    if count is None:
        return None
    days = count * (1 if match["unit"] == "天" else 7)
    return Piece(start=match.start(), end=match.end(), day=days_from_today(-days))


def _now(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), now=True)


def _hours_said(words: str) -> float | None:
    said = re.sub("个|多", "", words)
    half = said.endswith("半")
    said = said.removesuffix("半")
    if not said:
        return 0.5
    number = 3 if said == "几" else _number(said) if "." not in said else float(said)
    return None if number is None else number + (0.5 if half else 0)


def _minutes_said(words: str) -> float | None:
    if words.endswith("刻"):
        number = _number(words[:-1])
        return None if number is None else number * 15.0
    number = 5 if words.strip("多来") in ("几", "好几") else _number(re.sub("[多来几]", "", words))
    return None if number is None else float(number)


def _number(words: str) -> int | None:
    if _PLAIN_DIGITS.fullmatch(words):
        return int(words)
    value = chinese_value(words)
    if value is None:
        value = chinese_row(words)
    return None if value is None else int(value)


READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Piece | None]], ...] = (
    (re.compile(r"大前天|大后天|[前昨今明]日|[昨今]儿|[前昨今明后]天"), _day_word),
    (re.compile(rf"(?P<day>[前昨今当明])天?(?P<part>{_PART})上?"), _short_day),
    (re.compile(_ALONE), _part),
    (re.compile("(?<=天)(?:一大?早|大早)"), _early),
    (re.compile(r"(?:晚|早)(?=\s?\d{1,2}[点:时])"), _part),
    (
        re.compile(
            r"(?P<which>上{1,3}个?|[这本下]个?)?(?:周|星期|礼拜)(?P<number>[一二三四五六日天1-7])"
            r"(?![\d个年])"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?:(?P<year>\d{{4}}|\d\d|[零〇一二三四五六七八九]{{4}}) ?年 ?)?(?P<month>{_N}) ?月 ?"
            rf"(?P<day>{_N}) ?(?:[日号]|(?![\d万千百元块]))"
        ),
        _date,
    ),
    (
        re.compile(
            r"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d])t?"
        ),
        _date,
    ),
    (
        re.compile(
            rf"(?<![\d第])(?<![\d一二三四五六七八九十上个]月)(?P<day>{_N}) ?[日号](?!码|楼|线"
            rf"|店|院|门)"
        ),
        _date,
    ),
    (
        re.compile(
            r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/])"
        ),
        _slashed,
    ),
    (
        re.compile(
            rf"差 ?(?P<missing>一刻|{_N}分) ?(?:到|钟)? ?(?P<hour>{_N})点"
            rf"|(?P<hour_first>{_N})点差(?P<missing_last>一刻|{_N}分)"
        ),
        _before_the_hour,
    ),
    (
        re.compile(
            rf"(?<![\d.第])(?P<hour>{_N}) ?(?P<point>点钟?|时(?![候间常刻代期段机不])) ?"
            rf"(?:(?P<half>半)|(?P<quarter>[一三13])刻|(?:过|零)?(?P<minute>{_N})(?:分(?!钟?前|之)|"
            rf"(?![\d零一二三四五六七八九十百千万亿w元块个.]))|(?P<sharp>整))?"
            r"(?P<about>多|左右|前后|的样子|来钟)?"
        ),
        _clock,
    ),
    (
        re.compile(
            r"(?<![\d:.])(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d\d)(?!\d)(?::\d\d(?!\d))?"
            r"(?: ?(?P<half>[ap])\.?m(?![a-z])\.?)?"
        ),
        _written_clock,
    ),
    (
        re.compile(
            r"(?:(?P<hours>(?:半个?多?|\d{1,2}(?:\.\d)?个?半?多?|几个?"
            r"|[一二两三四五六七八九十]{1,3}个?半?多?))"
            r" ?(?:小时|钟头|个?钟(?!头))多?(?P<minutes>\d{1,2}"
            r"|[一二两三四五六七八九十]{1,3})?(?(minutes)分钟?)"
            r"|(?P<only>\d{1,3}多?|好?几|[一二两三四五六七八九十]{1,4}[多来几]?"
            r"|[一二两三]刻) ?(?:分钟?|(?<=刻)钟))"
            r" ?(?:左右)?[之以]?前"
        ),
        _ago,
    ),
    (
        re.compile(rf"(?P<count>{_N}) ?个?(?P<unit>天|周|星期|礼拜)[之以]?前"),
        _days_ago,
    ),
    (
        re.compile(
            r"刚刚|刚才|方才|适才|刚(?=已?经?(?:转|汇|付|打|给|把|被|操作|点了|在))|一分钟前"
        ),
        _now,
    ),
)
