"""The look-up of phrases finds every one of them, overlapping ones too, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.recognition.phrases import PhraseTree

WORDS = st.sampled_from(["a", "b", "ab", "起", "诉"])
PHRASES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(tuple), max_size=8, unique=True)


@given(PHRASES, st.lists(WORDS, max_size=20))
def test_every_phrase_is_found_wherever_it_stands(
    phrases: list[tuple[str, ...]], text: list[str]
) -> None:
    tree = PhraseTree()
    for number, phrase in enumerate(phrases):
        tree.add(phrase, number)
    expected = {
        (number, start, start + len(phrase))
        for number, phrase in enumerate(phrases)
        for start in range(len(text))
        if tuple(text[start : start + len(phrase)]) == phrase
    }
    found = list(tree(text))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_phrase_that_begins_another_one_is_found_with_it() -> None:
    tree = PhraseTree()
    tree.add(["hang", "up"], 1)
    tree.add(["hang", "up", "now"], 2)
    tree.add(["up"], 3)
    assert sorted(tree(["hang", "up", "now"])) == [(1, 0, 2), (2, 0, 3), (3, 1, 2)]
    assert list(tree([])) == []
