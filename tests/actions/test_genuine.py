"""A link, a number or an account is shown to be looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.casefile import attend
from actions.services import Services
from actions.topics import topic_of
from bot.counsel.replies import TOPICS
from tests.actions.builders import TELLING, told_turn, turn

TOPIC = "ask_if_genuine"


@pytest.mark.parametrize("intent", ["nlu_fallback", "tell_of_call", "ask_banking"])
@pytest.mark.parametrize("text", ["https://evil.top/x", "95588", "[account …1234]", "看下t.cn/a1"])
def test_message_that_is_hardly_more_than_a_link_or_number_is_looked_at(
    text: str, intent: str
) -> None:
    name = "not_understood" if intent == "nlu_fallback" else intent
    assert topic_of(name, turn(text, intent=intent)) == "ask_if_genuine"


@pytest.mark.parametrize(
    "text",
    [
        "They sent me evil.top/x because my card was blocked. Is this link real?",
        "他们说我的卡被冻结了，让我打95588，这个号码是真的吗？",
        "收到短信让我点evil.top，是不是你们银行的网址？",
    ],
)
def test_question_in_a_story_is_answered(text: str) -> None:
    assert topic_of("tell_of_call", turn(text)) == "ask_if_genuine"


def test_story_that_names_a_link_stays_a_story() -> None:
    text = "A man from the police said I must log in at evil.top and move my money today"
    assert topic_of("tell_of_call", turn(text)) == "tell_of_call"


def test_money_that_has_left_goes_before_the_question() -> None:
    one = turn("I sent 80,000 to [account …1234], is it yours?", intent="ask_if_genuine")
    assert topic_of("ask_if_genuine", one) == "has_paid"


def test_account_alone_answers_the_question_about_the_payee() -> None:
    one = turn("[account …1234]", intent="ask_if_genuine", asked="payment_payee")
    assert topic_of("ask_if_genuine", one) == "payment_told"
    asks = replace(one, text="is [account …1234] yours?")
    assert topic_of("ask_if_genuine", asks) == "ask_if_genuine"


@pytest.mark.parametrize("name", ["gave_secret", "on_the_phone", "called_again", "about_to_pay"])
def test_danger_is_not_talked_away_by_a_link(name: str) -> None:
    assert topic_of(name, turn("https://evil.top", intent=name)) != "ask_if_genuine"


def test_link_alone_is_explained_and_opens_no_case(services: Services) -> None:
    situation = attend(services, turn("https://riverside-bank.example.evil.top"), topic=TOPIC)
    words = spoken(situation)
    assert "evil·top" in words[0]
    assert situation.bank.hotline in words[1]
    assert situation.told is None


def test_is_it_real_means_what_was_sent_before(services: Services) -> None:
    one = turn("is it real?", earlier=("https://evil.top",))
    assert "evil·top" in spoken(attend(services, one, topic=TOPIC))[0]


def test_question_without_anything_to_look_at_asks_for_it(services: Services) -> None:
    situation = attend(services, turn("is it real?"), topic=TOPIC)
    assert TOPICS[TOPIC](situation).asked == "to_check"


def test_scam_around_the_link_is_answered_too(services: Services) -> None:
    text = f"{TELLING} Is https://evil.top real?"
    situation = attend(services, told_turn(services, text), topic=TOPIC)
    story = attend(services, told_turn(services, text, address="web:c2"), topic="tell_of_call")
    words = spoken(situation)
    assert "evil·top" in words[0]
    assert any(situation.script and situation.script["title"]["en"] in one for one in words[1:])
    assert bool(situation.told) == bool(story.told)
    assert TOPICS[TOPIC](situation).asked == TOPICS["tell_of_call"](story).asked


def test_chinese_customer_reads_chinese(services: Services) -> None:
    one = turn("http://riverside-bank.top:8080/a 110", language="zh")
    words = spoken(attend(services, one, topic=TOPIC))
    assert "后缀" in words[0]
    assert "8080" in words[0]
    assert "来电显示可以造假" in words[1]


def spoken(situation: object) -> list[str]:
    """Return the messages that answer a situation."""
    return [speech.text for speech in TOPICS[TOPIC](situation).speeches]  # type: ignore[arg-type]
