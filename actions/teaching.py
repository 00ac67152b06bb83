"""Lessons and quizzes in the talk: which one it is, and what the customer lets us keep."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.learning_topics import LEARNING, chosen_script
from actions.services import Services
from actions.turn import Turn
from bot.casework.care import today_at
from bot.casework.education import record_education
from bot.casework.models import Contact
from bot.counsel.replies import Learning, Situation
from bot.education import (
    Place,
    answer_of,
    lesson,
    named_script,
    place_of,
    quiz,
    script_ids,
    title_of,
)
from bot.errors import SecondVoiceError

logger = logging.getLogger("secondvoice.actions")

_OFFERED = 4
_QUESTIONS = 3
_SEEDS = 1_000_000


def taught(services: Services, turn: Turn, situation: Situation) -> Situation:
    """Add the lesson or the quiz to a situation whose topic is one; others stay as they are.

    Args:
        services: The parts of the action server.
        turn: The message.
        situation: The situation, with the topic that the message really belongs to.
    """
    if situation.topic not in LEARNING:
        return situation
    try:
        return replace(situation, learning=_learning(services, turn, situation))
    except SecondVoiceError as error:  # The talk goes on without a lesson.
        logger.error("no lesson for %s: %s", turn.address, type(error).__name__)
        return situation


def _learning(services: Services, turn: Turn, situation: Situation) -> Learning | None:
    topic = situation.topic
    if topic in ("ask_lesson", "ask_quiz"):
        how = topic.removeprefix("ask_")
        script_id = _script_meant(turn, situation)
        if script_id is None:
            return Learning(how, offered=_offered(services, turn))
        return _lesson(turn, script_id) if how == "lesson" else _first(services, turn, script_id)
    if topic in ("quiz_answer", "quiz_unclear"):
        return _next_question(turn, again=topic == "quiz_unclear")
    return _kept(services, turn) if topic != "quiz_left" else None


def _script_meant(turn: Turn, situation: Situation) -> str | None:
    """Return the scam that is meant: offered, named, or the one that the case is about."""
    kind, _, script_id = turn.asked.partition(":")
    if kind == "quiz_offer" and script_id in script_ids():
        return script_id
    meant = chosen_script(turn) or named_script(turn.text)
    if meant or situation.script is None or not situation.warned:
        return meant
    title = situation.script["title"]["en"]
    return next((one for one in script_ids() if title_of(one, "en") == title), None)


def _offered(services: Services, turn: Turn) -> tuple[tuple[str, str], ...]:
    """Return some scams to choose from, other ones each day."""
    ids = script_ids()
    start = services.now().toordinal() * _OFFERED
    chosen = (ids[(start + at) % len(ids)] for at in range(min(_OFFERED, len(ids))))
    return tuple((script_id, title_of(script_id, turn.language)) for script_id in chosen)


def _lesson(turn: Turn, script_id: str) -> Learning:
    return Learning(
        "lesson",
        script_id,
        title_of(script_id, turn.language),
        lines=lesson(script_id, "customer", turn.language),
    )


def _first(services: Services, turn: Turn, script_id: str) -> Learning:
    seed = int(services.now().timestamp()) % _SEEDS
    return _asking(Place(turn.language, script_id, seed, 0))


def _next_question(turn: Turn, *, again: bool) -> Learning | None:
    """Mark the answer just given and take the next question; or ask the same one again."""
    place = place_of(turn.asked)
    if place is None:
        return None
    if again:
        return _asking(place)
    question = place.question
    following = replace(place, number=place.number + 1)
    learning = Learning("quiz", place.script_id)
    if following.number < _QUESTIONS:
        learning = _asking(following)
    return replace(
        learning,
        right=answer_of(turn.asked, turn.text) == question.right,
        letter=question.letter,
        reason=question.reason,
    )


def _asking(place: Place) -> Learning:
    question = quiz(place.script_id, place.language, seed=place.seed)[place.number]
    return Learning(
        "quiz",
        place.script_id,
        title_of(place.script_id, place.language),
        question=question.asked,
        answers=len(question.answers),
        asked=str(place),
    )


def _kept(services: Services, turn: Turn) -> Learning | None:
    """Return what was learned; note it where the customer has just said yes to that."""
    kind, _, rest = turn.asked.partition(":")
    script_id, _, how = rest.partition(":")
    if script_id not in script_ids():
        return None
    title = title_of(script_id, turn.language)
    if kind == "quiz_offer":
        return Learning("lesson", script_id, title)
    # Only these words, asked just before, are a consent.
    agreed = kind == "note" and how in ("lesson", "quiz") and _agrees(turn)
    return Learning(how, script_id, title, noted=agreed and _note(services, turn, script_id, how))


def _agrees(turn: Turn) -> bool:
    return turn.button == "affirm" or turn.intent == "affirm"


def _note(services: Services, turn: Turn, script_id: str, how: str) -> bool:
    """Record what was learned, for the customer whom the bank knows; return whether it is kept."""
    now = services.now()
    try:
        with services.sessions.begin() as session:
            contact = session.scalar(select(Contact).where(Contact.address == turn.address))
            customer = contact.customer if contact else None
            if customer is None:
                return False
            record_education(
                session,
                customer.code,
                [script_id],
                known=script_ids(),
                day=today_at(customer.branch, now),
                how=how,
                consented=now,
                now=now,
            )
    except (SQLAlchemyError, SecondVoiceError) as error:
        logger.error("lesson of %s not noted: %s", turn.address, type(error).__name__)
        return False
    return True
