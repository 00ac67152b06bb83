"""The evening after a call: we ask again, somebody reads it, and the customer hears the truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from bot.casework.database import session_factory
from bot.casework.models import Escalation, FollowUp
from bot.counsel.phrases import phrases
from bot.links import Links
from tests.functional.chat import Chat
from tests.functional.running_stack import Stack, until

WORDS = {
    "en": {
        "customer": "C-2001",
        "manager": ("M-02", "Grace Lin"),
        "telling": (
            "A man from the card centre says I owe 380,000 and the bank will sue me today. "
            "He can fix it if I pay in advance from the company account."
        ),
        "line": "He is on the phone with me right now",
        "known": "Has anyone at the bank really been told?",
        "sent": "was sent your case",
        "read": "Yes. Grace Lin read your case",
        "stop": "Stop messaging me please",
        "stopped": "send nothing more",
        "again": "they are calling again",
    },
    "zh": {
        "customer": "C-1001",
        "manager": ("M-01", "周敏"),
        "telling": (
            "有人打电话说我信用卡欠了38万，银行今天就要起诉我。"
            "他说只要先从公司账户垫付，就能帮我摆平。"
        ),
        "line": "他现在还在电话里跟我说着呢",
        "known": "真的有人知道这件事了吗",
        "sent": "已经发给周敏",
        "read": "看过了。周敏在",
        "stop": "别再给我发消息了",
        "stopped": "不再发消息",
        "again": "又打来",
    },
}


@pytest.mark.parametrize("language", WORDS)
def test_customer_hears_who_has_read_his_case_and_when(stack: Stack, language: str) -> None:
    words = WORDS[language]
    chat = _in_danger(stack, language)
    chat.head("Is there really somebody?")
    assert until(lambda: _sent(chat)), "The worker has not delivered."
    assert words["sent"] in chat.say(words["known"]).text
    link = _acknowledge_link(stack, chat, person=words["manager"][0])
    assert httpx.get(link, trust_env=False).status_code == 200
    assert _escalation(chat).status == "pending", (
        "Opening a link, as mail scanners do, reads nothing."
    )
    page = httpx.post(link, trust_env=False)
    assert page.status_code == 200
    assert _escalation(chat).acknowledged_by.name in ("Grace Lin", "林嘉怡", "周敏")
    assert until(lambda: words["manager"][1] in "".join(m["text"] for m in chat.pushed()))
    answer = chat.say(words["known"])
    assert answer.text.startswith(words["read"])
    assert httpx.post(link, trust_env=False).status_code == 200, "A second tap does no harm."
    chat.keep_transcript(f"who_knows_{language}", "Is there really somebody?")


@pytest.mark.parametrize("language", WORDS)
def test_customer_is_asked_again_in_the_evening_and_the_case_goes_on_where_it_was(
    stack: Stack, language: str
) -> None:
    words, buttons = WORDS[language], phrases(language).buttons
    chat = _in_danger(stack, language)
    planned = _follow_ups(chat)
    assert len(planned) >= 3
    assert {row.status for row in planned} == {"planned"}
    chat.head("Twenty minutes later")
    _bring_forward(stack, planned[0].id)
    assert until(lambda: _questions(chat, language)), "The customer is not asked again."
    asked = _questions(chat, language)[-1]
    titles = [button["title"] for button in asked["buttons"]]
    assert titles == [buttons["fine"], buttons["they_called_again"], buttons["paid"]]
    assert asked["lang"] == language
    answer = chat.say(buttons["they_called_again"])
    assert words["again"] in answer.text
    first = next(row for row in _follow_ups(chat) if row.id == planned[0].id)
    assert (first.status, first.answer) == ("answered", "called_again")
    case = chat.case()
    assert case is not None
    assert case.level == "scam", "The case goes on where it was."
    chat.head("Enough of it")
    assert words["stopped"] in chat.say(words["stop"]).text
    left = [row for row in _follow_ups(chat) if row.status == "planned"]
    assert left == [], "Who wants no more messages gets none."
    chat.keep_transcript(f"evening_{language}", "The evening")


def test_silence_after_danger_brings_in_a_person_again(stack: Stack) -> None:
    chat = _in_danger(stack, "en")
    before = _escalation(chat)
    _bring_forward(stack, _follow_ups(chat)[0].id)
    assert until(lambda: _questions(chat, "en"))
    with session_factory(stack.engine).begin() as session:
        session.execute(
            update(FollowUp)
            .where(FollowUp.case_id == before.case_id, FollowUp.status == "asked")
            .values(silent_from=datetime.now(UTC) - timedelta(minutes=1))
        )
    assert until(lambda: any(row.status == "silent" for row in _follow_ups(chat)))


def _in_danger(stack: Stack, language: str) -> Chat:
    words = WORDS[language]
    chat = Chat(stack, customer=words["customer"], language=language)
    chat.head("The afternoon")
    chat.say(words["telling"])
    chat.say(words["line"])
    case = chat.case()
    assert case is not None
    assert case.exposure == "engaged"
    return chat


def _follow_ups(chat: Chat) -> list[FollowUp]:
    case = chat.case()
    assert case is not None
    return list(case.follow_ups)


def _escalation(chat: Chat) -> Escalation:
    case = chat.case()
    assert case is not None
    return case.escalations[-1]


def _sent(chat: Chat) -> bool:
    messages = _escalation(chat).messages
    return bool(messages) and all(message.status == "sent" for message in messages)


def _bring_forward(stack: Stack, follow_up: int) -> None:
    """Let the moment of the first follow-up have come.

    Shortly before eight in the evening, the evening's one stands for that of twenty minutes.
    """
    with session_factory(stack.engine).begin() as session:
        due = datetime.now(UTC) - timedelta(seconds=1)
        came = update(FollowUp).where(FollowUp.id == follow_up)
        session.execute(came.values(due=due, kind="twenty_minutes"))


def _questions(chat: Chat, language: str) -> list[dict]:  # type: ignore[type-arg]
    title = phrases(language).buttons["fine"]
    return [m for m in chat.pushed() if title in [b["title"] for b in m["buttons"]]]


def _acknowledge_link(stack: Stack, chat: Chat, *, person: str) -> str:
    """Sign the link as the worker does when it sends the message."""
    links = Links(
        key=stack.settings.key("secret_key"),
        base_url=str(stack.http.base_url),
        now=lambda: datetime.now(UTC),
    )
    return links.url("acknowledge", escalation=_escalation(chat).id, person=person)
