"""Buttons: a press says its title; pressed twice or late it does no harm."""

from __future__ import annotations

from typing import Any

import pytest
from gateway_servers import StandInForRasa

from tests.gateway.telegram.bot_api import BotApi, failing, refusal
from tests.gateway.telegram.conftest import Begin

LONG = "可疑收款方名称特别长特别长特别长特别长特别长有限公司"


@pytest.fixture
def question(begin: Begin, api: BotApi, rasa: StandInForRasa) -> int:
    """A question with buttons has been asked; its number."""
    begin()
    rasa.reply = lambda body: [
        {
            "text": f"Heard {body['message']}.",
            "buttons": [{"title": t} for t in ("Yes", "No", LONG)],
        }
    ]
    api.say("hello there")
    return api.number_of(api.until_sent(1)[0])


def said(rasa: StandInForRasa) -> list[Any]:
    return [body["message"] for body in rasa.received]


@pytest.mark.parametrize("title", ["Yes", LONG])
def test_a_press_says_the_title_whatever_its_length(
    api: BotApi, rasa: StandInForRasa, question: int, title: str
) -> None:
    api.press(question, title)
    assert api.until_sent(2)[1].text == f"Heard {title}."
    assert said(rasa) == ["hello there", title]


def test_a_press_is_answered_and_the_question_shows_what_was_said(
    api: BotApi, question: int
) -> None:
    api.press(question, "Yes")
    api.until_sent(2)
    [answered] = api.sent("answerCallbackQuery")
    assert "text" not in answered.given
    [edited] = api.until(lambda: api.sent("editMessageText"))
    assert edited.text == "Heard hello there.\n\n✓ Yes"
    assert api.messages[question].get("reply_markup") is None


def test_a_second_press_is_answered_and_says_nothing(
    api: BotApi, rasa: StandInForRasa, question: int
) -> None:
    data = "=Yes"
    api.press_data(question, data)
    api.press_data(question, data)
    api.press_data(question, "=No")
    answers = api.until(lambda: len(a := api.sent("answerCallbackQuery")) == 3 and a)
    assert said(rasa) == ["hello there", "Yes"]
    assert ["text" in answer.given for answer in answers] == [False, True, True]
    assert answers[1].given["show_alert"] == "true"
    assert len(api.sent()) == 2


def test_typed_words_are_an_answer_too_and_end_the_question(
    api: BotApi, rasa: StandInForRasa, question: int
) -> None:
    api.say("I would rather say it myself")
    api.until_sent(2)
    api.until(lambda: api.messages[question].get("reply_markup") is None)
    api.press_data(question, "=Yes")
    [answered] = api.until(lambda: api.sent("answerCallbackQuery"))
    assert "own words" in answered.text
    assert said(rasa) == ["hello there", "I would rather say it myself"]


def test_the_newest_question_can_still_be_answered_after_a_late_press(
    api: BotApi, rasa: StandInForRasa, question: int
) -> None:
    api.say("something else")
    newest = api.number_of(api.until_sent(2)[1])
    api.press_data(question, "=No")
    api.press(newest, "Yes")
    api.until_sent(3)
    assert said(rasa)[-1] == "Yes"


def test_a_button_that_nobody_made_is_answered_and_says_nothing(
    api: BotApi, rasa: StandInForRasa, question: int
) -> None:
    api.press_data(question, "has_paid")
    [answered] = api.until(lambda: api.sent("answerCallbackQuery"))
    assert answered.text
    assert said(rasa) == ["hello there"]


def test_a_forged_press_can_command_nothing_and_its_secrets_are_masked(
    api: BotApi, rasa: StandInForRasa, question: int
) -> None:
    api.press_data(question, "=/restart 4111 1111 1111 1111")
    api.until_sent(2)
    assert said(rasa)[-1] == "restart [card …1111]"


def test_a_press_that_telegram_no_longer_wants_answered_still_counts(
    api: BotApi, question: int
) -> None:
    api.faults["answerCallbackQuery"] = lambda _: refusal(400, "Bad Request: query is too old")
    api.faults["editMessageText"] = lambda _: refusal(400, "Bad Request: message can't be edited")
    api.press(question, "Yes")
    assert api.until_sent(2)[1].text == "Heard Yes."


def test_a_press_survives_a_restart_before_it_is_answered(
    begin: Begin, api: BotApi, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda _: [{"text": "Well?", "buttons": [{"title": "Yes"}]}]
    first = begin()
    api.say("hello there")
    question = api.number_of(api.until_sent(1)[0])
    first.end()
    api.press(question, "Yes")
    api.faults["sendMessage"] = failing(1, refusal(502, "Bad Gateway"))
    begin()
    api.until_sent(2)
    assert said(rasa) == ["hello there", "Yes"]
