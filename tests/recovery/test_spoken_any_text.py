"""Whatever is said, reading it ends well; what a witness writes is read back as the same number."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from bot.recovery.spoken import (
    account_in,
    amounts_in,
    arrival_in,
    caller_there,
    channel_in,
    payee_in,
    says_unknown,
    time_in,
)

ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe")
PIECES = (
    "昨晚 八点 半 转了 5 万 块 五万 . , : - 元 给 张三 at eight 8 pm half million and a 20 k "
    "[card …1234] 点 "
    "ago minutes 前 小时 上 周五 last Friday to Hongda ¥ RMB 1,700,000 11月20日 12 : 30 多 "
    "来 几 个 亿 零"
).split(" ")
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from([*PIECES, " ", "\n"]), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
)
SUMS = st.one_of(
    st.integers(min_value=1, max_value=10**9 - 1),
    st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(1, 99), st.integers(0, 7)),
)


@given(
    ANY_TEXT,
    st.sampled_from(["en", "zh"]),
    st.booleans(),
    st.sampled_from(ZONES),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)),
)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_without_fault(
    text: str, language: str, asked: bool, zone: str, moment: datetime
) -> None:
    end = 0
    for amount in amounts_in(text, language=language, asked=asked):
        assert end <= amount.start < amount.end <= len(text)
        assert amount.value > 0
        assert amount.value.is_finite()
        end = amount.end
    now = moment.replace(tzinfo=UTC)
    found = time_in(text, language=language, now=now, zone=ZoneInfo(zone), asked=asked)
    if found:
        assert 0 <= found.start < found.end <= len(text)
        assert found.at.astimezone(UTC) <= now
    payee = payee_in(text, language=language, asked=asked)
    assert payee.name is None or payee.name in text
    assert payee.bank is None or payee.bank in text
    for read in (channel_in, account_in, arrival_in, says_unknown, caller_there):
        read(text)


@given(SUMS, st.sampled_from(["low", "up", "rmb"]), st.sampled_from(["", "元", "块钱"]))
@settings(max_examples=300, deadline=None)
def test_sum_in_chinese_numerals_is_read_back(number: int, style: str, currency: str) -> None:
    written = cn2an.an2cn(str(number), style) + ("" if style == "rmb" else currency)
    if written == "一块钱" or style == "rmb" or currency or number >= 10:
        check(f"我转了{written}给他", number)


@given(SUMS, st.sampled_from(["", " yuan", " dollars"]))
@settings(max_examples=300, deadline=None)
def test_sum_in_english_words_is_read_back(number: int, currency: str) -> None:
    if number >= 10 or currency:
        check(f"I sent {num2words(number)}{currency}, all of it", number)
    else:
        check(num2words(number), number)


@given(SUMS, st.sampled_from(["¥{:,}", "RMB {:,}.00", "{:,} yuan", "{}元", "${}", "{}.00块"]))
@settings(max_examples=300, deadline=None)
def test_sum_in_digits_is_read_back(number: int, shape: str) -> None:
    check(f"I sent {shape.format(number)} to him", number)


@given(
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=300)),
    st.sampled_from(["%Y-%m-%d %H:%M", "%Y年%m月%d日%H点%M分", "%d %B %Y at %H:%M"]),
    st.sampled_from(ZONES[:1]),
)
@settings(max_examples=300, deadline=None)
def test_written_moment_is_read_back(before: timedelta, shape: str, zone: str) -> None:
    now = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    at = (now - before).astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    found = time_in(at.strftime(shape), language="zh", now=now, zone=ZoneInfo(zone))
    assert found is not None
    assert found.at == at
    assert found.precise_to == "minute"


@given(st.integers(1, 600))
@settings(max_examples=100, deadline=None)
def test_minutes_ago_are_read_back(minutes: int) -> None:
    now = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    for text in (f"{minutes} minutes ago", f"{minutes}分钟前"):
        found = time_in(text, language="en", now=now, zone=ZoneInfo("Asia/Shanghai"))
        assert found is not None
        assert now - found.at.astimezone(UTC) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1 ",
        "1,",
        "two hundred and ",
        "万",
        "12:",
        "昨晚八点转了5万，",
        "to Aa ",
        "给张",
        "\x00",
    ],
)
def test_long_text_takes_its_time_in_proportion(piece: str) -> None:
    short, long = piece * (2_000 // len(piece)), piece * (16_000 // len(piece))
    eighth = min(seconds_for(short) for _ in range(3))
    whole = min(seconds_for(long) for _ in range(3))
    # Eight times the text, four times the longest message; reading every pair of words would take
    # sixty-four times as long.
    assert whole < 40 * max(eighth, 0.01)


def check(text: str, number: int) -> None:
    """Check that a text names one sum, exactly this one."""
    found = amounts_in(text, language="zh", asked=True)
    assert [one.value for one in found] == [Decimal(number)], text
    assert not found[0].approximate
    assert re.search(r"\w", text[found[0].start : found[0].end])


def seconds_for(text: str) -> float:
    """Return how long reading a text in every way takes."""
    now, zone = datetime(2026, 11, 25, 13, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
    readers: list[Callable[[], object]] = [
        lambda: amounts_in(text, language="zh", asked=True),
        lambda: time_in(text, language="zh", now=now, zone=zone, asked=True),
        lambda: payee_in(text, language="zh", asked=True),
        lambda: (channel_in(text), account_in(text), arrival_in(text), caller_there(text)),
    ]
    started = time.process_time()
    for read in readers:
        read()
    return time.process_time() - started
