"""What is quoted to the customer: whole clauses of his own words, with exact offsets."""

from __future__ import annotations

import pytest

from bot.recognition.reading import Reader
from bot.recognition.text import TextReader


def reader() -> Reader:
    return Reader(
        TextReader(irregular={}),
        flags=[("asks", "buy ~3 cards"), ("asks", "买 ~3 卡")],
        framing=[],
        negation=[],
    )


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "He rang, told me to buy four gift cards at once, and hung up.",
            "told me to buy four gift cards at once",
        ),
        ("他打来电话，叫我去买几张点卡发给他，还不让挂。", "叫我去买几张点卡发给他"),
        ("buy cards", "buy cards"),
    ],
)
def test_quote_grows_to_the_whole_clause(text: str, quoted: str) -> None:
    reading = reader()(text)
    match = reading.flags[0]
    begin, end = reading.quote(*reading.clause(match.start, match.end, longest=80))
    assert text[begin:end] == quoted


def test_quote_of_a_text_without_punctuation_stays_short() -> None:
    text = "well " * 40 + "buy four gift cards" + " now" * 40
    reading = reader()(text)
    match = reading.flags[0]
    begin, end = reading.quote(*reading.clause(match.start, match.end, longest=80))
    assert text[begin:end] == "buy four gift cards"
