"""What a message means to a lesson or a quiz that is going on.

Only a plain answer counts for one. Whatever else is said leaves the lesson, so that a danger
always wins.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from actions.words import says
from bot.education import answer_of, letter_of, named_script, place_of, script_ids
from bot.recognition.assessment import EXPOSURES

if TYPE_CHECKING:  # A turn asks in its turn whether it answers a quiz.
    from actions.turn import Turn

LEARNING = frozenset(
    [
        *("ask_lesson", "ask_quiz", "quiz_answer", "quiz_unclear", "quiz_left", "lesson_over"),
        *("note_learned", "not_noted"),
    ]
)
"""Topics that are no part of a case: what is said in them is no evidence."""

_ASKS = ("ask_lesson", "ask_quiz")
_IN_DANGER = EXPOSURES.index("engaged")
_SHORT = 12
#: What yes and no mean, by what was asked.
_YES_AND_NO = {"quiz_offer": ("ask_quiz", "lesson_over"), "note": ("note_learned", "not_noted")}


def learning_topic(name: str, turn: Turn) -> str:
    """Return what a message means to the lesson that is going on; empty when nothing.

    Args:
        name: What the message looks like.
        turn: The message, with what was asked before it.
    """
    if name in _ASKS and _tells_of_danger(turn):
        return "tell_of_call"
    kind = turn.asked.partition(":")[0]
    if kind == "quiz":
        return _in_a_quiz(name, turn)
    if kind in ("pick_lesson", "pick_quiz"):
        return f"ask_{kind.removeprefix('pick_')}" if chosen_script(turn) else ""
    if kind in _YES_AND_NO:
        return _after_a_question(kind, turn)
    return ""


def chosen_script(turn: Turn) -> str | None:
    """Return which of the scams that were offered a message chooses, by letter or by name."""
    kind, _, listed = turn.asked.partition(":")
    if kind not in ("pick_lesson", "pick_quiz"):
        return None
    offered = [script_id for script_id in listed.split(",") if script_id in script_ids()]
    at = letter_of(turn.text)
    if at is not None:
        return offered[at] if at < len(offered) else None
    if turn.warned or turn.intent not in ("out_of_scope", "nlu_fallback", "tell_of_call", *_ASKS):
        return None
    return named_script(turn.text) if _is_short(turn.text) else None


def answers_lesson(asked: str, text: str) -> bool:
    """Whether a message was an answer of a quiz or the choice of a scam, whatever it quotes."""
    if asked.startswith("pick_"):
        return letter_of(text) is not None or (_is_short(text) and named_script(text) is not None)
    return answer_of(asked, text) is not None


def _in_a_quiz(name: str, turn: Turn) -> str:
    if place_of(turn.asked) is None:
        return ""
    if answer_of(turn.asked, turn.text) is not None:
        return "quiz_answer"
    if turn.button == "stop_quiz" or says("stops_quiz").fullmatch(turn.text.strip()):
        return "quiz_left"
    if turn.button in ("affirm", "deny") or (_plain(turn, ("affirm", "deny"))):
        return "quiz_unclear"
    if turn.button == "dont_know" or _plain(turn, ("dont_know",)):
        return "quiz_answer"
    # "Next question" goes on; a scam that is named begins another quiz.
    return "quiz_answer" if name == "ask_quiz" and named_script(turn.text) is None else ""


def _after_a_question(kind: str, turn: Turn) -> str:
    yes, no = _YES_AND_NO[kind]
    if turn.button == "affirm" or _plain(turn, ("affirm",)):
        return yes
    if turn.button == "deny" or _plain(turn, ("deny", "dont_know")):
        return no
    return ""


def _plain(turn: Turn, intents: Collection[str]) -> bool:
    """Whether a message is one of these and nothing more: a longer one may tell something."""
    return turn.intent in intents and not turn.warned and _is_short(turn.text)


def _is_short(text: str) -> bool:
    return sum(0.25 if sign.isascii() else 1 for sign in text) <= _SHORT


def _tells_of_danger(turn: Turn) -> bool:
    """Whether a wish to learn tells of something that is going on."""
    exposure = turn.assessment.get("exposure", EXPOSURES[0])
    own = says("own_story").search(turn.text) is not None
    return own and turn.warned and EXPOSURES.index(exposure) >= _IN_DANGER
