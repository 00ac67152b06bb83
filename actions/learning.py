"""Asking to learn: a lesson about a scam, or a quiz."""

from __future__ import annotations

from actions.base import CaseAction


class AskLesson(CaseAction):
    """The customer wants to know how a scam goes."""

    topic = "ask_lesson"


class AskQuiz(CaseAction):
    """The customer wants to practise."""

    topic = "ask_quiz"
