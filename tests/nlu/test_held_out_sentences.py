"""The held-out sentences are new to the model; what is measured on them is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT_ROOT
from bot.understanding import Figures, confusion_picture, understanding_page

LANGUAGES = ("en", "zh")
LEARNED = PROJECT_ROOT / "data" / "nlu"
LEAST = 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_sentence_is_learned(language: str) -> None:
    learned = {plain(text) for text, _ in sentences(*sorted(LEARNED.rglob("*.yml")))} - {""}
    taken = [text for text, _ in held_out(language) if plain(text) in learned]
    assert taken == []


def test_no_sentence_is_an_example_of_two_intents() -> None:
    intents: dict[str, str] = {}
    twice = []
    for text, intent in sentences(*sorted(LEARNED.rglob("*.yml"))):
        if intents.setdefault(text.lower(), intent) != intent:
            twice.append(text)
    assert twice == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_held_out_in_every_language(language: str) -> None:
    known = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    given = [intent for _, intent in held_out(language)]
    few = [intent for intent in known if given.count(intent) < LEAST]
    assert set(few) <= {"message_again"}


def test_page_and_picture_show_what_was_taken_for_what() -> None:
    row = {"precision": 1.0, "recall": 0.5, "f1-score": 2 / 3, "support": 2}
    report: dict[str, Any] = {"accuracy": 0.75, "greet": row, "thank": row, "macro avg": row}
    error = {"intent": "greet", "intent_prediction": {"name": "thank"}}
    figures = Figures(report, [error])
    page = understanding_page(figures, {"en": figures}, folds=3)
    assert "| held out, English | 75.0 % | 4 |" in page
    assert "| `greet` | `thank` | 1 |" in page
    assert ">thank</text>" in confusion_picture(figures)


def held_out(language: str) -> list[tuple[str, str]]:
    """Return the held-out sentences of a language with their intents."""
    return sentences(PROJECT_ROOT / "tests" / "nlu" / f"{language}.yml")


def sentences(*paths: Path) -> list[tuple[str, str]]:
    """Return the sentences of Rasa's files with their intents."""
    found = []
    for path in paths:
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = (line.removeprefix("- ").strip() for line in block["examples"].splitlines())
            found += [(line, block["intent"]) for line in lines if line]
    return found


def plain(text: str) -> str:
    """Return a text without case, spaces and punctuation."""
    return "".join(sign for sign in text.lower() if sign.isalnum())
