from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn

from bot.gateway.privacy import mask

# A text of digits, separators, code words and masks: the ground on which mistakes would grow.
PIECES = (
    *("code", "验证码", "密码是", "password", "PIN", "otp", "cvv", "is ", "是", "my", ": ", "and"),
    *(
        "[code]",
        "[card …1234]",
        "[ID …123X]",
        "[account …1234]",
        "482199",
        "账号",
        "account",
        "4 8 2 1 9 9",
        "四八二一九九",
        "一",
        "元",
    ),
    *("4111111111111111", "11010519491231002X", "abc123", "（", "4", "82", "199", "4111", "1111"),
    *("-", " ", "x", ",", "."),
)
DIGITS = st.text(alphabet="0123456789０１２３ -－xX.,，", max_size=24)
TRICKY = st.one_of(
    st.lists(st.one_of(DIGITS, st.sampled_from(PIECES), st.text(max_size=6)), max_size=12).map(
        " ".join
    ),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my card is 4111 1111 1111 1111 ok", "my card is [card …1111] ok"),
        ("4111-1111-1111-1111", "[card …1111]"),
        ("４１１１１１１１１１１１１１１１", "[card …1111]"),
        ("378282246310005 or 3782 822463 10005", "[card …0005] or [card …0005]"),
        ("卡号6222021234567890128。", "卡号[card …0128]。"),
        ("4222222222222", "[card …2222]"),
        ("我的身份证号11010519491231002x，请查", "我的身份证号[ID …002X]，请查"),
        ("ID 440524 18800101 0014", "ID [ID …0014]"),
        ("130503670401001", "[ID …1001]"),
        ("my code is 4 8 2 1 9 9", "my code is [code]"),
        ("验证码是４８２１９９", "验证码是[code]"),
        ("动态码：四八二一九九", "动态码：[code]"),
        ("他问我要验证码，我告诉他482199了", "他问我要验证码，我告诉他[code]了"),
        ("482199（动态验证码），请勿泄露", "[code]（动态验证码），请勿泄露"),
        ("您的验证码为482199，5分钟内有效", "您的验证码为[code]，5分钟内有效"),
        (
            "482199 is your Riverside verification code",
            "[code] is your Riverside verification code",
        ),
        ("密码123456他都知道", "密码[code]他都知道"),
        ("PIN 1998", "PIN [code]"),
        ("CVV: 110", "CVV: [code]"),
        ("my password is Hunter2!", "my password is [code]!"),
        ("the code G-482199", "the code [code]"),
        ("OTP: 482-199", "OTP: [code]"),
        ("the code is four eight two one nine nine", "the code is [code]"),
        ("to account 12345678 at Example Bank", "to account [account …5678] at Example Bank"),
        ("收款账号：0200 0045 0901 4412345", "收款账号：[account …2345]"),
        ("宏达贸易，0200004509014412345，工行", "宏达贸易，[account …2345]，工行"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account …3000]"),
        ("GB29NWBK60161331926819 please", "[account …6819] please"),
        ("账户４４０５０１４０３６０８０００００１２３", "账户[account …0123]"),
        ("code is 482199 call +86 101 0000 0011", "code is [code] call +86 101 0000 0011"),
    ],
)
def test_a_secret_is_masked(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "I paid 1700000, then 1.7 million, then 500,000",
        "he asked for the code and 1700000 by 8 o'clock",
        "转了1700000元，密码也给了",
        "他要验证码，还要我转1700000",
        "转账密码，500000元",
        "call 110 or 96110 or 95588, code?",
        "the code, call 95588",
        "验证码95588发来的",
        "code of conduct 2024",
        "in 2024 the passcode from 2019 changed",
        "the code expires at 20:04, in 300 seconds",
        "密码输错3次，2024年的事",
        "postcode 100020, zip code 90210, error code 404",
        "2024-05-12 2024-05-13",
        "13800138000 13900139000",
        "110 96110 95588",
        "order 20261123000123",
        "订单号88123456789012",
        "tracking no. 4012345678903",
        "from the company account 1,700,000 went",
        "账户转出17000000元",
        "账户转出 1700000",
        "account opened 2024-05-12 10:30",
        "微信账号13800138000",
        "+86 101 0000 0011",
        "他说我欠了38万，今天下午5点前要还",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == (text, ())


def test_the_places_found_are_places_in_the_given_text() -> None:
    text = "密码是135790，卡号6222021234567890128"
    found = mask(text).found
    assert [(one.kind, text[one.start : one.end]) for one in found] == [
        ("code", "135790"),
        ("card", "6222021234567890128"),
    ]


@given(st.text() | TRICKY)
@example("code [code] 123456")
@example("11010519491031000X4111111111111111")
@example("4111 1111 1111 1111 4111 1111 1111 1111 123")
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once) == (once, ())


@given(st.text() | TRICKY)
def test_no_card_like_run_of_sixteen_digits_survives(text: str) -> None:
    for run in re.findall(r"(?<!\d)\d{16}(?!\d)", mask(text).text):
        digits = "".join(str(int(sign)) for sign in run)
        assert luhn.checksum(digits) != 0


@given(st.text(), st.integers(0, 10**15 - 1), st.sampled_from(["", " ", "-"]))
def test_every_card_of_sixteen_digits_is_masked(before: str, body: int, separator: str) -> None:
    digits = f"{body:015d}"
    digits += luhn.calc_check_digit(digits)
    grouped = separator.join(digits[at : at + 4] for at in range(0, 16, 4))
    assert grouped not in mask(f"{before}\n{grouped} thank you").text


@given(st.from_regex(r"[0-9]{4,8}", fullmatch=True))
def test_every_code_beside_its_name_is_masked(code: str) -> None:
    public = re.fullmatch(
        r"1799|18222|95\d{3}|96110|10086|10010|10000|123(15|21|39|77|78|81)", code
    )
    if not public:
        assert code not in mask(f"验证码是{code}").text.replace("[code]", "")
        assert code not in mask(f"my code is {code}").text


@pytest.mark.parametrize(
    "text", ["1 " * 2000, "code is " * 500, "pin 1 is " * 440, "is " * 1300 + "code"]
)
def test_a_message_of_full_length_is_masked_in_half_a_second(text: str) -> None:
    began = time.monotonic()
    mask(text[:4000])
    assert time.monotonic() - began < 0.5
