"""The words that lessons, quizzes and teller cards put around the catalogue's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import DataError

WORDS_DIR = Path(__file__).parent / "words"
FALLBACK_LANGUAGE = "en"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LessonWords(_Strict):
    """The messages of a lesson."""

    starts: str
    goes_on: str
    sign: str
    honest: str
    do: str
    staff_steps: str
    staff_heard: str
    staff_signs: str
    staff_do: str


class QuizWords(_Strict):
    """The questions of a quiz, and answers that are wrong in every scam."""

    next: str
    fraud: str
    honest: str
    do: str
    wrong_moves: tuple[str, ...]
    after_next: str


class CardWords(_Strict):
    """The words of a teller card."""

    heading: str
    steps: str
    signs: str
    heard: str
    ask: str
    questions: tuple[str, ...]
    next: str
    say: str
    says: tuple[str, ...]
    avoid: str
    avoids: tuple[str, ...]
    bring_in: str
    hotline: str
    police: str
    advice: str
    crisis: str
    manager: str
    honest: str
    check: str
    never: str


class PageWords(_Strict):
    """The words of the pages alone."""

    html: str
    lessons: str
    lessons_lead: str
    lesson: str
    who: str
    steps: str
    quiz: str
    quiz_lead: str
    right: str
    wrong: str
    all_lessons: str
    cards: str
    cards_lead: str
    all_cards: str
    print: str
    again: str
    chat: str
    hotline: str
    police: str
    switch: str
    switch_label: str
    gone: str


class Words(_Strict):
    """All words of one language."""

    lesson: LessonWords
    quiz: QuizWords
    card: CardWords
    page: PageWords


def languages() -> tuple[str, ...]:
    """Return the language codes that have words, sorted."""
    return tuple(sorted(path.stem for path in WORDS_DIR.glob("*.yml")))


@lru_cache
def words_of(language: str) -> Words:
    """Return the words of a language, the English ones where it has none.

    Raises:
        DataError: The file lacks a word or has one too many.
    """
    known = language if language in languages() else FALLBACK_LANGUAGE
    path = WORDS_DIR / f"{known}.yml"
    try:
        return Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise DataError([f"{path.name}: {error}"]) from error
