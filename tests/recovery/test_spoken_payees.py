"""The receiver of a payment is read where one is named; rather nobody than a wrong name."""

from __future__ import annotations

import pytest

from bot.recovery.spoken import SpokenPayee, payee_in


def read(text: str, *, asked: bool = False) -> SpokenPayee:
    return payee_in(text, language="en" if text.isascii() else "zh", asked=asked)


@pytest.mark.parametrize(
    ("text", "name", "bank", "ending"),
    [
        ("I sent it to Hongda Trading", "Hongda Trading", None, None),
        ("I sent 20k to hongda trading ltd yesterday", "hongda trading ltd", None, None),
        ("I paid 5000 to Li Wei at Bank of China", "Li Wei", "Bank of China", None),
        ("the payee is Zhang San, ICBC", "Zhang San", "ICBC", None),
        ("transferred to Mr Zhang", "Zhang", None, None),
        (
            "Beneficiary: ACME Import Export Co., Ltd. HSBC",
            "ACME Import Export Co., Ltd",
            "HSBC",
            None,
        ),
        ("I wired it to China Merchants Bank", None, "China Merchants Bank", None),
        ("I sent it to [card …1234]", None, None, "1234"),
        ("from my card [card …1111] to [card …2222]", None, None, "2222"),
        (
            "I've paid. 170k about 40 minutes ago, to Shenzhen Xinda Trading Co., Ltd at HSBC",
            "Shenzhen Xinda Trading Co., Ltd",
            "HSBC",
            None,
        ),
        ("转给宏达贸易", "宏达贸易", None, None),
        ("给宏达贸易", "宏达贸易", None, None),
        ("轉給宏達貿易有限公司", "宏達貿易有限公司", None, None),
        ("收款人张三", "张三", None, None),
        ("收款人是张三，建设银行", "张三", "建设银行", None),
        ("转了5万给深圳市宏达商贸有限公司", "深圳市宏达商贸有限公司", None, None),
        ("汇给王小明的账户", "王小明", None, None),
        ("打给李四20000块", "李四", None, None),
        ("转给欧阳娜娜了", "欧阳娜娜", None, None),
        ("转给了建设银行的张三", "张三", "建设银行", None),
        ("转到工商银行 [card …1234]", None, "工商银行", "1234"),
        (
            "户名：北京鑫源科技有限公司，开户行中国银行朝阳支行",
            "北京鑫源科技有限公司",
            "中国银行朝阳支行",
            None,
        ),
        ("对方账号尾号5678", None, None, "5678"),
        ("从我的卡 [card …1111] 转给张三 [card …2222]", "张三", None, "2222"),
    ],
)
def test_named_receiver_is_read(
    text: str, name: str | None, bank: str | None, ending: str | None
) -> None:
    assert read(text) == SpokenPayee(name=name, bank=bank, account_ending=ending)


@pytest.mark.parametrize(
    ("text", "name", "bank"),
    [
        ("Hongda Trading Ltd", "Hongda Trading Ltd", None),
        ("Zhang San", "Zhang San", None),
        ("张三 建设银行", "张三", "建设银行"),
        ("是王五", "王五", None),
        ("宏达贸易有限公司", "宏达贸易有限公司", None),
        ("Bank of China", None, "Bank of China"),
        ("工商银行", None, "工商银行"),
        ("工行", None, "工行"),
    ],
)
def test_bare_name_answers_the_question_to_whom(
    text: str, name: str | None, bank: str | None
) -> None:
    found = read(text, asked=True)
    assert (found.name, found.bank) == (name, bank)


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(
    "text",
    "I spoke to Li Wei|transferred to him|sent the money to Shanghai|I paid to Telegram|"
    "The police told me to pay|I don't know|No|Yes|ok|I went to New York|转给他了|"
    "转到安全账户|我给钱了|"
    "给张三打电话|给公安局打电话|收款人是谁我不知道|不知道|对|是的|没有|5万|昨晚八点|打给我|"
    "给对方了|"
    "从我的工商银行转的|from my ICBC account|from my card [card …1234]|[ID …123X]|"
    "我的卡尾号1234".split("|"),
)
def test_nobody_is_named_where_no_receiver_stands(text: str, asked: bool) -> None:
    assert read(text, asked=asked) == SpokenPayee()
