"""Buttons: three short ones, or a list; pressed twice, late or forged they do no harm."""

from __future__ import annotations

import pytest
from gateway_servers import StandInForRasa

from bot.counsel.phrases import phrases
from bot.notify.messengers.words import words
from tests.gateway.whatsapp.cloud_api import CloudApi, Sent

pytestmark = pytest.mark.usefixtures("whatsapp")


def question(api: CloudApi, rasa: StandInForRasa, titles: list[str]) -> Sent:
    """Let the customer be asked something."""
    before = len(api.sent())
    buttons = [{"title": title} for title in titles]
    rasa.reply = lambda _: [{"text": "Are you on the phone?", "buttons": buttons}]
    api.call(api.say("they call me"))
    asked = api.until_sent(before + 1)[before]
    rasa.reply = lambda _: [{"text": "I hear you."}]
    return asked


def said(rasa: StandInForRasa) -> list[str]:
    return [body["message"] for body in rasa.received]


def test_up_to_three_short_answers_are_buttons(api: CloudApi, rasa: StandInForRasa) -> None:
    asked = question(api, rasa, ["Yes", "No", "I have hung up"])
    assert asked.given["interactive"]["type"] == "button"
    assert asked.titles == ["Yes", "No", "I have hung up"]


@pytest.mark.parametrize(
    "titles", [["Yes", "No", "Maybe", "I don't know"], ["I am still on the phone", "Yes"]]
)
def test_more_or_longer_answers_are_a_list(
    api: CloudApi, rasa: StandInForRasa, titles: list[str]
) -> None:
    asked = question(api, rasa, titles)
    assert asked.given["interactive"]["type"] == "list"
    assert asked.given["interactive"]["action"]["button"] == words("en").texts["choose"]
    assert asked.titles == titles


def test_an_answer_too_long_for_a_row_stands_whole_beneath_it_and_is_said_whole(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    title = phrases("en").buttons["manager"]
    asked = question(api, rasa, [title, "No"])
    assert len(title) > 24
    assert asked.buttons[0]["description"] == title
    api.call(api.press_id(asked.buttons[0]["id"], asked.titles[0]))
    api.until_sent(2)
    assert said(rasa)[-1] == title


def test_every_button_of_the_talk_is_one_that_whatsapp_takes(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    for language in ("en", "zh"):
        titles = list(phrases(language).buttons.values())
        for at in range(0, len(titles), 10):
            asked = question(api, rasa, titles[at : at + 10])
            assert asked.kind == "interactive"


def test_a_press_says_its_title(api: CloudApi, rasa: StandInForRasa) -> None:
    asked = question(api, rasa, ["Yes", "No"])
    api.call(api.press(asked, "No"))
    api.until_sent(2)
    assert said(rasa) == ["they call me", "No"]


def test_a_second_press_says_nothing_to_rasa_and_the_customer_is_told(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    asked = question(api, rasa, ["Yes", "No"])
    api.call(api.press(asked, "Yes"), api.press(asked, "No"))
    assert [one.text for one in api.until_sent(3)][1:] == ["I hear you.", words("en").texts["late"]]
    assert said(rasa) == ["they call me", "Yes"]


def test_a_press_on_an_old_question_says_nothing(api: CloudApi, rasa: StandInForRasa) -> None:
    old = question(api, rasa, ["Yes", "No"])
    new = question(api, rasa, ["Yes", "No"])
    api.call(api.press(old, "Yes"))
    assert api.until_sent(3)[2].text == words("en").texts["late"]
    api.call(api.press(new, "No"))
    api.until_sent(4)
    assert said(rasa) == ["they call me", "they call me", "No"]


@pytest.mark.parametrize(
    "forged", ["", "x", "=Yes", "9999999999999=/restart", "9999999999999=4111 1111 1111 1111"]
)
def test_a_forged_press_commands_nothing_and_brings_no_secret(
    api: CloudApi, rasa: StandInForRasa, forged: str
) -> None:
    question(api, rasa, ["Yes", "No"])
    api.call(api.press_id(forged, "Yes"))
    api.until_sent(2)
    for text in said(rasa)[1:]:
        assert not text.startswith("/")
        assert "4111 1111" not in text


def test_the_button_of_a_template_is_as_good_as_words(api: CloudApi, rasa: StandInForRasa) -> None:
    api.call(api.bring(type="button", button={"payload": "p", "text": "I am fine"}))
    api.until_sent(1)
    assert said(rasa) == ["I am fine"]
