"""What comes by itself reaches the chat through the worker: once, and not tried for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.casework.models import Contact, OutboxMessage
from bot.casework.outbox import receiver_of
from bot.casework.pushes import push
from bot.notify import Methods
from bot.settings import Settings
from bot.worker import Worker
from tests.gateway.telegram.bot_api import BotApi, failing, refusal
from tests.gateway.telegram.conftest import Begin
from tests.gateway.telegram.test_telegram_talk import CARD

ADDRESS = "telegram:1001"
Rounds = Callable[[], None]


@pytest.fixture
def sessions(settings: Settings) -> Any:
    engine = make_engine(settings.effective_database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def rounds(with_token: Settings, sessions: sessionmaker[Session]) -> Rounds:
    """Lets a worker with the methods of the settings do a round, a minute after the last one."""
    clock = [datetime.now(UTC)]
    methods = Methods.from_settings(with_token, sessions=sessions)

    def one_round() -> None:
        Worker(sessions, methods, now=lambda: clock[0]).run_once()
        clock[0] += timedelta(minutes=1)

    return one_round


def owe(sessions: sessionmaker[Session], text: str, **more: Any) -> None:
    now = datetime.now(UTC) - timedelta(minutes=1)
    with sessions.begin() as session:
        contact = contact_for(session, ADDRESS, language="en", now=now)
        push(session, contact, dedupe_key=f"test:{text}", text=text, lang="en", now=now, **more)


def message(sessions: sessionmaker[Session]) -> OutboxMessage:
    with sessions() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_follow_up_arrives_with_buttons_that_can_be_pressed(
    begin: Begin, api: BotApi, sessions: sessionmaker[Session], rounds: Rounds, rasa: Any
) -> None:
    begin()
    api.say("they called")
    api.until_sent(1)
    owe(sessions, "Are you all right?", buttons=["I am fine", "They called again"])
    rounds()
    question = api.until_sent(2)[1]
    assert (question.text, question.titles) == (
        "Are you all right?",
        ["I am fine", "They called again"],
    )
    api.press(api.number_of(question), "They called again")
    api.until_sent(3)
    assert rasa.received[-1]["message"] == "They called again"
    assert message(sessions).status == "sent"


def test_a_card_comes_with_it(api: BotApi, sessions: sessionmaker[Session], rounds: Rounds) -> None:
    owe(sessions, "Zhou Min has read it at 20:04.", card=CARD)
    rounds()
    assert [call.method for call in api.sent()] == ["sendMessage", "sendContact", "sendMessage"]


def test_what_has_arrived_is_not_sent_again_when_a_later_part_has_not(
    api: BotApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    api.faults["sendContact"] = failing(1, refusal(502, "Bad Gateway"))
    owe(sessions, "Read.", card=CARD)
    rounds()
    assert message(sessions).status == "pending"
    rounds()
    assert [call.method for call in api.sent()] == ["sendMessage", "sendContact", "sendMessage"]
    assert message(sessions).status == "sent"


def test_who_has_blocked_us_is_noted_and_his_message_is_dead_at_once(
    api: BotApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    api.faults["sendMessage"] = lambda _: refusal(403, "Forbidden: bot was blocked by the user")
    owe(sessions, "Are you all right?")
    rounds()
    dead = message(sessions)
    assert (dead.status, dead.attempts) == ("dead", 1)
    assert "blocked the bot" in str(dead.last_error)
    with sessions() as session:
        assert session.scalars(select(Contact)).one().blocked is not None


def test_telegrams_wait_is_kept(
    api: BotApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    api.faults["sendMessage"] = failing(1, refusal(429, "Too Many Requests", retry_after=600))
    owe(sessions, "Are you all right?")
    before = datetime.now(UTC)
    rounds()
    held = message(sessions)
    assert held.status == "pending"
    assert held.due - before >= timedelta(seconds=590)
    rounds()
    assert api.sent() == []


def test_without_a_token_a_message_for_telegram_says_what_is_missing(
    settings: Settings, sessions: sessionmaker[Session]
) -> None:
    owe(sessions, "Are you all right?")
    methods = Methods.from_settings(settings, sessions=sessions)
    Worker(sessions, methods, now=lambda: datetime.now(UTC)).run_once()
    held = message(sessions)
    assert held.status == "pending"
    assert '"telegram" is connected' in str(held.last_error)


def test_an_outage_of_telegram_holds_up_no_web_chat() -> None:
    assert receiver_of("chat", recipient=ADDRESS) == "chat:telegram"
    assert receiver_of("chat", recipient="web:abc") == "chat:web"
