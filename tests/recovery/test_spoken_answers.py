"""Short answers about a payment are understood, and what only resembles one is left alone."""

from __future__ import annotations

import pytest

from bot.recovery.spoken import account_in, arrival_in, caller_there, channel_in, says_unknown

CHANNELS = {
    "counter": "at the branch|over the counter|a teller did it|柜台|在银行柜台转的|網點",
    "online": "online banking|I did it online|网银|網銀|网上银行|on the bank's website",
    "corporate_online": "corporate online banking|the company's online banking|企业网银|公司网银|"
    "用公司账户的网银转的|online banking, from the company account",
    "mobile": "mobile banking|the bank's app|app|手机银行|手機銀行|用手机转的",
    "atm": "ATM|at the cash machine|取款机|自动柜员机",
    "third_party": "支付宝|微信|Alipay|WeChat Pay|用微信转的|the Alipay app",
}
ACCOUNTS = {
    "company": "from the company account|our company's account|公司账户|"
    "公户转的|用公司的钱|corporate account|对公账户|企业网银",
    "private": "my own account|from my savings|my personal account|个人账户|我自己的卡|"
    "从我的卡转的",
}
ARRIVALS = {
    "real_time": "实时到账|instant|an instant transfer|real-time|立即到账|實時到賬",
    "ordinary": "普通到账|普通|ordinary|standard transfer|两小时到账",
    "next_day": "次日到账|次日|next day|next-day arrival|24小时后到账",
}


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(text, answer) for answer, texts in table.items() for text in texts.split("|")]


@pytest.mark.parametrize(("text", "channel"), rows(CHANNELS))
def test_channel_is_read(text: str, channel: str) -> None:
    assert channel_in(text) == channel


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("not at the counter, online", "online"),
        ("不是网银，是手机银行", "mobile"),
        ("I didn't use an ATM", None),
        ("he added me on his list", None),
        ("他加我微信让我转", None),
        ("对方让我下载了个app", None),
        ("he made me install an app", None),
        ("the caller was from customer service", None),
        ("", None),
    ],
)
def test_denied_and_unsaid_channels_do_not_count(text: str, channel: str | None) -> None:
    assert channel_in(text) == channel


@pytest.mark.parametrize(("text", "account"), rows(ACCOUNTS))
def test_account_that_paid_is_read(text: str, account: str) -> None:
    assert account_in(text) == account


@pytest.mark.parametrize("text", ["to a company account", "转到公司账户了", "不是公司账户", "网银"])
def test_account_that_received_or_is_denied_does_not_count(text: str) -> None:
    assert account_in(text) is None


@pytest.mark.parametrize(("text", "arrival"), rows(ARRIVALS))
def test_arrival_mode_is_read(text: str, arrival: str) -> None:
    assert arrival_in(text) == arrival


@pytest.mark.parametrize(
    "text",
    [
        "he wants it immediately",
        "the next day he called",
        "普通话",
        "a standard bank",
        "他让我马上转",
    ],
)
def test_haste_and_days_are_no_arrival_mode(text: str) -> None:
    assert arrival_in(text) is None


@pytest.mark.parametrize(
    "text",
    "I don't know|no idea|not sure|I can't remember|I don't remember exactly|不知道|记不清了|"
    "不清楚|"
    "忘了|不太确定|記不清|I don’t know how much|idk".split("|"),
)
def test_not_knowing_is_an_answer(text: str) -> None:
    assert says_unknown(text)


@pytest.mark.parametrize(
    "text",
    "I don't know him|I don't know what to do|我不知道他是骗子|不知道怎么办|I know|知道|"
    "I didn't know it was a scam|20000".split("|"),
)
def test_not_knowing_something_else_is_no_answer(text: str) -> None:
    assert not says_unknown(text)


@pytest.mark.parametrize(
    "text",
    "still on the phone|he is still there|I haven't hung up|还在线上|还没挂|没挂电话|我在跟他通话|"
    "不让我挂|還在線上|he won't let me hang up|I'm on the phone with him".split("|"),
)
def test_caller_is_still_there(text: str) -> None:
    assert caller_there(text) is True


@pytest.mark.parametrize(
    "text",
    "hung up|I've hung up|not on the phone|the call is over|挂了|已经挂断了|没有在通话|電話掛了|"
    "he's gone|no longer on the line".split("|"),
)
def test_caller_is_gone(text: str) -> None:
    assert caller_there(text) is False


@pytest.mark.parametrize(
    "text",
    ["yes", "he told me not to hang up", "I'm on the phone with the bank", "我转了5万", "别挂电话"],
)
def test_nothing_is_said_of_the_caller(text: str) -> None:
    assert caller_there(text) is None
