"""Lessons, quizzes and teller cards, all made from the catalogue of scam scripts."""

from __future__ import annotations

from bot.education.answers import Place, answer_of, letter_of, place_of
from bot.education.cards import TellerCard, teller_card
from bot.education.finding import named_script
from bot.education.lessons import AUDIENCES, lesson
from bot.education.quizzes import LETTERS, Question, quiz
from bot.education.scripts import script_ids, script_of, title_of

__all__ = [
    "AUDIENCES",
    "LETTERS",
    "Place",
    "Question",
    "TellerCard",
    "answer_of",
    "lesson",
    "letter_of",
    "named_script",
    "place_of",
    "quiz",
    "script_ids",
    "script_of",
    "teller_card",
    "title_of",
]
