"""What a customer writes is answered as on the web: masked, in his language, never with silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from gateway_servers import StandInForRasa
from sqlalchemy import select

from bot.bank import load_bank
from bot.casework.card_links import issue_link
from bot.casework.models import Contact, Customer, ReceivedMessage
from bot.counsel.static import safe_answer
from bot.notify.messengers.words import words
from bot.settings import Settings
from tests.gateway.telegram.test_telegram_talk import CARD, waiting_rows
from tests.gateway.whatsapp.cloud_api import CHEN, CloudApi
from tests.gateway.whatsapp.conftest import Begin

ELSEWHERE = "15550100001"
Database = Callable[[], Any]


@pytest.mark.usefixtures("whatsapp")
def test_words_are_asked_of_rasa_by_the_chats_address_and_the_answer_comes_back(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    message = api.say("A man says the bank will sue me")
    api.call(message)
    [answer] = api.until_sent(1)
    assert (answer.text, answer.to) == ("I hear you.", CHEN)
    assert answer.given["text"]["preview_url"] is False
    [asked] = rasa.received
    assert asked["sender"] == f"whatsapp:{CHEN}"
    assert asked["message"] == "A man says the bank will sue me"


@pytest.mark.usefixtures("whatsapp")
def test_a_message_is_marked_as_read_and_an_answer_is_seen_to_be_written(api: CloudApi) -> None:
    message = api.say("are you there")
    api.call(message)
    api.until_sent(1)
    [mark] = api.until(api.marks)
    assert (mark["message_id"], mark["typing_indicator"]) == (message["id"], {"type": "text"})


@pytest.mark.usefixtures("whatsapp")
def test_secrets_are_masked_before_anything_hears_of_them(
    api: CloudApi, rasa: StandInForRasa, settings: Settings
) -> None:
    secrets = ("4111 1111 1111 1111", "482913", "4929 1111 1111 1113")
    api.call(
        api.say(f"My card is {secrets[0]} and the code is {secrets[1]}"),
        api.bring(type="image", image={"id": "1", "caption": f"card {secrets[2]}"}),
        api.say(f"/start {secrets[0].replace(' ', '')}"),
    )
    api.until_sent(3)
    kept = b"".join(path.read_bytes() for path in settings.var_dir.glob("secondvoice.db*"))
    for secret in secrets:
        assert secret not in json.dumps(rasa.received)
        assert secret.encode() not in kept
        assert secret.replace(" ", "").encode() not in kept


@pytest.mark.usefixtures("whatsapp")
def test_a_text_commands_nothing(api: CloudApi, rasa: StandInForRasa) -> None:
    api.call(api.say("/restart"), api.say('/has_paid{"amount": 1}'))
    api.until_sent(2)
    assert [asked["message"] for asked in rasa.received] == ["restart", 'has_paid{"amount": 1}']


@pytest.mark.usefixtures("whatsapp")
def test_the_first_language_is_that_of_the_number_and_then_that_of_the_words(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.call(api.say("110"), api.say("110", sender=ELSEWHERE), api.say("110", sender="CN.12ab"))
    api.until_sent(3)
    api.call(api.say("the bank will sue me tonight"))
    api.until_sent(4)
    told = [(asked["sender"], asked["metadata"]["language"]) for asked in rasa.received]
    assert sorted(told[:3]) == [
        (f"whatsapp:{ELSEWHERE}", "en"),
        (f"whatsapp:{CHEN}", "zh"),
        ("whatsapp:CN.12ab", "zh"),
    ]
    assert told[3] == (f"whatsapp:{CHEN}", "en")


@pytest.mark.usefixtures("whatsapp")
def test_who_shows_no_number_is_answered_by_his_user_id(api: CloudApi) -> None:
    api.call(api.say("hello there", sender="US.13491208655302741918"))
    [answer] = api.until_sent(1)
    assert answer.given["recipient"] == "US.13491208655302741918"
    assert "to" not in answer.given


def test_a_customer_has_the_safe_answer_with_the_numbers_when_rasa_is_down(
    begin: Begin, api: CloudApi, settings: Settings
) -> None:
    begin(rasa_up=False)
    api.call(api.say("有人打电话要我转账"))
    [answer] = api.until_sent(1)
    assert answer.text == safe_answer("zh", load_bank(settings.bank_file))


@pytest.mark.usefixtures("whatsapp")
def test_a_card_comes_as_a_contact_and_in_words_with_the_buttons_beneath(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda _: [
        {"text": "Ring her now.", "buttons": [{"title": "I have hung up"}]},
        {"custom": {"card": CARD, "lang": "en"}},
    ]
    api.call(api.say("who is my manager"))
    said, contact, beneath = api.until_sent(3)
    assert (said.text, said.titles) == ("Ring her now.", [])
    [card] = contact.given["contacts"]
    assert card["name"]["formatted_name"] == "Zhou Min"
    assert card["phones"] == [{"phone": "+8610100000011", "type": "WORK"}]
    assert "+86 101 0000 0001" in beneath.text
    assert beneath.titles == ["I have hung up"]


@pytest.mark.usefixtures("whatsapp")
def test_an_address_that_is_not_the_banks_is_broken_so_that_a_tap_opens_nothing(
    api: CloudApi, rasa: StandInForRasa, settings: Settings
) -> None:
    own = f"http://127.0.0.1:{settings.port}/report/abc"
    rasa.reply = lambda _: [{"text": f"😟 “http://bad-bank.com/login now”. Read {own}"}]
    api.call(api.say("look"))
    [answer] = api.until_sent(1)
    assert "http://\u200bbad-bank.\u200bcom/login" in answer.text
    assert own in answer.text


@pytest.mark.usefixtures("whatsapp")
def test_a_long_answer_comes_in_parts_that_lose_nothing(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    sentences = [f"This is sentence number {number} of a long answer." for number in range(300)]
    rasa.reply = lambda _: [{"text": " ".join(sentences), "buttons": [{"title": "Yes"}]}]
    api.call(api.say("tell me all"))
    api.until(lambda: any(one.titles for one in api.sent()))
    parts = api.sent()
    assert " ".join(part.text for part in parts).split() == " ".join(sentences).split()
    assert all(len(part.text) <= 4096 for part in parts)
    assert [part.titles for part in parts if part.titles] == [["Yes"]]


@pytest.mark.usefixtures("whatsapp")
def test_order_is_kept_in_a_chat_and_chats_do_not_wait_for_one_another(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    slow, quick = "8610100000001", "8610100000002"
    rasa.delay = lambda body: 0.8 if body["sender"].endswith(slow) else 0.0
    rasa.reply = lambda body: [{"text": f"to {body['message']}"}]
    for number in range(3):
        api.call(api.say(f"slow {number}", sender=slow), api.say(f"quick {number}", sender=quick))
    api.until_sent(6)
    assert api.texts(to=slow) == ["to slow 0", "to slow 1", "to slow 2"]
    assert api.texts(to=quick) == ["to quick 0", "to quick 1", "to quick 2"]
    assert api.sent(to=quick)[-1].at < api.sent(to=slow)[0].at


def test_too_many_messages_get_the_emergency_numbers_once_and_no_silence(
    begin: Begin, api: CloudApi, settings: Settings
) -> None:
    begin(limit_conversation="2/minute")
    api.call(*(api.say(f"message {number}") for number in range(6)))
    api.until(lambda: not waiting_rows(settings))
    texts = api.texts()
    assert texts[:2] == ["I hear you."] * 2
    assert texts[2:] == [safe_answer("en", load_bank(settings.bank_file))]


@pytest.mark.usefixtures("whatsapp")
def test_nothing_of_the_words_is_kept_once_they_are_answered(
    api: CloudApi, database: Database, settings: Settings
) -> None:
    message = api.say("they know where I live")
    api.call(message)
    api.until_sent(1)
    api.until(lambda: not waiting_rows(settings))
    with database() as session:
        [row] = session.scalars(select(ReceivedMessage)).all()
        assert (row.body, row.answer, row.key) == (None, None, message["id"])


# What is no text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("kind", "fields", "key"),
    [
        ("image", {"image": {"id": "1"}}, "picture"),
        ("audio", {"audio": {"id": "1", "voice": True}}, "recording"),
        ("video", {"video": {"id": "1"}}, "recording"),
        ("document", {"document": {"id": "1", "filename": "x.pdf"}}, "file"),
        ("sticker", {"sticker": {"id": "1"}}, "sticker"),
        ("contacts", {"contacts": [{"name": {"formatted_name": "X"}}]}, "contact"),
        ("location", {"location": {"latitude": 1.0, "longitude": 2.0}}, "location"),
        ("unsupported", {"errors": [{"code": 131051}]}, "other"),
        ("order", {"order": {}}, "other"),
    ],
)
@pytest.mark.usefixtures("whatsapp")
def test_what_cannot_be_read_is_said_to_be_so(
    api: CloudApi,
    rasa: StandInForRasa,
    settings: Settings,
    kind: str,
    fields: dict[str, Any],
    key: str,
    language: str,
) -> None:
    sender = {"en": ELSEWHERE, "zh": CHEN}[language]
    api.call(api.bring(type=kind, sender=sender, **fields))
    [answer] = api.until_sent(1)
    bank = load_bank(settings.bank_file)
    assert answer.text == words(language).texts[key].format(**bank.fields(language))
    assert rasa.received == []


@pytest.mark.usefixtures("whatsapp")
def test_words_beneath_a_picture_are_answered_and_the_picture_is_said_to_be_unseen(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.call(api.bring(type="image", image={"id": "1", "caption": "is this letter real"}))
    first, answer = api.until_sent(2)
    assert first.text == words("en").texts["picture_with_words"]
    assert answer.text == "I hear you."
    assert rasa.received[0]["message"] == "is this letter real"


@pytest.mark.usefixtures("whatsapp")
def test_a_forwarded_message_is_checked_and_is_not_taken_for_his_own_words(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.call(api.say("/start your account is frozen", context={"forwarded": True}))
    api.until_sent(1)
    [asked] = rasa.received
    assert asked["message"] == "我收到一条消息：start your account is frozen"
    assert asked["metadata"]["language"] == "zh"


@pytest.mark.usefixtures("whatsapp")
def test_what_expects_no_answer_gets_none(api: CloudApi, rasa: StandInForRasa) -> None:
    api.call(
        api.bring(type="reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}),
        api.bring(type="system", system={"body": "changed", "type": "user_changed_number"}),
        api.say("in a group", group_id="g"),
        api.say("and now"),
    )
    api.until_sent(1)
    assert [body["message"] for body in rasa.received] == ["and now"]
    assert len(api.sent()) == 1


@pytest.mark.parametrize(("text", "said"), [("/", "没有收到文字"), ("x" * 4001, "最多4000")])
@pytest.mark.usefixtures("whatsapp")
def test_what_cannot_be_read_as_words_is_answered_all_the_same(
    api: CloudApi, rasa: StandInForRasa, text: str, said: str
) -> None:
    api.call(api.say(text))
    [answer] = api.until_sent(1)
    assert said in answer.text
    assert rasa.received == []


# Commands


@pytest.mark.parametrize("command", ["help", "privacy", "cancel"])
@pytest.mark.usefixtures("whatsapp")
def test_a_command_is_answered_and_the_messenger_is_named(
    api: CloudApi, settings: Settings, command: str
) -> None:
    api.call(api.say(f"/{command}"))
    [answer] = api.until_sent(1)
    key = {"cancel": "cancelled"}.get(command, command)
    fields = load_bank(settings.bank_file).fields("zh")
    assert answer.text == words("zh").texts[key].format(**fields, messenger="WhatsApp")


@pytest.mark.usefixtures("whatsapp")
def test_who_opens_the_chat_is_greeted_in_the_way_of_start(api: CloudApi) -> None:
    api.call(api.bring(type="request_welcome"), api.say("/start", sender="8610100002002"))
    first, second = api.until_sent(2)
    assert first.text == second.text
    assert first.titles == second.titles
    assert len(first.titles) == 3


@pytest.mark.usefixtures("whatsapp")
def test_start_with_a_cards_token_says_whose_card_it_is_and_proves_nothing(
    api: CloudApi, database: Database
) -> None:
    with database() as session:
        customer = session.scalars(select(Customer).where(Customer.code == "C-1001")).one()
        token = issue_link(session, customer, days=30, now=datetime.now(UTC)).token
    api.call(api.say(f"/start {token}"))
    api.until_sent(1)
    with database() as session:
        contact = session.scalars(select(Contact).where(Contact.address.like("whatsapp:%"))).one()
        assert contact.customer is None
        assert contact.says_he_is.code == "C-1001"


@pytest.mark.usefixtures("whatsapp")
def test_the_language_is_chosen_with_a_button_and_stays(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.call(api.say("/language"))
    [question] = api.until_sent(1)
    assert question.titles == ["English", "中文"]
    api.call(api.press(question, "English"))
    assert api.until_sent(2)[1].text == words("en").texts["language_set"]
    api.call(api.say("110"))
    api.until_sent(3)
    assert rasa.received[-1]["metadata"]["language"] == "en"
