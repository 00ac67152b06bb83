"""Bare answers, and messages that were not understood."""

from __future__ import annotations

from dataclasses import replace

from actions.base import CaseAction
from actions.turn import Turn


class TakeAnswer(CaseAction):
    """A bare yes, no or "I don't know": what was asked decides what it means."""

    topic = "which_help"

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_take_answer"


class NotUnderstood(CaseAction):
    """Gibberish or something quite different; the second time a person must do."""

    topic = "not_understood"

    def read(self, turn: Turn) -> Turn:
        """Count the miss."""
        return replace(turn, misses=turn.misses + 1)
