"""Every story of ``stories/`` through the real product; each leaves a transcript in the docs."""

from __future__ import annotations

import pytest

from bot.casework.models import Case
from bot.counsel.phrases import phrases
from tests.functional.chat import Answer, Chat
from tests.functional.running_stack import Stack
from tests.functional.stories import ExpectedCase, Story, Turn, sounds_like, stories

STORIES = stories()


@pytest.mark.parametrize("name", STORIES)
def test_story_goes_as_it_is_written(stack: Stack, name: str) -> None:
    story, language = STORIES[name], name.rpartition("_")[2]
    chat = Chat(stack, customer=story.customer, language=language)
    for turn in story.turns:
        text = turn.says or phrases(language).buttons[turn.presses]
        answer = chat.say(text)
        _check_answer(turn, answer, language=_language_of(answer, language))
        if turn.asks is not None:
            slots = stack.tracker(chat.address)["slots"]
            assert (slots["asked"] or "") == turn.asks, answer.text
    _check_case(story, chat.case())
    chat.keep_transcript(name, story.title, compare=not story.varies)


def test_every_story_is_told_in_both_languages() -> None:
    names = {name.rpartition("_")[0] for name in STORIES}
    alone = [n for n in names if not {f"{n}_en", f"{n}_zh"} <= STORIES.keys()]
    assert alone == []


def _language_of(answer: Answer, default: str) -> str:
    languages = {message["lang"] for message in answer.messages}
    return languages.pop() if len(languages) == 1 else default


def _check_answer(turn: Turn, answer: Answer, *, language: str) -> None:
    for key in turn.hears:
        assert sounds_like(key, language).search(answer.text), f"{key} is missing:\n{answer.text}"
    for key in turn.silent_on:
        assert not sounds_like(key, language).search(answer.text), f"{key}:\n{answer.text}"
    for words in turn.words:
        assert words in answer.text, f"{words!r} is missing:\n{answer.text}"
    if turn.card is not None:
        assert answer.card, f"no contact card:\n{answer.text}"
        assert answer.card["kind"] == turn.card


def _check_case(story: Story, case: Case | None) -> None:
    if story.case is None:
        assert case is None, "No case should have been opened."
        return
    assert case is not None, "A case should have been opened."
    wanted = story.case
    assert wanted.level in (None, case.level)
    assert wanted.exposure in (None, case.exposure)
    if wanted.script is not None:
        one_of = [wanted.script] if isinstance(wanted.script, str) else wanted.script
        assert case.leading_script in one_of
    flags = {row.red_flag for row in case.evidence if not row.retracted}
    assert set(wanted.red_flags) <= flags
    assert set(wanted.events) <= {event.kind for event in case.events}
    _check_escalations(wanted, case)
    for key, value in wanted.payment.items():
        (payment,) = case.payments
        assert str(getattr(payment, key)) == str(value), key


def _check_escalations(wanted: ExpectedCase, case: Case) -> None:
    asked = {message.recipient for one in case.escalations for message in one.messages}
    if wanted.nobody_asked:
        assert not asked
    assert set(wanted.asked) <= asked
    told = {event.detail.get("reason") for event in case.events if event.kind == "escalated"}
    assert set(wanted.reasons) <= told
