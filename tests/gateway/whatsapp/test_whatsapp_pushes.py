"""What comes by itself: sent while the window is open, then in a template, or dead and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gateway_servers import StandInForRasa
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import received
from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.casework.models import OutboxMessage
from bot.casework.pushes import push
from bot.notify import Methods
from bot.settings import Settings
from bot.worker import Worker
from tests.gateway.telegram.test_telegram_talk import CARD
from tests.gateway.whatsapp.cloud_api import CHEN, CloudApi, failing, refusal
from tests.gateway.whatsapp.conftest import Begin

ADDRESS = f"whatsapp:{CHEN}"
Rounds = Callable[..., None]


@pytest.fixture
def sessions(settings: Settings) -> Any:
    engine = make_engine(settings.effective_database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def rounds(
    settings: Settings, whatsapp_settings: dict[str, Any], sessions: sessionmaker[Session]
) -> Rounds:
    """Lets a worker do a round, a minute after the last one."""
    clock = [datetime.now(UTC)]

    def one_round(**changes: Any) -> None:
        changed = settings.model_copy(update={**whatsapp_settings, **changes})
        methods = Methods.from_settings(changed, sessions=sessions)
        Worker(sessions, methods, now=lambda: clock[0]).run_once()
        clock[0] += timedelta(minutes=1)

    return one_round


def wrote(sessions: sessionmaker[Session], *, hours_ago: float) -> None:
    """The customer wrote so long ago."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    with sessions.begin() as session:
        received.keep(session, "whatsapp", [(f"wamid.{hours_ago}", ADDRESS, {})], now=at)


def owe(sessions: sessionmaker[Session], text: str, **more: Any) -> None:
    now = datetime.now(UTC) - timedelta(minutes=1)
    with sessions.begin() as session:
        contact = contact_for(session, ADDRESS, language="en", now=now)
        said = {"lang": "en", **more}
        push(session, contact, dedupe_key=f"test:{text}", text=text, now=now, **said)


def message(sessions: sessionmaker[Session]) -> OutboxMessage:
    with sessions() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_follow_up_arrives_with_buttons_that_can_be_pressed(
    begin: Begin,
    api: CloudApi,
    sessions: sessionmaker[Session],
    rounds: Rounds,
    rasa: StandInForRasa,
) -> None:
    begin()
    api.call(api.say("they called"))
    api.until_sent(1)
    owe(sessions, "Are you all right?", buttons=["I am fine", "They called again"])
    rounds()
    question = api.until_sent(2)[1]
    assert (question.text, question.titles) == (
        "Are you all right?",
        ["I am fine", "They called again"],
    )
    api.call(api.press(question, "They called again"))
    api.until_sent(3)
    assert rasa.received[-1]["message"] == "They called again"
    assert message(sessions).status == "sent"


@pytest.mark.parametrize("hours_ago", [24, 25, 100])
def test_after_24_hours_without_a_template_the_message_is_dead_at_once_and_says_why(
    api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds, hours_ago: float
) -> None:
    wrote(sessions, hours_ago=hours_ago)
    owe(sessions, "Are you all right?")
    rounds()
    dead = message(sessions)
    assert (dead.status, dead.attempts, api.sent()) == ("dead", 1, [])
    assert "24 hours" in str(dead.last_error)
    assert "SECONDVOICE_WHATSAPP_TEMPLATE" in str(dead.last_error)


def test_who_has_never_written_is_not_written_to(
    api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    owe(sessions, "Are you all right?")
    rounds()
    assert (message(sessions).status, api.sent()) == ("dead", [])


def test_within_24_hours_it_is_sent(
    api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    wrote(sessions, hours_ago=30)
    wrote(sessions, hours_ago=23)
    owe(sessions, "Are you all right?")
    rounds(whatsapp_template="follow_up")
    assert [one.kind for one in api.sent()] == ["text"]


@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("zh", "zh_CN")])
def test_after_24_hours_a_template_carries_the_words_and_the_answers_once(
    api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds, lang: str, code: str
) -> None:
    wrote(sessions, hours_ago=30)
    owe(sessions, "Are you\n\nall right?", lang=lang, buttons=["I am fine", "No"])
    rounds(whatsapp_template="follow_up")
    rounds(whatsapp_template="follow_up")
    [sent] = api.sent()
    template = sent.given["template"]
    assert (template["name"], template["language"]["code"]) == ("follow_up", code)
    [parameter] = template["components"][0]["parameters"]
    assert parameter["text"] == "Are you all right? (I am fine / No)"
    assert message(sessions).status == "sent"


def test_what_has_arrived_is_not_sent_again_when_a_later_part_has_not(
    api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    wrote(sessions, hours_ago=1)
    failed: list[bool] = []

    def once(given: dict[str, Any]) -> Any:
        if given.get("type") != "contacts" or failed:
            return None
        failed.append(True)
        return refusal(131000, status=500)

    api.fault = once
    owe(sessions, "Read.", card=CARD)
    rounds()
    assert message(sessions).status == "pending"
    rounds()
    assert [one.kind for one in api.sent()] == ["text", "contacts", "text"]
    assert message(sessions).status == "sent"


def test_metas_wait_is_kept(api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds) -> None:
    wrote(sessions, hours_ago=1)
    api.fault = failing(1, refusal(130429, status=429, headers={"Retry-After": "600"}))
    owe(sessions, "Are you all right?")
    before = datetime.now(UTC)
    rounds()
    held = message(sessions)
    assert held.status == "pending"
    assert held.due - before >= timedelta(seconds=590)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (131026, "dead", "does not reach the customer"),
        (131047, "dead", "24 hours"),
        (190, "pending", "SECONDVOICE_WHATSAPP_TOKEN"),
        (33, "pending", "SECONDVOICE_WHATSAPP_PHONE_NUMBER_ID"),
        (131031, "pending", "locked"),
        (132001, "pending", "SECONDVOICE_WHATSAPP_TEMPLATE"),
        (131056, "pending", "slow down"),
    ],
)
def test_each_refusal_says_what_to_do(
    api: CloudApi,
    sessions: sessionmaker[Session],
    rounds: Rounds,
    code: int,
    status: str,
    words: str,
) -> None:
    wrote(sessions, hours_ago=1)
    api.fault = lambda _: refusal(code)
    owe(sessions, "Are you all right?")
    rounds()
    held = message(sessions)
    assert held.status == status
    assert words in str(held.last_error)


def test_what_meta_took_and_did_not_bring_is_dead_and_can_be_sent_again(
    begin: Begin, api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    begin()
    wrote(sessions, hours_ago=1)
    owe(sessions, "Are you all right?")
    rounds()
    [sent] = api.sent()
    assert api.fail(sent, code=131047).status_code == 200
    dead = message(sessions)
    assert dead.status == "dead"
    assert "24 hours" in str(dead.last_error)
    with sessions.begin() as session:
        session.scalars(select(OutboxMessage)).one().status = "pending"
    rounds()
    assert api.texts() == ["Are you all right?"] * 2


def test_a_failure_that_is_told_before_the_sending_is_noted_is_told_again(
    begin: Begin, api: CloudApi, sessions: sessionmaker[Session], rounds: Rounds
) -> None:
    begin()
    wrote(sessions, hours_ago=1)
    owe(sessions, "Are you all right?")
    rounds()
    [sent] = api.sent()
    with sessions.begin() as session:
        session.scalars(select(OutboxMessage)).one().status = "pending"
    assert api.fail(sent, code=131026).status_code == 503
