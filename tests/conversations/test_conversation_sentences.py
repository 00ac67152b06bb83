"""The conversation tests speak in sentences of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT_ROOT

FILES = sorted(Path(__file__).parent.glob("test_*.yml"))


def test_conversation_tests_use_no_sentence_of_the_training_data() -> None:
    learned = {
        line.strip().removeprefix("- ").lower()
        for path in (PROJECT_ROOT / "data" / "nlu").rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    taken = [f"{path.name}: {text}" for path in FILES for text in spoken(path) if text in learned]
    assert taken == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_phenomenon_is_tested_in_both_languages(path: Path) -> None:
    texts = spoken(path)
    assert any(text.isascii() for text in texts)
    assert any(not text.isascii() for text in texts)


def spoken(path: Path) -> list[str]:
    """Return all that customers say in a file, in lower case."""
    stories: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    steps = [step for story in stories for step in story["steps"]]
    return [step["user"].strip().lower() for step in steps if "user" in step]
