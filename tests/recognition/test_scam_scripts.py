"""Every script catches what it must and leaves alone what is honest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.recognition.catalogue import load_catalogue
from bot.recognition.training import samples_of
from bot.settings import PROJECT_ROOT
from tests.recognition.script_tests import (
    FILES,
    FOLDER,
    expectations,
    failures,
    file_name,
    known_failures,
    on_the_threshold,
)

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("path", FILES, ids=file_name)
def test_script_catches_what_it_must_and_leaves_alone_what_is_honest(path: Path) -> None:
    known = {one["text"] for one in known_failures() if one["file"] == file_name(path)}
    found = failures(path)
    new = {text: why for text, why in found.items() if text not in known}
    assert new == {}, "These sentences are not among the known failures."
    repaired = [text for text in known - set(found) if not on_the_threshold(text)]
    assert sorted(repaired) == [], "These are repaired: take them off the list."


def test_known_failures_name_sentences_that_exist_and_say_why() -> None:
    there = {(file_name(path), one.text) for path in FILES for one in expectations(path)}
    gone = [one for one in known_failures() if (one["file"], one["text"]) not in there]
    assert gone == []
    assert [one for one in known_failures() if not one["why"].strip()] == []


def test_no_sentence_is_expected_twice() -> None:
    counted = Counter(plain(one.text) for path in FILES for one in expectations(path))
    assert [text for text, count in counted.items() if count > 1] == []


def test_no_test_sentence_occurs_in_the_training_data() -> None:
    learned = {plain(sample.text) for sample in samples_of(load_catalogue())}
    learned |= {
        plain(line.strip().removeprefix("- "))
        for path in (PROJECT_ROOT / "data" / "nlu").rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    taken = [
        f"{file_name(path)}: {one.text[:80]}"
        for path in FILES
        for one in expectations(path)
        if plain(one.text) in learned
    ]
    assert taken == []


def test_every_script_in_force_is_tested_in_every_language() -> None:
    scripts = set(load_catalogue().scripts)
    for language in LANGUAGES:
        tested = {path.stem for path in FOLDER.joinpath(language).glob("*.yml")}
        assert sorted(scripts - tested) == [], language
        assert sorted(tested - scripts) == [], language


def plain(text: str) -> str:
    """Return a text without what makes no other sentence of it: case, spaces, punctuation."""
    return "".join(sign for sign in text.lower() if sign.isalnum())
