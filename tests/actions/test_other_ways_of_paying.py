"""Cash, gift cards, crypto-currency, machines, other banks' accounts, and what currency it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from actions.services import Services
from bot.casework.models import OutboxMessage
from bot.counsel.phrases import phrases
from bot.recovery import spoken
from tests.actions.test_payment_talk import Talk

WAYS = {
    "en": {
        "cash": "I gave 30,000 in cash to a courier",
        "gift_card": "I bought Steam gift cards for 3,000 and sent them the codes",
        "crypto": "I sent 2,000 USDT to his wallet address",
        "atm": "I sent 8,000 at a cash machine",
    },
    "zh": {
        "cash": "我把三万块现金交给上门的人了",
        "gift_card": "我买了三千块的购物卡，卡密发给他了",
        "crypto": "我转了两千USDT到他的钱包地址",
        "atm": "我在自动取款机上转了八千",
    },
}
EVERY = [(code, way, text) for code, ways in WAYS.items() for way, text in ways.items()]
FITTING = {
    "cash": {"amount", "time", "caller"},
    "gift_card": {"amount", "time", "payee", "caller"},
    "crypto": {"amount", "time", "payee", "caller"},
    "atm": {"amount", "time", "payee", "caller"},
}


def said(services: Services, language: str, key: str, **fields: str) -> str:
    return phrases(language).say(key, **{**services.bank.fields(language), **fields})


def last_packet(services: Services) -> dict[str, Any]:
    with services.sessions() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("packet:"))
        packet: dict[str, Any] = session.scalars(wanted).all()[-1].body["packet"]
    return packet


@pytest.mark.parametrize(("language", "way", "text"), EVERY)
def test_first_thing_to_do_fits_the_way_and_so_do_the_questions(
    services: Services, language: str, way: str, text: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(text, "has_paid")
    assert talk.payment().channel == way
    assert said(services, language, f"paid_first_{way}") in talk.words
    assert (said(services, language, "paid_first") in talk.words) is False
    for _ in range(5):
        if not talk.asked.startswith("payment_"):
            break
        talk.say({"en": "I don't know", "zh": "不知道"}[language], "dont_know")
    assert set(talk.questions) <= FITTING[way]
    own = (
        said(services, language, f"paid_ask_payee_{way}") if way in ("gift_card", "crypto") else ""
    )
    assert not own or "payee" in talk.questions
    if way != "atm":
        assert said(services, language, "paid_elsewhere", reference="X")[:12] in talk.words


@pytest.mark.parametrize("way", ["cash", "gift_card", "crypto"])
def test_way_that_is_told_later_brings_its_first_thing_with_it(
    services: Services, way: str
) -> None:
    talk = Talk(services, language="en")
    talk.say("I have sent it", "has_paid")
    talk.say("3,000")
    talk.say("an hour ago")
    assert talk.asked == "payment_channel"
    talk.say(phrases("en").buttons[way])
    assert talk.payment().channel == way
    assert said(services, "en", f"paid_first_{way}") in talk.words


def test_desk_is_shown_no_clock_for_what_no_rail_carries(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(WAYS["en"]["cash"], "has_paid")
    packet = last_packet(services)
    assert packet["paid"]["channel"] == "cash"
    assert packet["clock"]["rails"] == []
    assert packet["stop"]["rung"] == "police_stop_and_freeze"
    assert packet["stop"]["deadline"] is None


def test_card_company_and_exchange_are_noted_as_they_are_answered(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say(WAYS["en"]["gift_card"], "has_paid")
    talk.say("I don't know", "dont_know")
    assert talk.asked == "payment_payee"
    talk.say("steam")
    assert talk.payment().payee_name == "steam"
    talk = Talk(services, language="zh")
    talk.say("又转了两千USDT到他的钱包地址", "has_paid")
    assert talk.payment().channel == "crypto"


OTHER_BANKS = [
    ("zh", "我用工行转的，五万", "工行"),
    ("zh", "我从建设银行的卡里转了五万给王刚", "建设银行"),
    ("zh", "用我的招行手机银行转了五万", "招行"),
    ("en", "I sent 50,000 from my Barclays account", "Barclays"),
    ("en", "i sent 50,000 from my barclays account", "barclays"),
    ("en", "I wired 50,000 from HSBC to Hongda Trading Ltd", "HSBC"),
]


@pytest.mark.parametrize(("language", "text", "bank"), OTHER_BANKS)
def test_other_bank_is_rung_because_our_desk_cannot_stop_it(
    services: Services, language: str, text: str, bank: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(text, "has_paid")
    payment = talk.payment()
    assert (payment.paying_bank, payment.payee_bank) == (bank, None)
    assert said(services, language, "paid_first_other_bank", other=bank) in talk.words
    assert said(services, language, "paid_first") not in talk.words
    assert last_packet(services)["paid"]["paying_bank"] == bank
    with services.sessions() as session:
        texts = [row.body["text"] for row in session.scalars(select(OutboxMessage)) if row.body]
    assert any(f"付款行：{bank}（他行，本行无法止付）" in one for one in texts)


@pytest.mark.parametrize(
    "text",
    [
        "我转了五万到他的工行卡",
        "我转了五万给王刚，工商银行",
        "I sent 50,000 to his HSBC account",
        "我从江畔银行转了五万",
        "我用手机银行转了五万",
    ],
)
def test_payees_bank_and_our_own_are_no_other_bank(services: Services, text: str) -> None:
    talk = Talk(services, language="zh")
    talk.say(text, "has_paid")
    assert talk.payment().paying_bank is None


@pytest.mark.parametrize(
    ("text", "bank"),
    [
        ("from my Chase card", "Chase"),
        ("out of our Bank of China account", "Bank of China"),
        ("to Barclays, from HSBC", "HSBC"),
        ("to my friend at Barclays", None),
        ("工行卡转的，不是建行", None),
        ("从农行转出去的", "农行"),
        ("对方是工行", None),
    ],
)
def test_paying_bank_is_read_where_it_is_said_that_it_left(text: str, bank: str | None) -> None:
    assert spoken.paying_bank_in(text) == bank


def test_currency_that_nobody_named_is_read_back_as_assumed(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I sent 5,000", "has_paid")
    assert talk.payment().currency_assumed is True
    assert "CNY 5,000" in talk.words
    assert "You named no currency" in talk.words
    assert last_packet(services)["paid"]["currency_assumed"] is True


def test_currency_said_in_words_wins(services: Services) -> None:
    talk = Talk(services, language="en")
    talk.say("I sent 5,000 euros", "has_paid")
    assert (talk.payment().currency, talk.payment().currency_assumed) == ("EUR", None)
    assert "You named no currency" not in talk.words


@pytest.mark.parametrize(
    ("language", "first", "correction", "currency"),
    [
        ("en", "I sent 5,000", "no, it was US dollars", "USD"),
        ("en", "I sent 5,000", "not yuan, euros", "EUR"),
        ("zh", "我转了五千", "不对，是美元", "USD"),
        ("zh", "我转了五千", "是港币不是人民币", "HKD"),
    ],
)
def test_assumed_currency_is_corrected_by_its_name_alone(
    services: Services, language: str, first: str, correction: str, currency: str
) -> None:
    talk = Talk(services, language=language)
    talk.say(first, "has_paid")
    talk.say(correction, "correct")
    payment = talk.payment()
    assert (payment.amount, payment.currency) == (Decimal(5000), currency)
    assert not payment.currency_assumed
    assert f"{currency} 5,000" in talk.words
