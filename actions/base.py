"""The shape of every action: one topic, one situation, one reply."""

from __future__ import annotations

import asyncio
import logging
import traceback
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.casefile import attend
from actions.services import get_services
from actions.teaching import taught
from actions.topics import topic_of
from actions.turn import Turn, read_turn
from bot.counsel.replies import TOPICS, Reply, Situation, Speech
from bot.counsel.replies.company import with_request_question
from bot.counsel.replies.money import with_question
from bot.counsel.static import SAFE_ANSWER_MARKER

logger = logging.getLogger("secondvoice.actions")

#: After these, nothing more is asked.
_NOTHING_ELSE = frozenset(
    ["may_hurt_self", "stay_close", "close_alone", "close_with_somebody", "leave_me_alone"]
)


class CaseAction(Action, ABC):
    """Answers one topic; its name is ``action_`` and the topic."""

    @property
    @abstractmethod
    def topic(self) -> str:
        """The topic, a key of ``bot.counsel.replies.TOPICS``; a class attribute will do."""

    def name(self) -> str:
        """Return the name that rules use."""
        return f"action_{self.topic}"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 - the SDK passes it
    ) -> list[dict[str, Any]]:
        """Attend to the case off the event loop, then speak."""
        turn = self.read(read_turn(tracker))
        try:
            reply = await asyncio.to_thread(self._answer, turn)
        except Exception as error:
            # Rasa would log the whole talk; the type and the place are enough to find the fault.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "%s of %s failed: %s at %s:%s",
                *(self.name(), turn.address, type(error).__name__, place.filename, place.lineno),
            )
            dispatcher.utter_message(text=SAFE_ANSWER_MARKER)
            return []
        speak(dispatcher, reply)
        misses = 1 if reply.missed else turn.misses
        return [SlotSet("asked", reply.asked or None), SlotSet("misses", misses)]

    def read(self, turn: Turn) -> Turn:
        """Return the turn as this action sees it; what was understood ends a row of misses."""
        return replace(turn, misses=0, missed=turn.misses > 0)

    def _answer(self, turn: Turn) -> Reply:
        situation = attend(get_services(), turn, topic=topic_of(self.topic, turn))
        situation = taught(get_services(), turn, situation)
        reply = and_back_to_the_payment(situation, TOPICS[situation.topic](situation))
        return and_back_to_the_request(situation, reply)


def and_back_to_the_payment(situation: Situation, reply: Reply) -> Reply:
    """End a digression with the question about the payment that is still open.

    Args:
        situation: What is spoken about.
        reply: What the topic says; a question of its own goes before.
    """
    open_question = situation.payment is not None and situation.payment.question is not None
    if not open_question or reply.asked or situation.topic in _NOTHING_ELSE:
        return reply
    return with_question(situation, reply.speeches)


def and_back_to_the_request(situation: Situation, reply: Reply) -> Reply:
    """End a digression with the question about a payment request that is still open.

    Args:
        situation: What is spoken about.
        reply: What the topic says; a question of its own goes before, and so does a payment's.
    """
    open_question = situation.request is not None and situation.request.question is not None
    if not open_question or reply.asked or situation.topic in _NOTHING_ELSE:
        return reply
    return with_request_question(situation, reply.speeches)


def speak(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Hand the messages to Rasa; a button says its own title, as if typed."""
    for speech in reply.speeches:
        dispatcher.utter_message(
            text=speech.text,
            buttons=[{"title": title, "payload": title} for title in speech.buttons],
            json_message=_beneath(speech),
        )


def _beneath(speech: Speech) -> dict[str, Any] | None:
    """Return what is shown beneath the words: a contact card, a page of ours."""
    shown = {"card": dict(speech.card) if speech.card else None, "link": speech.link or None}
    return {key: value for key, value in shown.items() if value} or None
