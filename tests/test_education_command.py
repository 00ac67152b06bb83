"""The commands that show what the catalogue teaches."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.education import lesson, quiz
from bot.errors import NotFoundError


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["education", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lesson_is_shown_whole_for_customers_and_for_staff(language: str) -> None:
    shown = run("lesson", "romance", "--lang", language)
    assert all(message in shown for message in lesson("romance", "customer", language))
    shown = run("lesson", "romance", "--lang", language, "--staff")
    assert all(message in shown for message in lesson("romance", "staff", language))


def test_quiz_hides_its_answers_until_they_are_asked_for() -> None:
    questions = quiz("romance", "en", seed=3)
    shown = run("quiz", "romance", "--seed", "3")
    assert all(question.asked in shown for question in questions)
    assert "→" not in shown
    shown = run("quiz", "romance", "--seed", "3", "--answers")
    assert all(f"→ {q.letter}. {q.reason}" in shown for q in questions)


def test_teller_card_names_whom_to_bring_in() -> None:
    shown = run("teller-card", "refund_service", "--lang", "zh")
    assert "柜员提示卡" in shown
    assert "96110" in shown


@pytest.mark.parametrize("command", ["lesson", "quiz", "teller-card"])
def test_unknown_scam_and_language_are_named(command: str) -> None:
    with pytest.raises(NotFoundError, match="nonsense"):
        run(command, "nonsense")
    with pytest.raises(NotFoundError, match="'fr'"):
        run(command, "romance", "--lang", "fr")
