"""Turns of the talk that are no story: the other language, corrections, small talk, despair."""

from __future__ import annotations

import pytest

from bot.counsel.phrases import phrases
from bot.recognition.language import is_cjk
from tests.functional.chat import Answer, Chat
from tests.functional.running_stack import Stack

TELLING = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)
TELLING_ZH = "信用卡中心打来电话，说我欠了38万，银行今天就起诉我，让我先从公司账户垫付。"


def test_customer_who_switches_language_in_mid_chat_is_answered_in_the_language_he_wrote_in(
    stack: Stack,
) -> None:
    chat = Chat(stack, customer="C-1001", language="zh")
    _in_mandarin(chat.say(TELLING_ZH))
    _in_english(chat.say("What will they say to me next?"))
    _in_english(chat.say("ok"))
    _in_mandarin(chat.say("好的，那我怎么核实是真是假？"))
    case = chat.case()
    assert case is not None
    assert case.contact.language == "zh"
    assert case.level == "scam", "It is one case in both languages."
    chat.keep_transcript("language_switch", "Two languages in one chat")


def test_correction_takes_the_evidence_back_and_the_level_falls(stack: Stack) -> None:
    chat = Chat(stack, customer="C-2001")
    chat.say(TELLING)
    before = chat.case()
    assert before is not None
    assert before.level == "scam"
    answer = chat.say("Sorry, I was wrong, that is not what happened")
    assert "taken that back" in answer.text
    after = chat.case()
    assert after is not None
    assert after.level == "clear"
    assert after.evidence_count == 0
    assert all(row.retracted for row in after.evidence)
    assert after.leading_script is None
    assert "corrected" in [event.kind for event in after.events]
    chat.say("I asked my own bank about my card fee myself, nobody called me")
    later = chat.case()
    assert later is not None
    assert later.level == "clear", "What was taken back does not come back by itself."
    chat.keep_transcript("correction", "A correction")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["hello", "how are you today?", "thank you very much", "who are you?", "goodbye"]),
        ("zh", ["你好", "今天天气不错", "谢谢您", "你是谁？", "再见"]),
    ],
)
def test_small_talk_opens_no_case(stack: Stack, language: str, texts: list[str]) -> None:
    chat = Chat(stack, customer="C-1001", language=language)
    for text in texts:
        chat.say(text)
    assert chat.case() is None
    chat.keep_transcript(f"small_talk_{language}", "Small talk")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["When does the branch open on Saturdays?", "How do I raise my transfer limit?"]),
        ("zh", ["网点周六几点开门？", "怎么修改转账限额？"]),
    ],
)
def test_ordinary_banking_question_raises_no_alarm_and_opens_no_case(
    stack: Stack, language: str, texts: list[str]
) -> None:
    chat = Chat(stack, customer="C-1001", language=language)
    for text in texts:
        answer = chat.say(text)
        assert "101 0000 0000" in answer.text
        assert "fraud" not in answer.text
        assert "骗" not in answer.text
    assert chat.case() is None


def test_gibberish_leads_to_a_person_the_second_time(stack: Stack) -> None:
    chat = Chat(stack, customer="C-2001")
    first = chat.say("asdf qwer zxcv")
    assert "did not understand" in first.text
    second = chat.say("blorp fnord grix")
    assert "A person will do better" in second.text
    assert "101 0000 0000" in second.text
    assert second.buttons == ["Ask my account manager to call me"]
    assert chat.case() is None
    chat.keep_transcript("gibberish_en", "Not understood")


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "I don't want to live any more"), ("zh", "我不想活了")],
)
def test_words_of_despair_bring_a_human_and_the_crisis_number_and_nothing_else(
    stack: Stack, language: str, text: str
) -> None:
    chat = Chat(stack, customer="C-1001", language=language)
    chat.say(TELLING if language == "en" else TELLING_ZH)
    answer = chat.say(text)
    assert len(answer.messages) == 1
    assert "12356" in answer.text
    assert "120" in answer.text
    assert answer.card
    assert answer.card["kind"] == "manager"
    assert answer.questions == 0
    assert answer.buttons == []
    case = chat.case()
    assert case is not None
    assert [e.status for e in case.escalations] == ["pending"]
    reasons = [message.body["reason"] for message in case.escalations[0].messages]
    assert "may_hurt_themselves" in reasons


@pytest.mark.parametrize("key", ["not_paid", "nothing_given", "not_on"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_reassuring_button_is_never_taken_for_its_opposite(
    stack: Stack, language: str, key: str
) -> None:
    chat = Chat(stack, customer="C-1001", language=language)
    chat.say(TELLING if language == "en" else TELLING_ZH)
    before = chat.case()
    chat.say(phrases(language).buttons[key])
    after = chat.case()
    assert before is not None
    assert after is not None
    assert after.level == before.level == "scam"
    assert after.exposure == before.exposure
    assert after.evidence_count == before.evidence_count


def _in_english(answer: Answer) -> None:
    for message in answer.messages:
        assert message["lang"] == "en"
        assert not any(map(is_cjk, message["text"].split("“")[0])), message["text"]


def _in_mandarin(answer: Answer) -> None:
    for message in answer.messages:
        assert message["lang"] == "zh"
        assert any(map(is_cjk, message["text"])), message["text"]
