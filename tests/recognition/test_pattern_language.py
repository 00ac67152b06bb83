"""Each rule of the pattern language, and its errors."""

from __future__ import annotations

import pytest

from bot.errors import DataError
from bot.recognition.patterns import Slot, parse_pattern
from bot.recognition.reading import Reader
from bot.recognition.text import TextReader

TEXTS = TextReader(irregular={"sued": "sue", "paid": "pay"})


def found(pattern: str, text: str, *, negation: tuple[tuple[str, int], ...] = ()) -> list[str]:
    """Return what a pattern matches in a text, as quotes."""
    reader = Reader(TEXTS, flags=[("flag", pattern)], framing=[], negation=negation)
    reading = reader(text)
    spans = [reading.quote(match.start, match.end) for match in reading.flags]
    return [text[start:end] for start, end in spans]


def test_pattern_is_a_row_of_slots_with_choices_and_gaps() -> None:
    assert parse_pattern("not|never ~3 hang_up ~ now") == (
        Slot(("not", "never"), 0),
        Slot(("hang up",), 3),
        Slot(("now",), 6),
    )


@pytest.mark.parametrize(
    ("pattern", "text", "quotes"),
    [
        ("sue me", "They will sue me.", ["sue me"]),
        ("sue me", "They will sue only me.", []),
        ("sue ~1 me", "They will sue only me.", ["sue only me"]),
        ("sue ~1 me", "They will sue you and me.", []),
        ("sue ~ me", "sue one two three four five six me", ["sue one two three four five six me"]),
        ("sue ~ me", "sue one two three four five six seven me", []),
        ("court|judge", "The judge and the court", ["judge", "court"]),
        ("hang_up", "Do not hang up", ["hang up"]),
        ("hang_up", "hang it up", []),
        ("sue", "I was SUED and he sues", ["SUED", "sues"]),
        ("=paid", "I paid, you pay", ["paid"]),
        ("=paid", "I PAID", ["PAID"]),
        ("i ~2 =paid", "I have seen him", []),
        ("pay", "I paid", ["paid"]),
        ("pay ~2 <money>", "pay them $500 now", ["pay them $500"]),
        ("<number>", "room 12", ["12"]),
        ("<link>", "see https://x.example/a", ["https://x.example/a"]),
        ("起诉", "银行要起诉我", ["起诉"]),
        ("起诉 ~2 我", "起诉了我", ["起诉了我"]),
        ("pay ~5 now", "Pay them. Now listen", []),
        ("pay ~5 now", "Pay them\nnow listen", []),
        ("pay", "", []),
    ],
)
def test_pattern_finds_what_its_grammar_says(pattern: str, text: str, quotes: list[str]) -> None:
    assert found(pattern, text) == quotes


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "needs a slot at its end"),
        ("~2 pay", "a gap must stand between two slots"),
        ("pay ~2", "needs a slot at its end"),
        ("pay ~ ~2 now", "a gap must stand between two slots"),
        ("pay||now", "has an empty choice"),
        ("pay|", "has an empty choice"),
        ("_", "has an empty choice"),
        ("pay <cash>", "is none of money, number, link"),
    ],
)
def test_pattern_that_breaks_the_grammar_says_how(pattern: str, problem: str) -> None:
    with pytest.raises(DataError) as error:
        parse_pattern(pattern)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("They did not sue me", []),
        ("They never sue me", []),
        ("They do not, as far as I know, sue me", ["sue me"]),
        ("Not today. They sue me", ["sue me"]),
        ("They sue me, not you", ["sue me"]),
    ],
)
def test_negation_right_before_a_match_undoes_it(text: str, quotes: list[str]) -> None:
    assert found("sue me", text, negation=(("not", 2), ("never", 2))) == quotes


def test_matches_of_one_pattern_do_not_overlap() -> None:
    assert found("pay ~3 pay", "pay pay pay pay") == ["pay pay", "pay pay"]
