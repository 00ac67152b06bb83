"""Lessons and teller cards: every scam, every language, whole and readable."""

from __future__ import annotations

import re

import pytest

from bot.bank import load_bank
from bot.education import AUDIENCES, lesson, script_ids, script_of, teller_card, title_of
from bot.education.examples import readable
from bot.education.words import languages
from bot.errors import NotFoundError
from bot.settings import Settings
from tests.counsel.everything_said import length_problem, questions

BANK = load_bank(Settings(_env_file=None).bank_file)
EVERY = pytest.mark.parametrize("script_id", script_ids())
LANGUAGES = pytest.mark.parametrize("language", languages())


@EVERY
@LANGUAGES
@pytest.mark.parametrize("audience", AUDIENCES)
def test_lesson_is_four_short_messages_in_its_language(
    script_id: str, language: str, audience: str
) -> None:
    messages = lesson(script_id, audience, language)
    assert len(messages) == 4
    assert [p for message in messages if (p := length_problem(message, language))] == []
    assert sum(questions(without_reasons(m, script_id, language)) for m in messages) == 0
    for message in messages:
        assert bool(re.search("[\u4e00-\u9fff]", message)) == (language == "zh")
        assert "{" not in message


@EVERY
@LANGUAGES
def test_reason_that_asks_answers_itself(script_id: str, language: str) -> None:
    for flag in script_of(script_id).red_flags:
        assert questions(flag.why[language]) <= 1
        assert not flag.why[language].rstrip("”\"'").endswith(("?", "？"))


@EVERY
@LANGUAGES
def test_customers_lesson_tells_the_beginning_the_end_the_honest_call_and_what_to_do(
    script_id: str, language: str
) -> None:
    script = script_of(script_id)
    begins, goes_on, honest, do = lesson(script_id, "customer", language)
    assert script.stages[0].next[language][-10:] in begins
    assert script.stages[-1].next[language][-10:] in goes_on
    assert script.look_alikes[0].tell[language] in honest
    assert script.counsel["contacted"][language] in do


@EVERY
@LANGUAGES
def test_teller_card_has_signs_questions_helpers_and_the_honest_call(
    script_id: str, language: str
) -> None:
    card = teller_card(script_id, language, bank=BANK)
    assert card.title == title_of(script_id, language)
    assert len(card.signs) >= 3
    assert len(set(card.heard)) == len(card.heard) >= 2
    assert len(card.next) == 2
    assert card.honest
    assert all(question.endswith(("?", "？")) for question in card.questions)


def test_numbers_of_a_card_come_from_the_banks_file_alone() -> None:
    card = teller_card("refund_service", "en", bank=BANK)
    assert {helper.number for helper in card.helpers} <= set(BANK.published_phones)
    other = BANK.model_copy(update={"hotline": "101 0000 0999", "operations_desk": None})
    numbers = [helper.number for helper in teller_card("romance", "en", bank=other).helpers]
    assert numbers[0] == "101 0000 0999"


def test_card_says_nothing_of_weights() -> None:
    card = teller_card("refund_service", "en", bank=BANK)
    assert "weight" not in repr(card)
    signs = [flag for flag in script_of("refund_service").red_flags if flag.why["en"] in card.signs]
    assert [flag.why["en"] for flag in signs] != sorted(card.signs)
    assert card.signs[0] != max(signs, key=lambda flag: flag.weight).why["en"]


def test_unknown_scam_is_refused_with_the_known_ids() -> None:
    with pytest.raises(NotFoundError, match="refund_service"):
        lesson("nonsense", "customer", "en")


@pytest.mark.parametrize(
    ("example", "language"),
    [
        ("Call 101 0000 0000 before noon today.", "en"),
        ("Your parcel waits at https://post.example/x now.", "en"),
        ("He says that Elon Musk recommends this platform.", "en"),
        ("Me: hello? Caller: you owe us a lot of money.", "en"),
        ("接到電話說我的帳戶被凍結了。", "zh"),
        ("他说不给钱就剁一根手指头，我吓坏了。", "zh"),
    ],
)
def test_what_names_somebody_frightens_or_links_is_not_quoted(example: str, language: str) -> None:
    assert readable([example], language) == []


def test_plain_sentence_is_quoted() -> None:
    assert readable(["He says that my parcel was lost and offers money."], "en")
    assert readable(["他说我的快递丢了，要赔我钱"], "zh") == ["他说我的快递丢了，要赔我钱。"]


def without_reasons(message: str, script_id: str, language: str) -> str:
    """Return a message without the reasons of red flags: what these ask, they answer themselves."""
    for flag in script_of(script_id).red_flags:
        message = message.replace(flag.why[language], "")
    return message
