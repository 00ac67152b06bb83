"""The commands, in both languages: each answered in words, and obeyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gateway_servers import StandInForRasa
from sqlalchemy import select

from bot.bank import load_bank
from bot.casework.card_links import issue_link, revoke_links
from bot.casework.cases import case_for, find_open_case, record_assessment
from bot.casework.contacts import contact_for
from bot.casework.follow_ups import plan_follow_ups, planned
from bot.casework.models import Contact, Customer, OutboxMessage
from bot.counsel.phrases import phrases
from bot.notify.messengers.words import words
from bot.settings import Settings
from tests.casework.builders import frightened
from tests.gateway.telegram.bot_api import CHEN, BotApi

ADDRESS = "telegram:1001"
Database = Callable[[], Any]


def zh(chat: int = 1001) -> dict[str, Any]:
    return {"from": {**CHEN, "id": chat, "language_code": "zh-hans"}}


@pytest.mark.usefixtures("telegram")
def test_telegram_shows_the_commands_in_every_language(api: BotApi) -> None:
    api.say("/help")
    api.until_sent(1)
    told = {
        call.given.get("language_code"): call.given["commands"]
        for call in api.sent("setMyCommands")
    }
    assert set(told) == {None, "en", "zh"}
    names = {"start", "help", "language", "contact", "cancel", "stop", "privacy"}
    for commands in told.values():
        assert {one["command"] for one in commands} == names
    assert told["zh"] != told["en"] == told[None]


@pytest.mark.usefixtures("telegram")
def test_start_greets_in_the_devices_language_with_buttons_that_the_talk_knows(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("/start", **zh())
    [answer] = api.until_sent(1)
    assert "发生了什么事" in answer.text
    assert answer.titles == [phrases("zh").buttons[key] for key in ("still_on", "paid", "person")]
    assert rasa.received == []


@pytest.mark.usefixtures("telegram")
def test_start_with_a_cards_token_says_whose_card_it_is_and_proves_nothing(
    api: BotApi, database: Database
) -> None:
    api.say(f"/start {card(database)}")
    [answer] = api.until_sent(1)
    assert "no longer in use" not in answer.text
    with database() as session:
        contact = session.scalars(select(Contact).where(Contact.address == ADDRESS)).one()
        assert contact.customer is None
        assert contact.says_he_is.code == "C-1001"


@pytest.mark.usefixtures("telegram")
def test_start_with_a_card_that_is_no_longer_good_is_told_so_and_served_all_the_same(
    api: BotApi, database: Database
) -> None:
    token = card(database)
    with database() as session:
        revoke_links(session, token, now=datetime.now(UTC))
    api.say(f"/start {token}")
    api.say("/start nonsense", chat=2002)
    for call in api.until_sent(2):
        assert "That card is no longer in use" in call.text
        assert "What has happened?" in call.text
        assert call.titles
    with database() as session:
        assert not any(contact.says_he_is for contact in session.scalars(select(Contact)))


@pytest.mark.usefixtures("telegram")
def test_a_number_typed_behind_start_is_not_kept(api: BotApi, settings: Settings) -> None:
    api.say("/start 4111111111111111")
    api.until_sent(1)
    kept = b"".join(path.read_bytes() for path in settings.var_dir.glob("secondvoice.db*"))
    assert b"4111111111111111" not in kept


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", ["help", "privacy", "cancel"])
@pytest.mark.usefixtures("telegram")
def test_a_command_is_answered_in_words_of_the_chats_language(
    api: BotApi, settings: Settings, command: str, language: str
) -> None:
    api.say(f"/{command}", **(zh() if language == "zh" else {}))
    [answer] = api.until_sent(1)
    key = {"cancel": "cancelled"}.get(command, command)
    bank = load_bank(settings.bank_file)
    assert answer.text == words(language).texts[key].format(
        **bank.fields(language), messenger="Telegram"
    )


def test_help_names_every_command_but_those_that_everybody_knows() -> None:
    for language in ("en", "zh"):
        found = words(language)
        named = {name for name in found.commands if f"/{name}" in found.texts["help"]}
        assert named == set(found.commands) - {"start", "help"}


@pytest.mark.usefixtures("telegram")
def test_contact_asks_for_the_manager_in_the_same_way_as_words_do(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("/contact")
    api.say("/contact", chat=2002, **zh(2002))
    api.until_sent(2)
    asked = {body["sender"]: body["message"] for body in rasa.received}
    assert asked == {
        "telegram:1001": "What is my account manager's number?",
        "telegram:2002": "我的客户经理电话是多少？",
    }


@pytest.mark.parametrize("command", ["/language", "/settings"])
@pytest.mark.usefixtures("telegram")
def test_the_language_is_chosen_with_a_button_and_kept(
    api: BotApi, rasa: StandInForRasa, command: str
) -> None:
    api.say(command)
    [question] = api.until_sent(1)
    assert question.titles == ["English", "中文"]
    api.press(api.number_of(question), "中文")
    assert api.until_sent(2)[1].text == "好的，我们说中文。"
    api.say("ok")
    api.until_sent(3)
    assert rasa.received[0]["metadata"]["language"] == "zh"


@pytest.mark.usefixtures("telegram")
def test_stop_ends_follow_ups_and_tells_the_responsible_person_and_start_takes_it_back(
    api: BotApi, database: Database
) -> None:
    danger(database)
    api.say("/stop")
    assert "not write by myself any more" in api.until_sent(1)[0].text
    with database() as session:
        case = find_open_case(session, ADDRESS)
        assert case.follow_ups_stopped
        assert planned(session, case) == []
        [told] = session.scalars(select(OutboxMessage)).all()
        assert told.recipient == "D-01"
    api.say("/start")
    assert "write to you again" in api.until_sent(2)[1].text
    with database() as session:
        case = find_open_case(session, ADDRESS)
        assert not case.follow_ups_stopped
        assert planned(session, case)


@pytest.mark.usefixtures("telegram")
def test_stop_without_a_case_says_nothing_of_the_bank(api: BotApi) -> None:
    api.say("/stop")
    assert api.until_sent(1)[0].text.startswith("I will not write by myself. You can")


def test_stop_is_obeyed_while_rasa_is_down(begin: Any, api: BotApi, database: Database) -> None:
    danger(database)
    begin(rasa_up=False)
    api.say("/stop")
    api.until_sent(1)
    with database() as session:
        assert find_open_case(session, ADDRESS).follow_ups_stopped


@pytest.mark.usefixtures("telegram")
def test_a_command_is_known_with_the_bots_name_and_in_capitals(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("/HELP@second_voice_bot now")
    assert "/contact" in api.until_sent(1)[0].text
    assert rasa.received == []


@pytest.mark.usefixtures("telegram")
def test_after_cancel_the_next_words_answer_no_question_whatever_comes_between(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("they call me")
    api.say("/cancel")
    api.say("/help")
    api.say("yes")
    api.say("and no")
    api.until_sent(5)
    left = {body["message"]: body["metadata"].get("question_left") for body in rasa.received}
    assert left == {"they call me": None, "yes": True, "and no": None}


@pytest.mark.usefixtures("telegram")
def test_leaving_a_question_leaves_those_of_others_alone(api: BotApi, rasa: StandInForRasa) -> None:
    api.say("/cancel")
    api.until_sent(1)
    api.say("yes", chat=2002)
    api.until_sent(2)
    assert "question_left" not in rasa.received[0]["metadata"]


def card(database: Database) -> str:
    with database() as session:
        customer = session.scalars(select(Customer).where(Customer.code == "C-1001")).one()
        token: str = issue_link(session, customer, days=30, now=datetime.now(UTC)).token
        return token


def danger(database: Database) -> None:
    """A case in which the customer is on the line, with follow-ups planned."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    with database() as session:
        contact_for(session, ADDRESS, language="en", now=now)
        case = case_for(session, ADDRESS, language="en", now=now)
        record_assessment(session, case, assessment=frightened(exposure="engaged"), now=now)
        assert plan_follow_ups(session, case, now=now, again=True)
