"""What a customer writes is answered as on the web: masked, in his language, never with silence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from gateway_servers import StandInForRasa

from bot.bank import load_bank
from bot.casework.models import ReceivedMessage
from bot.counsel.static import safe_answer
from bot.settings import Settings
from tests.gateway.telegram.bot_api import BotApi
from tests.gateway.telegram.conftest import Begin

CARD = {
    "kind": "manager",
    "name": "Zhou Min",
    "title": "Account manager",
    "branch": "Harbour branch",
    "mobile": "+86 101 0000 0011",
    "backup": "+86 101 0000 0001",
    "hours": "Day and night",
    "language": "en",
}


@pytest.mark.usefixtures("telegram")
def test_words_are_asked_of_rasa_by_the_chats_address_and_the_answer_comes_back(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("A man says the bank will sue me")
    [answer] = api.until_sent(1)
    assert (answer.text, answer.given["chat_id"]) == ("I hear you.", "1001")
    [asked] = rasa.received
    assert asked["sender"] == "telegram:1001"
    assert asked["message"] == "A man says the bank will sue me"
    assert api.sent("sendChatAction")[0].given["action"] == "typing"


@pytest.mark.usefixtures("telegram")
def test_secrets_are_masked_before_anything_hears_of_them(
    api: BotApi, rasa: StandInForRasa, settings: Settings
) -> None:
    api.say("My card is 4111 1111 1111 1111 and the code is 482913")
    api.until_sent(1)
    [asked] = rasa.received
    kept = b"".join(path.read_bytes() for path in settings.var_dir.glob("secondvoice.db*"))
    for secret in ("4111 1111 1111 1111", "482913"):
        assert secret not in str(asked)
        assert secret.encode() not in kept


@pytest.mark.usefixtures("telegram")
def test_a_text_commands_nothing(api: BotApi, rasa: StandInForRasa) -> None:
    api.say("/restart")
    api.say('/has_paid{"amount": 1}')
    api.until_sent(2)
    assert [asked["message"] for asked in rasa.received] == ["restart", 'has_paid{"amount": 1}']


@pytest.mark.usefixtures("telegram")
def test_the_first_language_is_that_of_the_device_and_then_that_of_the_words(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say(
        "110",
        **{"from": {"id": 1001, "is_bot": False, "first_name": "W", "language_code": "zh-hans"}},
    )
    api.until_sent(1)
    api.say("the bank will sue me tonight")
    api.until_sent(2)
    languages = [asked["metadata"]["language"] for asked in rasa.received]
    assert languages == ["zh", "en"]


def test_the_language_is_remembered_over_a_restart(
    begin: Begin, api: BotApi, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda body: [
        {"text": "我在听。" if body["metadata"]["language"] == "zh" else "Yes."}
    ]
    first = begin()
    api.say("他们说要起诉我")
    api.until_sent(1)
    first.end()
    begin()
    api.say("ok")
    assert [call.text for call in api.until_sent(2)] == ["我在听。", "我在听。"]


def test_a_customer_has_the_safe_answer_with_the_numbers_when_rasa_is_down(
    begin: Begin, api: BotApi, settings: Settings
) -> None:
    begin(rasa_up=False)
    api.say("有人打电话要我转账")
    [answer] = api.until_sent(1)
    bank = load_bank(settings.bank_file)
    assert answer.text == safe_answer("zh", bank)
    assert bank.hotline in answer.text
    assert "110" in answer.text


@pytest.mark.usefixtures("telegram")
def test_a_card_comes_as_a_contact_with_its_vcard_and_in_words(
    api: BotApi, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda _: [
        {"text": "Ring her now.", "buttons": [{"title": "I have hung up"}]},
        {"custom": {"card": CARD, "lang": "en"}},
    ]
    api.say("who is my manager")
    words, contact, beneath = api.until_sent(3)
    assert words.text == "Ring her now."
    assert contact.method == "sendContact"
    assert contact.given["phone_number"] == "+8610100000011"
    assert contact.given["first_name"] == "Zhou Min"
    assert contact.given["vcard"].startswith("BEGIN:VCARD\r\nVERSION:3.0")
    assert "+86 101 0000 0001" in beneath.text
    assert "your bank's own records" in beneath.text
    assert beneath.titles == ["I have hung up"], "The buttons stand beneath the last words."


@pytest.mark.usefixtures("telegram")
def test_a_long_answer_is_split_at_sentences_and_nothing_is_lost(
    api: BotApi, rasa: StandInForRasa
) -> None:
    sentence = "They will ring again tonight and say that the police are on their way. "
    rasa.reply = lambda _: [{"text": sentence * 120, "buttons": [{"title": "Yes"}]}]
    api.say("what now")
    calls = api.until_sent(3)
    assert " ".join(call.text for call in calls) == (sentence * 120).strip()
    assert all(call.text.endswith(".") for call in calls)
    assert [call.titles for call in calls] == [[], [], ["Yes"]]


@pytest.mark.usefixtures("telegram")
def test_an_address_that_is_not_the_banks_cannot_be_tapped(
    api: BotApi, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda _: [{"text": "😟 You said “pay at bad-bank.com/login now”."}]
    api.say("look")
    [answer] = api.until_sent(1)
    [entity] = answer.given["entities"]
    start, size = entity["offset"] * 2, entity["length"] * 2
    dead = answer.text.encode("utf-16-le")[start : start + size].decode("utf-16-le")
    assert (entity["type"], dead) == ("code", "bad-bank.com/login")
    assert answer.given["link_preview_options"]["is_disabled"] is True


@pytest.mark.usefixtures("telegram")
def test_order_is_kept_in_a_chat_and_chats_do_not_wait_for_one_another(
    api: BotApi, rasa: StandInForRasa
) -> None:
    rasa.delay = lambda body: 0.8 if body["sender"] == "telegram:1" else 0.0
    rasa.reply = lambda body: [{"text": f"to {body['message']}"}]
    for number in range(3):
        api.say(f"slow {number}", chat=1)
        api.say(f"quick {number}", chat=2)
    api.until_sent(6)
    assert api.texts(chat=1) == ["to slow 0", "to slow 1", "to slow 2"]
    assert api.texts(chat=2) == ["to quick 0", "to quick 1", "to quick 2"]
    last_quick, first_slow = api.sent(chat=2)[-1], api.sent(chat=1)[0]
    assert last_quick.at < first_slow.at


def test_too_many_messages_get_the_emergency_numbers_once_and_no_silence(
    begin: Begin, api: BotApi, settings: Settings
) -> None:
    begin(limit_conversation="2/minute")
    for number in range(6):
        api.say(f"message {number}")
    api.say("somebody else", chat=2002)
    api.until_sent(1, chat=2002)
    api.until(lambda: not waiting_rows(settings))
    texts = api.texts(chat=1001)
    assert texts[:2] == ["I hear you."] * 2
    assert texts[2:] == [safe_answer("en", load_bank(settings.bank_file))]


@pytest.mark.usefixtures("telegram")
def test_nothing_of_the_words_is_kept_once_they_are_answered(
    api: BotApi, database: Callable[[], Any], settings: Settings
) -> None:
    api.say("they know where I live")
    api.until_sent(1)
    api.until(lambda: not waiting_rows(settings))
    with database() as session:
        [row] = session.query(ReceivedMessage).all()
        assert (row.body, row.answer, row.key) == (None, None, "5000")


@pytest.mark.parametrize(("text", "words"), [("/", "no words"), ("x" * 4001, "at most 4000")])
@pytest.mark.usefixtures("telegram")
def test_what_cannot_be_read_as_words_is_answered_all_the_same(
    api: BotApi, rasa: StandInForRasa, text: str, words: str
) -> None:
    api.say(text)
    [answer] = api.until_sent(1)
    assert words in answer.text
    assert rasa.received == []


def waiting_rows(settings: Settings) -> int:
    """How many messages have not been answered."""
    with closing(sqlite3.connect(settings.var_dir / "secondvoice.db")) as connection:
        query = "select count(*) from received_messages where done is null"
        return int(connection.execute(query).fetchone()[0])
