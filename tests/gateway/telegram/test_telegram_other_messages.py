"""What is not plain words: forwarded, edited, pictures, voices, groups."""

from __future__ import annotations

from typing import Any

import pytest
from gateway_servers import StandInForRasa

from tests.gateway.telegram.bot_api import CHEN, ME, BotApi

FILE = {
    "file_id": "f",
    "file_unique_id": "u",
    "duration": 3,
    "width": 9,
    "height": 9,
    "file_size": 9,
}
STICKER = {**FILE, "type": "regular", "is_animated": False, "is_video": False}
GROUP = {"id": -500, "type": "supergroup", "title": "Family"}
PLACE = {"latitude": 1.0, "longitude": 2.0}


def origin(kind: str, **fields: Any) -> dict[str, Any]:
    return {"forward_origin": {"type": kind, "date": 1, **fields}}


ORIGINS = [
    (
        origin("user", sender_user={**CHEN, "first_name": "Card", "last_name": "Centre"}),
        "Card Centre",
    ),
    (origin("hidden_user", sender_user_name="Officer “Li”\n/x"), "Officer Li x"),
    (
        origin("chat", sender_chat={"id": -1, "type": "group", "title": "Profit club"}),
        "Profit club",
    ),
    (
        origin("channel", message_id=1, chat={"id": -2, "type": "channel", "title": "Tax news"}),
        "Tax news",
    ),
]


@pytest.mark.parametrize(("fields", "name"), ORIGINS)
@pytest.mark.usefixtures("telegram")
def test_a_forwarded_message_is_checked_with_its_origin(
    api: BotApi, rasa: StandInForRasa, fields: dict[str, Any], name: str
) -> None:
    api.say("Your card is blocked, call now", **fields)
    api.until_sent(1)
    said = rasa.received[0]["message"]
    assert said == f"I got this message from “{name}”: Your card is blocked, call now"


@pytest.mark.usefixtures("telegram")
def test_a_forwarded_message_is_introduced_in_the_customers_language_without_a_name_too(
    api: BotApi, rasa: StandInForRasa
) -> None:
    chinese = {"from": {**CHEN, "language_code": "zh"}}
    api.say("您的包裹被扣", **origin("hidden_user", sender_user_name=" "), **chinese)
    api.until_sent(1)
    assert rasa.received[0]["message"] == "我收到一条消息：您的包裹被扣"


@pytest.mark.usefixtures("telegram")
def test_what_somebody_else_has_written_does_not_change_the_customers_language(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say("您的包裹被海关扣了", **origin("hidden_user", sender_user_name="海关"))
    api.until_sent(1)
    [asked] = rasa.received
    assert asked["message"] == "I got this message from “海关”: 您的包裹被海关扣了"
    assert asked["metadata"]["language"] == "en"


@pytest.mark.usefixtures("telegram")
def test_a_command_that_was_forwarded_commands_nothing(api: BotApi, rasa: StandInForRasa) -> None:
    api.say("/stop", **origin("hidden_user", sender_user_name="Caller"))
    api.until_sent(1)
    assert rasa.received[0]["message"] == "I got this message from “Caller”: stop"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"photo": [FILE]}, "look at pictures"),
        ({"voice": FILE}, "listen to recordings"),
        ({"video_note": {**FILE, "length": 9}}, "listen to recordings"),
        ({"document": FILE}, "do not open files"),
        ({"sticker": STICKER}, "only read words"),
        ({"contact": {"phone_number": "+86 101 0000 0099", "first_name": "Li"}}, "whose number"),
        ({"location": PLACE}, "where you are"),
        ({"venue": {"location": PLACE, "title": "t", "address": "a"}}, "where you are"),
        ({"dice": {"value": 1, "emoji": "x"}}, "only read words"),
    ],
)
@pytest.mark.usefixtures("telegram")
def test_what_we_cannot_read_is_answered_honestly(
    api: BotApi, rasa: StandInForRasa, fields: dict[str, Any], words: str
) -> None:
    api.say(**fields)
    [answer] = api.until_sent(1)
    assert words in answer.text
    assert rasa.received == []
    assert bool(answer.titles) is ("recordings" in words), "Who sends his voice can press."


@pytest.mark.usefixtures("telegram")
def test_the_words_beneath_a_picture_are_answered_and_it_is_said_that_the_picture_is_not(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.say(photo=[FILE], caption="they sent me this warrant")
    first, answer = api.until_sent(2)
    assert "go by the words" in first.text
    assert answer.text == "I hear you."
    assert rasa.received[0]["message"] == "they sent me this warrant"


@pytest.mark.usefixtures("telegram")
def test_an_album_is_answered_once(api: BotApi) -> None:
    for _ in range(3):
        api.say(photo=[FILE], media_group_id="7")
    api.say("done")
    assert api.until_sent(2)[1].text == "I hear you."
    assert len(api.sent()) == 2


@pytest.mark.usefixtures("telegram")
def test_an_edited_message_is_answered_by_what_it_says_now(
    api: BotApi, rasa: StandInForRasa
) -> None:
    update = api.say("They want 3000")
    api.until_sent(1)
    api.edit(update["message"], "They want 30000")
    assert "changed a message" in api.until_sent(3)[1].text
    assert [body["message"] for body in rasa.received] == ["They want 3000", "They want 30000"]


@pytest.mark.usefixtures("telegram")
def test_an_edited_command_and_a_place_that_moves_say_nothing(api: BotApi) -> None:
    update = api.say("hello")
    api.until_sent(1)
    api.edit(update["message"], "/stop")
    api.until(lambda: api.polled[-1] == 5002)
    assert len(api.sent()) == 1


@pytest.mark.usefixtures("telegram")
def test_groups_are_ignored(api: BotApi, rasa: StandInForRasa) -> None:
    api.say("they said I must pay", chat=-500)
    api.say("/help", chat=-500, **command(0, 5))
    api.say("hello in private")
    api.until_sent(1)
    assert api.sent(chat=-500) == []
    assert len(rasa.received) == 1


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (
            "@Second_Voice_Bot is this real?",
            {"entities": [{"type": "mention", "offset": 0, "length": 17}]},
        ),
        (
            "/help@second_voice_bot",
            {"entities": [{"type": "bot_command", "offset": 0, "length": 22}]},
        ),
        (
            "and this?",
            {"reply_to_message": {"message_id": 1, "date": 1, "chat": GROUP, "from": ME}},
        ),
    ],
)
@pytest.mark.usefixtures("telegram")
def test_who_addresses_us_in_a_group_is_asked_into_a_private_chat_once(
    api: BotApi, rasa: StandInForRasa, text: str, more: dict[str, Any]
) -> None:
    for _ in range(2):
        api.say(text, chat=-500, **more)
    api.say("private")
    api.until_sent(2)
    api.until(lambda: len(rasa.received) == 1)
    [invitation] = api.sent(chat=-500)
    assert "in private" in invitation.text
    assert invitation.buttons[0]["url"] == "https://t.me/second_voice_bot"


@pytest.mark.usefixtures("telegram")
def test_other_bots_and_service_messages_are_ignored(api: BotApi) -> None:
    api.say("I am a bot", **{"from": {**CHEN, "is_bot": True}})
    api.say(new_chat_title="x")
    api.say("a person")
    api.until_sent(1)
    assert api.texts() == ["I hear you."]


def command(offset: int, length: int) -> dict[str, Any]:
    return {"entities": [{"type": "bot_command", "offset": offset, "length": length}]}
