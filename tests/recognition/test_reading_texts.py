"""Tokens, sentences and classes: whatever the text, offsets are those of the input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recognition.language import language_in_talk, language_of
from bot.recognition.text import TextReader, class_spans, sentence_numbers

READER = TextReader(irregular={"sued": "sue", "paid": "pay"}, simplified={"檢": "检", "錢": "钱"})
ANY_TEXT = st.text(max_size=300)


def words(text: str) -> list[str]:
    return [token for _, _, token in READER.tokens(READER.fold(text))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("He said: pay 1,700.50 now!", ["He", "said", ":", "pay", "1,700.50", "now", "!"]),
        ("don't", ["don't"]),
        ("欠了30万", ["欠", "了", "30", "万"]),
        ("我的card号", ["我", "的", "card", "号"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_token_is_a_word_a_number_or_one_chinese_character(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens


@given(ANY_TEXT)
@settings(max_examples=300)
def test_folding_never_moves_an_offset(text: str) -> None:
    folded = READER.fold(text)
    assert len(folded) == len(text)
    end_before = 0
    for start, end, token in READER.tokens(folded):
        assert end_before <= start < end <= len(text)
        assert folded[start:end] == token
        end_before = end


@given(ANY_TEXT)
@settings(max_examples=300)
def test_every_sign_that_is_no_space_belongs_to_a_token(text: str) -> None:
    folded = READER.fold(text)
    covered = {at for start, end, _ in READER.tokens(folded) for at in range(start, end)}
    assert {at for at, sign in enumerate(folded) if not sign.isspace()} <= covered


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sued", "sue"),
        ("suing", "sued"),
        ("PAID", "pays"),
        ("transferred", "transferring"),
        ("lawyer's", "lawyers"),
    ],
)
def test_inflections_share_one_normal_form(one: str, other: str) -> None:
    reader = TextReader(irregular={"sued": "sue", "suing": "sue", "paid": "pay"})
    assert reader.norm(one) == reader.norm(other)


def test_full_width_and_traditional_signs_are_read_as_the_plain_ones() -> None:
    assert READER.fold("ＡＢＣ１２３") == "ABC123"
    assert READER.fold("檢察官要錢") == "检察官要钱"


def test_sentences_end_at_stops_and_line_breaks_but_not_in_abbreviations() -> None:
    text = "I live in the U.S. now. He called! 他打来了。还要钱\nWho is it?"
    folded = READER.fold(text)
    tokens = READER.tokens(folded)
    numbers = sentence_numbers(folded, tokens)
    by_word = {token: number for (_, _, token), number in zip(tokens, numbers, strict=True)}
    assert by_word["live"] == by_word["now"] == 0
    assert by_word["called"] == 1
    assert by_word["他"] == 2
    assert by_word["钱"] == 3
    assert by_word["Who"] == 4
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("pay $380,000 today", "money", "$380,000"),
        ("欠了38万元", "money", "38万元"),
        ("1.7 million is a lot", "money", "1.7 million"),
        ("see https://pay.example/x now", "link", "https://pay.example/x"),
        ("visit riverside-bank.com", "link", "riverside-bank.com"),
    ],
)
def test_amounts_and_links_are_classes_of_text(text: str, name: str, found: str) -> None:
    assert (name, found) in [(kind, text[start:end]) for kind, start, end in class_spans(text)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He wants money", "en"),
        ("他要钱", "zh"),
        ("他说要 transfer 钱", "zh"),
        ("My teacher Mr 王 called me this morning", "en"),
        ("110", "en"),
        ("", "en"),
    ],
)
def test_language_is_told_by_the_writing(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "previous", "language"),
    [
        ("ok", "zh", "zh"),
        ("hi", "zh", "zh"),
        ("110", "zh", "zh"),
        ("???", "zh", "zh"),
        ("ok thanks a lot", "zh", "en"),
        ("Hello, who is there", "zh", "en"),
        ("transferred", "zh", "en"),
        ("是", "en", "zh"),
        ("ok 好的", "en", "zh"),
        ("", "en", "en"),
    ],
)
def test_one_short_international_word_switches_no_language(
    text: str, previous: str, language: str
) -> None:
    assert language_in_talk(text, previous=previous) == language
