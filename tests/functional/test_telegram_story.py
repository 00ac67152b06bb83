"""The seed story in Telegram, through the whole product: from a contact card to "read at 20:04"."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.casework.card_links import issue_link
from bot.casework.care import customer_by_code
from bot.casework.cases import find_open_case
from bot.casework.database import session_factory
from bot.casework.escalations import acknowledge
from bot.casework.models import Case, ReceivedMessage
from bot.counsel.phrases import phrases
from bot.counsel.truths import say_truth
from tests.functional.running_stack import Stack, running_stack
from tests.functional.test_seed_story import STORIES, Story
from tests.gateway.gateway_servers import plain_server, running
from tests.gateway.telegram.bot_api import CHEN, TOKEN, BotApi, Call

CHATS = {"en": 5001, "zh": 5002}
SECRETS = ("4111 1111 1111 1111", "482913")


@dataclass(frozen=True)
class Bot:
    """The running product and the server that it takes for Telegram's."""

    stack: Stack
    api: BotApi


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    api = BotApi()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    changes = {"telegram_token": TOKEN, "telegram_api_url": f"http://127.0.0.1:{port}"}
    with (
        running(plain_server(api.app, port)),
        running_stack(tmp_path_factory.mktemp("telegram"), **changes) as stack,
    ):
        yield Bot(stack, api)


class Chat:
    """One customer's chat: says something and waits until the answer has come."""

    def __init__(self, bot: Bot, story: Story) -> None:
        self.number = CHATS[story.language]
        self.address = f"telegram:{self.number}"
        self._bot = bot
        code = {"en": "en", "zh": "zh-hans"}[story.language]
        self._from = {**CHEN, "id": self.number, "language_code": code}

    def say(self, text: str, **fields: Any) -> list[Call]:
        return self._answered(
            lambda: self._bot.api.say(text, chat=self.number, **{"from": self._from}, **fields)
        )

    def press(self, call: Call, title: str) -> list[Call]:
        number = self._bot.api.number_of(call)
        data = next(b["callback_data"] for b in call.buttons if b["text"] == title)
        return self._answered(lambda: self._bot.api.press_data(number, data, chat=self.number))

    def until_sent(self, count: int) -> list[Call]:
        return self._bot.api.until(
            lambda: len(s := self._bot.api.sent(chat=self.number)) >= count and s, seconds=30
        )

    def case(self) -> Case:
        with self._bot.stack.reading() as session:
            case = find_open_case(session, self.address)
            assert case is not None
            assert all(escalation.account_manager for escalation in case.escalations)
            return case

    def _answered(self, do: Any) -> list[Call]:
        """Do something and return what was sent until the message was done with."""
        before = len(self._bot.api.sent(chat=self.number))
        done = len(self._done())
        do()
        self._bot.api.until(lambda: len(self._done()) > done, seconds=30)
        return self._bot.api.sent(chat=self.number)[before:]

    def _done(self) -> list[Any]:
        with self._bot.stack.reading() as session:
            rows = select(ReceivedMessage.id).where(
                ReceivedMessage.address == self.address, ReceivedMessage.done.is_not(None)
            )
            return list(session.scalars(rows))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_seed_story_in_telegram(bot: Bot, story: Story) -> None:
    chat = Chat(bot, story)
    titles = phrases(story.language).buttons
    [greeting] = chat.say(f"/start {_card(bot, story)}")
    assert titles["still_on"] in greeting.titles

    told = _text(chat.say(story.telling))
    assert story.words["next"] in told
    assert any(quote in told for quote in story.quotes), told

    again = chat.say(story.evening)
    assert story.words["again"] in _text(again)

    person = chat.say(titles["manager"])
    [contact] = [call for call in person if call.method == "sendContact"]
    assert contact.given["phone_number"] == story.manager[2].replace(" ", "")
    assert contact.given["first_name"] == story.manager[1]
    case = chat.case()
    assert case.escalations[0].account_manager.code == story.manager[0]

    seen = len(bot.api.sent(chat=chat.number))
    _read(bot, case, story)
    receipt = chat.until_sent(seen + 1)[seen]
    assert story.manager[1] in receipt.text, receipt.text

    paid = chat.press(greeting, titles["paid"])
    assert paid == [], "The greeting's question is long over; a late press says nothing."
    assert story.words["stop"] in _text(chat.say(story.sent))
    assert chat.case().exposure == "paid"

    card = [call for call in chat.say("/contact") if call.method == "sendContact"]
    assert card, "The number of the own account manager is always there."


def test_a_forwarded_message_is_recognised(bot: Bot) -> None:
    chat = Chat(bot, STORIES["zh"])
    chat.number, chat.address = 5003, "telegram:5003"
    origin = {"type": "hidden_user", "sender_user_name": "信用卡中心", "date": 1}
    answer = _text(
        chat.say(
            "您的信用卡欠款38万，银行今天将起诉您。先从公司账户垫付，我帮您摆平。",
            forward_origin=origin,
        )
    )
    assert STORIES["zh"].words["next"] in answer, answer


def test_no_secret_is_kept_anywhere(bot: Bot) -> None:
    chat = Chat(bot, STORIES["en"])
    chat.number, chat.address = 5004, "telegram:5004"
    chat.say(f"He wants my card {SECRETS[0]} and the code is {SECRETS[1]}")
    kept = bot.stack.stored() + bot.stack.log() + str(bot.stack.tracker(chat.address))
    assert "[card …1111]" in str(bot.stack.tracker(chat.address))
    assert [secret for secret in (*SECRETS, TOKEN) if secret in kept] == []


def _card(bot: Bot, story: Story) -> str:
    with session_factory(bot.stack.engine).begin() as session:
        customer = customer_by_code(session, story.customer)
        return issue_link(session, customer, days=30, now=datetime.now(UTC)).token


def _read(bot: Bot, case: Case, story: Story) -> None:
    """The account manager reads it."""
    with session_factory(bot.stack.engine).begin() as session:
        escalation = case.escalations[0].id
        acknowledge(session, escalation, story.manager[0], datetime.now(UTC), words=say_truth)


def _text(calls: list[Call]) -> str:
    return "\n".join(call.text for call in calls)
