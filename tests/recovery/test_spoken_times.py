"""Moments of a payment are read as people say them, and lie in the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.recovery.spoken import SpokenTime, time_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday, nine in the evening.
NOW = datetime(2026, 11, 25, 21, 0, tzinfo=SHANGHAI)

CHINESE = """
刚才 | 11-25 21:00 | minute
刚刚转的 | 11-25 21:00 | minute
我刚转了 | 11-25 21:00 | minute
昨晚八点 | 11-24 20:00 | hour
昨晚8点04分 | 11-24 20:04 | minute
昨天晚上八点零四 | 11-24 20:04 | minute
今天下午三点半 | 11-25 15:30 | minute
下午3点一刻 | 11-25 15:15 | minute
差五分八点 | 11-25 19:55 | minute
前天 | 11-23 12:00 | day
大前天上午十点 | 11-22 10:00 | hour
三天前 | 11-22 12:00 | day
一周前 | 11-18 12:00 | day
上周五 | 11-20 12:00 | day
上周五晚上八点 | 11-20 20:00 | hour
周一早上九点 | 11-23 09:00 | hour
上个星期天 | 11-22 12:00 | day
半小时前 | 11-25 20:30 | minute
半个小时前 | 11-25 20:30 | minute
20分钟前 | 11-25 20:40 | minute
二十分钟之前 | 11-25 20:40 | minute
一刻钟前 | 11-25 20:45 | minute
两个小时前 | 11-25 19:00 | hour
一个半小时前 | 11-25 19:30 | minute
1小时20分钟前 | 11-25 19:40 | minute
晚上八点 | 11-25 20:00 | hour
晚上十点 | 11-24 22:00 | hour
昨晚十二点 | 11-25 00:00 | hour
昨晚一点 | 11-25 01:00 | hour
今天凌晨两点 | 11-25 02:00 | hour
中午十二点半 | 11-25 12:30 | minute
中午一点 | 11-25 13:00 | hour
晚8点 | 11-25 20:00 | hour
20点04分 | 11-25 20:04 | minute
20：04 | 11-25 20:04 | minute
11月20日晚上8点 | 11-20 20:00 | hour
十一月二十日 | 11-20 12:00 | day
2026年11月20日20:00 | 11-20 20:00 | minute
20号晚上 | 11-20 20:00 | day
11/20 晚上8点 | 11-20 20:00 | hour
我昨晚八点转的 | 11-24 20:00 | hour
昨晚八點轉的 | 11-24 20:00 | hour
今早 | 11-25 09:00 | day
昨夜 | 11-24 20:00 | day
"""
ENGLISH = """
just now | 11-25 21:00 | minute
I just sent it | 11-25 21:00 | minute
twenty minutes ago | 11-25 20:40 | minute
about 20 min ago | 11-25 20:40 | minute
half an hour ago | 11-25 20:30 | minute
an hour ago | 11-25 20:00 | hour
an hour and a half ago | 11-25 19:30 | minute
one and a half hours ago | 11-25 19:30 | minute
an hour and twenty minutes ago | 11-25 19:40 | minute
three quarters of an hour ago | 11-25 20:15 | minute
two hours ago | 11-25 19:00 | hour
a couple of hours ago | 11-25 19:00 | hour
yesterday | 11-24 12:00 | day
yesterday evening | 11-24 20:00 | day
yesterday at 8 pm | 11-24 20:00 | hour
8 o'clock yesterday evening | 11-24 20:00 | hour
last night | 11-24 22:00 | day
last night at 1 | 11-25 01:00 | hour
the day before yesterday | 11-23 12:00 | day
at eight | 11-25 20:00 | hour
at ten | 11-25 10:00 | hour
at eight thirty | 11-25 20:30 | minute
8pm | 11-25 20:00 | hour
8 p.m. | 11-25 20:00 | hour
8.30pm | 11-25 20:30 | minute
10pm | 11-24 22:00 | hour
half past seven | 11-25 19:30 | minute
half seven | 11-25 19:30 | minute
quarter to nine | 11-25 20:45 | minute
ten past eight | 11-25 20:10 | minute
at noon | 11-25 12:00 | hour
at 20:04 | 11-25 20:04 | minute
20:04:33 | 11-25 20:04 | minute
this morning | 11-25 09:00 | day
this morning at 9 | 11-25 09:00 | hour
this afternoon at half past three | 11-25 15:30 | minute
tonight at eight | 11-25 20:00 | hour
last Friday | 11-20 12:00 | day
on Friday at 8 pm | 11-20 20:00 | hour
last Wednesday | 11-18 12:00 | day
a week ago | 11-18 12:00 | day
two days ago | 11-23 12:00 | day
two days ago at 8 pm | 11-23 20:00 | hour
on 20 November at 8 pm | 11-20 20:00 | hour
November 20th | 11-20 12:00 | day
the 20th of November, 8 pm | 11-20 20:00 | hour
2026-11-20 20:00 | 11-20 20:00 | minute
on the 20th | 11-20 12:00 | day
20/11 | 11-20 12:00 | day
I sent it twenty minutes ago | 11-25 20:40 | minute
"""
MIXED = """
yesterday 八点 | 11-24 20:00 | hour
昨天 at 8pm | 11-24 20:00 | hour
I paid 昨晚八点 | 11-24 20:00 | hour
上周五 8:30 pm 转的 | 11-20 20:30 | minute
"""
NO_MOMENT = """
tomorrow at 8
明天八点
下周五
next Friday
in 20 minutes
20分钟后
今晚十点
today at 11 pm
by 5 pm
before eight
五点前必须转
三点五万
I have transferred it
我有一点怕
我有两点要求
at 5000
at eight thousand
at 20 percent
I am at the bank
2 minutes
打了110
[card …1234]
11月31日
2026-02-30
30:70
in the evening he will call me
"""


def cases(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in row.split("|")) for row in table.split("\n") if row]


def read(
    text: str, *, now: datetime = NOW, language: str = "", asked: bool = False
) -> SpokenTime | None:
    language = language or ("en" if text.isascii() else "zh")
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    return time_in(text, language=language, now=now, zone=zone, asked=asked)


@pytest.mark.parametrize(("text", "at", "precise_to"), cases(CHINESE + ENGLISH + MIXED))
def test_moment_is_read(text: str, at: str, precise_to: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.at.strftime("%m-%d %H:%M"), found.precise_to) == (at, precise_to)
    assert found.at.year == 2026
    assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize("text", [text for (text,) in cases(NO_MOMENT)])
def test_future_deadlines_and_other_numbers_are_no_moment(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("A man called me yesterday at noon. I paid him 5000 at 8 pm.", "11-25 20:00"),
        ("前天有人打电话给我，昨晚八点我转了5万", "11-24 20:00"),
        ("I paid two hours ago, he called this morning", "11-25 19:00"),
        ("I just sent it, twenty minutes ago", "11-25 20:40"),
        ("昨晚八点，我转了170万", "11-24 20:00"),
        ("Yesterday I sent it at 8 pm", "11-24 20:00"),
        ("I've paid. 170k, about 40 minutes ago, online.", "11-25 20:20"),
        ("昨天转的，大概下午三点", "11-24 15:00"),
        ("I paid on Friday, he called at 8 pm", "11-20 12:00"),
    ],
)
def test_moment_of_the_payment_is_taken_not_that_of_the_call(text: str, at: str) -> None:
    found = read(text)
    assert found is not None
    assert found.at.strftime("%m-%d %H:%M") == at


def test_time_of_a_call_is_not_taken_for_that_of_a_payment() -> None:
    assert read("He called me yesterday. I have paid him.") is None
    assert read("昨天他打电话来。我已经转了。") is None


@pytest.mark.parametrize(
    ("text", "at"), [("8", "11-25 20:00"), ("8.30", "11-25 20:30"), ("eight", "11-25 20:00")]
)
def test_bare_hour_answers_the_question_when(text: str, at: str) -> None:
    assert read(text) is None
    found = read(text, asked=True)
    assert found is not None
    assert found.at.strftime("%m-%d %H:%M") == at


@pytest.mark.parametrize("text", ["晚上八点", "今晚八点", "tonight at 8", "at eight tonight"])
def test_after_midnight_the_evening_is_the_one_before(text: str) -> None:
    found = read(text, now=datetime(2026, 11, 26, 0, 30, tzinfo=SHANGHAI))
    assert found is not None
    assert found.at == datetime(2026, 11, 25, 20, 0, tzinfo=SHANGHAI)


def test_clock_a_little_ahead_of_ours_is_the_present_and_more_is_the_day_before() -> None:
    ahead, too_far = read("at 21:04"), read("at 21:06")
    assert ahead is not None
    assert too_far is not None
    assert ahead.at == NOW
    assert too_far.at == NOW - timedelta(days=1) + timedelta(minutes=6)


def test_day_of_a_month_that_has_not_come_is_that_of_the_month_or_year_before() -> None:
    month, year = read("on the 28th"), read("12月5日")
    assert month is not None
    assert year is not None
    assert (month.at.month, month.at.day) == (10, 28)
    assert (year.at.year, year.at.month) == (2025, 12)


def test_order_of_day_and_month_is_known_in_mandarin_only() -> None:
    found = read("11/10", language="zh")
    assert found is not None
    assert (found.at.month, found.at.day) == (11, 10)
    assert read("11/10", language="en") is None


@pytest.mark.parametrize(
    ("zone", "now", "text", "utc"),
    [
        # London skips 01:00 to 02:00 on 29 March 2026: what is skipped counts as the hour after.
        ("Europe/London", (2026, 3, 29, 9, 0), "at 01:30", (2026, 3, 29, 1, 30)),
        # It has 01:00 to 02:00 twice on 25 October 2026: the later one, if it is past.
        ("Europe/London", (2026, 10, 25, 9, 0), "at 01:30", (2026, 10, 25, 1, 30)),
        ("Europe/London", (2026, 3, 29, 2, 30), "an hour ago", (2026, 3, 29, 0, 30)),
        ("America/New_York", (2026, 11, 1, 12, 0), "12 hours ago", (2026, 11, 1, 5, 0)),
        ("America/New_York", (2026, 3, 8, 9, 0), "yesterday at 8 pm", (2026, 3, 8, 1, 0)),
        ("Europe/Berlin", (2026, 3, 29, 9, 0), "at 02:30", (2026, 3, 29, 1, 30)),
    ],
)
def test_changes_of_the_clock_are_counted_right(
    zone: str, now: tuple[int, ...], text: str, utc: tuple[int, ...]
) -> None:
    year, month, day, hour, minute = now
    there = ZoneInfo(zone)
    found = read(text, now=datetime(year, month, day, hour, minute, tzinfo=there))
    assert found is not None
    assert found.at.astimezone(ZoneInfo("UTC")).timetuple()[:5] == utc


def test_doubled_hour_that_is_not_over_is_the_first_one() -> None:
    there = ZoneInfo("Europe/London")
    now = datetime(2026, 10, 25, 1, 45, fold=0, tzinfo=there)
    found = read("at 01:30", now=now)
    assert found is not None
    assert found.at.utcoffset() == timedelta(hours=1)


def test_naive_present_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        time_in("8 pm", language="en", now=datetime(2026, 1, 1), zone=SHANGHAI)
