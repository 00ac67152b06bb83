"""Honest payments of every day start no talk about a fraud; warned evidence makes them one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from bot.casework.models import Case, Payment
from tests.actions.builders import TELLING, told_turn

HONEST = {
    "en": (
        "I paid our supplier for the chairs today",
        "Paid our supplier for the chairs today",
        "I have transferred the rent to my landlord",
        "We paid the salaries this morning",
        "I just paid the tuition fee for my daughter's school",
        "I paid the electricity bill",
        "I sent my mum some money for her birthday",
        "I moved 5,000 from my savings to my current account",
        "I transferred money between my own accounts",
        "We paid the invoice from our printer shop",
        "I paid my credit card bill",
        "I have paid the plumber",
        "We have paid our staff",
        "I paid for groceries",
        "I sent the deposit for the flat to the letting agency",
        "I paid the dentist yesterday",
        "we paid the VAT through the portal",
        "I paid my phone bill",
        "I paid the gym",
        "We transferred the monthly payment to our cleaning company",
        "I paid the mortgage",
        "I paid 300 to our garage",
        "we already paid for the laptops",
        "I've paid the water bill with the app",
    ),
    "zh": (
        "我今天给供应商付了货款",
        "我刚付了房租给房东3000",
        "我们今天发了工资",
        "工资已经转给员工了",
        "我交了孩子的学费",
        "我刚交了水电费",
        "我把钱从活期转到定期了",
        "我从自己的建行卡转到了自己的工行卡",
        "我们付了打印机的货款",
        "我还了信用卡",
        "我给我妈转了生活费",
        "我付了物业费",
        "我们公司付了装修尾款",
        "我刚转了钱给老婆买菜",
        "我付了快递费",
        "我们付了仓库的租金",
        "我交了社保",
        "我交了电话费",
        "我还了房贷",
        "我给保姆付了工资",
        "我付了保险费",
        "我刚刚给老师转了补课费",
        "我们已经付了办公用品的钱",
        "我给儿子转了这个月的生活费",
    ),
}
FALSE = {
    "en": (
        "I paid our supplier but they never received it",
        "I paid the rent to a new account that came by mail",
        "They made me pay the salaries into a safe account",
        "I have paid my phone bill to a stranger who called",
    ),
    "zh": (
        "老板微信让我付了货款",
        "我给供应商付了货款，他们换了账户，我怕是骗子",
        "他说要先付房租押金，我付了",
    ),
}
EVERY_HONEST = [(code, text) for code, texts in HONEST.items() for text in texts]
EVERY_FALSE = [(code, text) for code, texts in FALSE.items() for text in texts]


def topic_in_the_end(services: Services, language: str, text: str, intent: str) -> str:
    one = told_turn(services, text, language=language, intent=intent)
    return attend(services, one, topic=topic_of(intent, one)).topic


@pytest.mark.parametrize("intent", ["has_paid", "tell_of_call", "ask_banking"])
@pytest.mark.parametrize(("language", "text"), EVERY_HONEST)
def test_honest_payment_starts_no_talk_about_a_fraud(
    services: Services, language: str, text: str, intent: str
) -> None:
    assert topic_in_the_end(services, language, text, intent) not in ("has_paid", "payment_told")
    with services.sessions() as session:
        assert session.scalars(select(Payment)).all() == []
        assert all(case.exposure != "paid" for case in session.scalars(select(Case)))


@pytest.mark.parametrize(("language", "text"), EVERY_FALSE)
def test_payment_with_an_alarming_word_beside_it_is_taken_seriously(
    services: Services, language: str, text: str
) -> None:
    one = told_turn(services, text, language=language, intent="has_paid")
    assert topic_of("has_paid", one) != "everyday_payment"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "I paid our supplier for the chairs today"), ("zh", "我今天给供应商付了货款")],
)
def test_the_same_words_count_where_the_case_is_warned_of(
    services: Services, language: str, text: str
) -> None:
    attend(services, told_turn(services, TELLING), topic="tell_of_call")
    assert topic_in_the_end(services, language, text, "has_paid") == "has_paid"
    with services.sessions() as session:
        assert len(session.scalars(select(Payment)).all()) == 1
