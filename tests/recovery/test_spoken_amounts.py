"""Sums of money are read as people say them, and nothing else is taken for one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.gateway.privacy import mask
from bot.recovery.spoken import SpokenAmount, amounts_in

# text, value, currency; a tilde before the value means that the text calls it inexact.
CHINESE = """
一百七十万 | 1700000 | -
170万 | 1700000 | -
１７０万 | 1700000 | -
一百七十萬 | 1700000 | -
6万5 | 65000 | -
六万五 | 65000 | -
六万五千 | 65000 | -
三千五 | 3500 | -
二百五 | 250 | -
两千零五十 | 2050 | -
十三万八 | 138000 | -
一万零五 | 10005 | -
1万零500 | 10500 | -
10万5000 | 105000 | -
五万元整 | 50000 | CNY
壹佰柒拾万元整 | 1700000 | CNY
壹佰柒拾萬圓 | 1700000 | CNY
陆万伍仟元 | 65000 | CNY
20000块 | 20000 | CNY
两万块钱 | 20000 | CNY
人民币五万 | 50000 | CNY
3元5角2分 | 3.52 | CNY
三块五 | 3.5 | CNY
1.5万元 | 15000 | CNY
三点五万 | 35000 | -
1.2亿 | 120000000 | -
3亿5千万 | 350000000 | -
一个亿 | 100000000 | -
1个多亿 | ~100000000 | -
两百来万 | ~2000000 | -
一百多万 | ~1000000 | -
100多万块 | ~1000000 | CNY
三万多 | ~30000 | -
十几万 | ~100000 | -
五六万 | ~60000 | -
大概6万 | ~60000 | -
5万元左右 | ~50000 | CNY
将近20万 | ~200000 | -
20w | 200000 | -
1.5w块 | 15000 | CNY
5万美元 | 50000 | USD
三十万港币 | 300000 | HKD
2万欧元 | 20000 | EUR
我昨晚八点转了一百七十万 | 1700000 | -
转了￥1,700,000.00给他 | 1700000 | CNY
付了65000元 | 65000 | CNY
"""
ENGLISH = """
1.7m | 1700000 | -
1.7 million | 1700000 | -
1.7 mil | 1700000 | -
65k | 65000 | -
65K yuan | 65000 | CNY
about sixty-five thousand | ~65000 | -
two hundred thousand | 200000 | -
a hundred thousand | 100000 | -
one hundred and seventy thousand | 170000 | -
one million seven hundred thousand yuan | 1700000 | CNY
one point seven million | 1700000 | -
one and a half million | 1500000 | -
a million and a half | 1500000 | -
half a million | 500000 | -
half a million dollars | 500000 | USD
three quarters of a million | 750000 | -
a couple of thousand | ~2000 | -
fifteen hundred pounds | 1500 | GBP
65 grand | 65000 | -
¥1,700,000.00 | 1700000 | CNY
RMB 20000 | 20000 | CNY
RMB20000 | 20000 | CNY
RMB1.7m | 1700000 | CNY
CNY 1,700,000 | 1700000 | CNY
1,700,000 | 1700000 | -
20000 yuan | 20000 | CNY
$5,000 | 5000 | USD
US$ 5,000 | 5000 | USD
HK$30,000 | 30000 | HKD
S$900 | 900 | SGD
£2,500.50 | 2500.5 | GBP
900 euros | 900 | EUR
nearly 20k | ~20000 | -
two to three thousand | ~3000 | -
20k or so | ~20000 | -
I sent 65k at 8 pm | 65000 | -
one hundred seventy thousand US dollars | 170000 | USD
170 wan | 1700000 | -
"""
MIXED = """
转了65k给Hongda Trading | 65000 | -
I paid 6万5 | 65000 | -
sent 一百七十万 yuan | 1700000 | CNY
RMB 6万5 | 65000 | CNY
公司账户付了1.7 million | 1700000 | -
"""
NO_SUM = """
昨晚八点
今天下午三点半
20:04
at eight
8.30 pm
2026年11月20日
11月20日晚上8点
20 November 2026
2026-11-20
in 2026
since 2019
13800000000
我的电话是13812345678
+44 101 5550 1234
400-123-4567
(101) 555-0134
打了110
call 96110
95588
[card …1234]
[card number …1234]
[ID …123X]
[code]
尾号1234
账号1234567890
account ending 1234
ending in 5678
2 minutes
20分钟前
twenty minutes ago
a hundred times
three thousand followers
3 calls
三百人
五百个客户
打了三次电话
我45岁
I am 45 years old
50%
5 percent
百分之五
万一他再打来
千万别告诉别人
我们一块去
第一百次
100楼
几万块
几十万
several hundred thousand
hundreds of thousands
tens of millions
step 1000
www.bank1000k.example
someone5k@example.com
room 1000
20000
a few thousand
"""


def cases(table: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in row.split("|")) for row in table.split("\n") if row]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("text", "value", "currency"), cases(ENGLISH + MIXED))
def test_sum_in_english_or_mixed_words_is_read(
    text: str, value: str, currency: str, language: str
) -> None:
    check_one(amounts_in(text, language=language), text, value, currency)


@pytest.mark.parametrize(("text", "value", "currency"), cases(CHINESE))
def test_sum_in_chinese_words_is_read(text: str, value: str, currency: str) -> None:
    check_one(amounts_in(text, language="zh"), text, value, currency)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", [text for (text,) in cases(NO_SUM)])
def test_dates_numbers_and_counts_are_no_sums(text: str, language: str) -> None:
    assert amounts_in(text, language=language) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20000", "20000"),
        ("1700000", "1700000"),
        ("about 5000", "~5000"),
        ("it was 65000.50", "65000.5"),
        ("五十", "50"),
        ("1 700 000", "1700000"),
        ("五千", "5000"),
        ("eighty", "80"),
        ("2000", "2000"),
    ],
)
def test_bare_number_answers_the_question_how_much(text: str, value: str) -> None:
    check_one(amounts_in(text, language="zh", asked=True), text, value, "-")


@pytest.mark.parametrize(
    "text",
    "110|96110|95588|in 2026|13812345678|0123456|8 pm|昨晚八点|20分钟前|3 calls|尾号1234|"
    "[card …1234]|2026-11-20|1234567890123|I don't know|一下就没了".split("|"),
)
def test_asked_for_a_sum_other_numbers_still_are_none(text: str) -> None:
    assert amounts_in(text, language="en", asked=True) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20k and 30k", [20000, 30000]),
        ("一笔5万，一笔3万", [50000, 30000]),
        ("two thousand and three thousand", [2000, 3000]),
        ("5万3万", [50000, 30000]),
        ("给他转了两笔，5万和3万", [50000, 30000]),
        ("I sent 5,000 yuan, then another ¥8,000", [5000, 8000]),
    ],
)
def test_several_sums_are_read_one_by_one(text: str, values: list[int]) -> None:
    assert [one.value for one in amounts_in(text, language="en")] == values


def test_coins_of_one_sum_are_no_second_sum() -> None:
    found = amounts_in("0块1", language="zh", asked=True)
    assert [(one.value, one.start, one.end) for one in found] == [(Decimal("0.1"), 0, 3)]


@pytest.mark.parametrize(
    "secret", ["4111 1111 1111 1111", "11010519491231002X", "the code is 482913", "验证码482913"]
)
def test_what_the_gateway_masked_is_no_sum(secret: str) -> None:
    masked = mask(f"{secret}, I sent 5,000 yuan").text
    assert "[" in masked
    assert [one.value for one in amounts_in(masked, language="en", asked=True)] == [5000]


def test_quoted_place_is_the_sum_with_its_currency() -> None:
    text = "昨晚我给他转了人民币五万元整，就在八点"
    (found,) = amounts_in(text, language="zh")
    assert text[found.start : found.end] == "人民币五万元整"


def test_dollar_of_the_banks_own_country_can_be_set() -> None:
    (found,) = amounts_in("$5,000", language="en", dollar="SGD")
    assert found.currency == "SGD"


def check_one(found: list[SpokenAmount], text: str, value: str, currency: str) -> None:
    """Check that exactly one sum was found, with its place inside the text."""
    assert len(found) == 1, found
    assert found[0].value == Decimal(value.removeprefix("~"))
    assert found[0].approximate is value.startswith("~")
    assert found[0].currency == (None if currency == "-" else currency)
    assert 0 <= found[0].start < found[0].end <= len(text)
