"""The seed story as the product answers it, from the first telling to the money that has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.casework.models import Case
from bot.recognition import Recogniser
from tests.functional.chat import Answer, Chat
from tests.functional.running_stack import Stack, until

HOTLINE = "101 0000 0000"
SCRIPTS = ("company_advance_payment", "fake_card_debt", "lawsuit_threat")


@dataclass(frozen=True)
class Story:
    """What one customer says, and what must be in the answers.

    Args:
        language: Language of the chat.
        customer: Who is chatting.
        manager: His account manager: code, name and mobile number.
        telling: The first message.
        quotes: Parts of it that the assistant may quote as evidence.
        doubt: What he says for the caller.
        evening: The caller is back.
        sent: The money has left.
        details: How much, when, how, to whom: his answers in order.
        words: Words of the answers: the next move, the one thing to do, read as "stop" and "told".
    """

    language: str
    customer: str
    manager: tuple[str, str, str]
    telling: str
    quotes: tuple[str, ...]
    doubt: str
    evening: str
    sent: str
    details: tuple[str, ...]
    words: dict[str, str]


STORIES = {
    "en": Story(
        language="en",
        customer="C-2001",
        manager=("M-02", "Grace Lin", "+86 101 0000 0012"),
        telling=(
            "A man from the card centre says I owe 380,000 and the bank will sue me today. "
            "He can fix it if I pay in advance from the company account."
        ),
        quotes=("fix it", "sue me", "company account", "I owe 380,000"),
        doubt="But he knew my full name and my address, so it must be real",
        evening="They called again. He says I will go to prison tonight.",
        sent="I have sent it.",
        details=(
            "1.7 million at eight in the evening",
            "Company online banking",
            "to Hongda Trading",
            "they have hung up",
        ),
        words={
            "next": "What they will do next: ",
            "do": "Do this now: ",
            "check": "You don't have to believe me either",
            "again": "they are calling again",
            "told": "has been told",
            "stop": "stop this payment",
            "second": "second caller",
        },
    ),
    "zh": Story(
        language="zh",
        customer="C-1001",
        manager=("M-01", "周敏", "+86 101 0000 0011"),
        telling=(
            "有人打电话说我信用卡欠了38万，银行今天就要起诉我。"
            "他说只要先从公司账户垫付，就能帮我摆平。"
        ),
        quotes=("公司账户垫付", "起诉", "信用卡欠了38万", "摆平"),
        doubt="可是他连我的身份证号都知道，应该是真的吧",
        evening="他们又打来了，说今晚就要抓我去坐牢",
        sent="我已经转了",
        details=("晚上八点，从公司账户转了170万给宏达贸易", "企业网银", "对方已经挂了"),
        words={
            "next": "对方的下一步：",
            "do": "现在就做一件事：",
            "check": "您也不用只听我的",
            "again": "又打来了",
            "told": "已经通知",
            "stop": "我要止付",
            "second": "追回来",
        },
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_seed_story_is_recognised_counselled_and_brought_to_the_account_manager(
    stack: Stack, story: Story
) -> None:
    chat = Chat(stack, customer=story.customer, language=story.language)
    chat.head("The first telling")
    _first_telling(chat, story)
    chat.head("Doubts")
    _doubts(chat, story)
    chat.head("The evening")
    _evening(chat, story)
    chat.head("The money has left")
    _money_has_left(chat, story)
    chat.keep_transcript(f"seed_story_{story.language}", "The seed story")


def test_visitor_is_brought_to_the_duty_desk_and_never_sees_a_managers_mobile(
    stack: Stack,
) -> None:
    chat = Chat(stack)
    chat.head("A visitor tells")
    first = chat.say(STORIES["en"].telling)
    assert "duty desk" in first.text
    answer = chat.say("I want to talk to a person")
    assert answer.card
    assert answer.card["kind"] == "duty_desk"
    assert answer.card["mobile"] == "+86 101 0000 0001"
    again = chat.say("please let me speak to a human being")
    assert "has been told of this already" in again.text
    escalation = _escalation(chat)
    assert escalation.account_manager.code == "D-01"
    assert "+86 101 0000 001" not in first.text + answer.text + again.text
    assert "+86 101 0000 001" not in str(answer.card) + str(again.card)
    chat.keep_transcript("visitor_en", "A visitor")


def _first_telling(chat: Chat, story: Story) -> None:
    answer = chat.say(story.telling)
    assert any(quote in answer.text for quote in story.quotes), answer.text
    assert any(title in answer.text for title in _titles(story.language)), answer.text
    assert answer.text.count(story.words["next"]) == 1
    assert answer.text.count(story.words["do"]) == 1
    assert answer.questions == 1
    assert story.manager[1] in answer.text, "He hears the name of his own account manager."
    case = chat.case()
    assert case is not None
    assert case.level == "scam"
    assert case.leading_script in SCRIPTS
    assert case.customer is not None
    assert case.customer.code == story.customer
    quoted = [row.quote for row in case.evidence]
    assert quoted
    assert all(quote in story.telling for quote in quoted)
    assert case.stage is not None
    assert case.stage["step"] >= 2


def _doubts(chat: Chat, story: Story) -> None:
    answer = chat.say(story.doubt)
    assert story.words["check"] in answer.text
    assert answer.questions == 1
    case = chat.case()
    assert case is not None
    assert case.level == "scam", "A doubt takes nothing back."


def _evening(chat: Chat, story: Story) -> None:
    answer = chat.say(story.evening)
    assert story.words["again"] in answer.text
    assert story.words["do"] in answer.text
    assert answer.questions == 1
    case = chat.case()
    assert case is not None
    assert case.exposure == "engaged"
    escalation = _escalation(chat)
    assert escalation.status == "pending"
    assert escalation.account_manager.code == story.manager[0]


def _money_has_left(chat: Chat, story: Story) -> None:
    answer = chat.say(story.sent)
    assert story.words["stop"] in answer.text
    assert HOTLINE in answer.text
    assert "110" in answer.text
    assert answer.questions == 1
    _shows_the_manager(answer, story)
    told = [chat.say(text) for text in story.details]
    case = chat.case()
    assert case is not None
    assert (case.level, case.exposure) == ("scam", "paid")
    assert case.reference in told[-1].text, "The desk that stops payments has it."
    assert story.words["second"] in told[-1].text
    assert sum(one.questions for one in [answer, *told]) <= 6, "Five, and one offer at the end."
    _was_recorded(case)
    _was_sent(chat)


def _was_recorded(case: Case) -> None:
    (payment,) = case.payments
    assert (payment.amount, payment.currency) == (Decimal(1_700_000), "CNY")
    assert payment.submitted is not None
    # Told some minutes before eight, "at eight" means now.
    told = payment.submitted + timedelta(minutes=6)
    assert told.astimezone(ZoneInfo("Asia/Shanghai")).hour == 20
    assert payment.channel == "corporate_online"
    assert payment.payee_name in ("Hongda Trading", "宏达贸易")
    assert payment.caller_there is False
    assert payment.packet_version >= 2, "Told at once, and again as answers came."


def _shows_the_manager(answer: Answer, story: Story) -> None:
    assert story.words["told"] in answer.text
    assert answer.card
    assert answer.card["kind"] == "manager"
    assert answer.card["name"] == story.manager[1]
    assert answer.card["mobile"] == story.manager[2]
    assert answer.card["backup"] == "+86 101 0000 0001"
    assert answer.card["hours"]


def _escalation(chat: Chat):  # type: ignore[no-untyped-def]
    case = chat.case()
    assert case is not None
    assert len(case.escalations) == 1, "While one is pending nothing is asked twice."
    return case.escalations[0]


def _was_sent(chat: Chat) -> None:
    """The worker delivers by the console method, which writes to the log."""

    def all_sent() -> bool:
        messages = _escalation(chat).messages
        return bool(messages) and all(message.status == "sent" for message in messages)

    assert until(all_sent), "The worker has not delivered."
    messages = _escalation(chat).messages
    assert messages[-1].body["exposure"] == "paid"
    assert f"to {messages[-1].recipient}: {messages[-1].subject}" in chat.stack.log()


def _titles(language: str) -> list[str]:
    recogniser = Recogniser.load()
    return [recogniser.title(i, language) for i in SCRIPTS if i in recogniser.script_ids]
