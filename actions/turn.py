"""One turn of the talk as the tracker tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from actions.learning_topics import answers_lesson
from actions.words import says
from bot.counsel.phrases import button_of
from bot.recognition.assessment import WARNED
from bot.recognition.language import LANGUAGES

#: Intents whose messages tell something of the case.
_TELLING = frozenset(
    [
        "tell_of_call",
        "on_the_phone",
        "about_to_pay",
        "has_paid",
        "gave_secret",
        "called_again",
        "doubts_us",
        "ask_if_genuine",
    ]
)
_EARLIER = 5
_STAYS_NEAR = 3


@dataclass(frozen=True)
class Turn:
    """What an action needs of the tracker.

    Args:
        address: The contact's address (Rasa's sender id).
        text: The customer's masked words.
        language: Language to answer in.
        intent: What he is doing.
        assessment: What recognition said of this message, as plain values.
        earlier: What he told before, the oldest first; nothing from before a correction.
        asked: What the assistant asked last; empty where the customer has left the question.
        misses: How many messages in a row were not understood.
        button: Key of the button whose title the message is; empty for the customer's own words.
        crisis: Whether he speaks of despair: ``now``, ``lately`` (in the messages just before),
            ``relieved`` (he takes it back now), or empty.
        missed: Whether the message before answered nothing that was asked.
        silence: Seconds since his message before; None where this talk has none.
    """

    address: str
    text: str
    language: str
    intent: str
    assessment: dict[str, Any]
    earlier: tuple[str, ...]
    asked: str
    misses: int
    button: str = ""
    crisis: str = ""
    missed: bool = False
    silence: float | None = None

    @property
    def flags(self) -> frozenset[str]:
        """Red flags that recognition found in this message."""
        return frozenset(item["id"] for item in self.assessment.get("red_flags", ()))

    @property
    def warned(self) -> bool:
        """Whether recognition warns of this message."""
        return self.assessment.get("level") in WARNED


def read_turn(tracker: Tracker) -> Turn:
    """Read the tracker; every field has a safe value even when Rasa left it out."""
    message = tracker.latest_message or {}
    text = message.get("text") or ""
    language = tracker.get_slot("language")
    return Turn(
        address=tracker.sender_id,
        text=text,
        language=language if language in LANGUAGES else LANGUAGES[0],
        intent=(message.get("intent") or {}).get("name") or "",
        assessment=message.get("assessment") or {},
        earlier=_earlier(tracker.events),
        asked="" if _question_left(tracker.events) else tracker.get_slot("asked") or "",
        misses=int(tracker.get_slot("misses") or 0),
        button=button_of(text),
        crisis=_crisis(tracker.events),
        silence=_silence(tracker.events),
    )


def _silence(events: list[dict[str, Any]]) -> float | None:
    said = [event.get("timestamp") for event in events if event.get("event") == "user"]
    if len(said) <= 1 or said[-1] is None or said[-2] is None:
        return None
    return float(said[-1]) - float(said[-2])


def _crisis(events: list[dict[str, Any]]) -> str:
    """Return where despair stands after the last message; it stays near for some messages."""
    since, relieved = _STAYS_NEAR + 1, False
    for event in events:
        if event.get("event") != "user":
            continue
        was_near = since <= _STAYS_NEAR
        since, relieved = (0, False) if _despairs(event) else (since + 1, False)
        if since and was_near and says("not_despair").search(event.get("text") or ""):
            since, relieved = _STAYS_NEAR + 1, True
    if relieved:
        return "relieved"
    return "now" if since == 0 else "lately" if since <= _STAYS_NEAR else ""


def _despairs(event: dict[str, Any]) -> bool:
    """Tell despair by its words, or by its sound where it is no figure of speech."""
    text = event.get("text") or ""
    if says("not_despair").search(text):
        return False
    if says("despair").search(text):
        return True
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return intent == "may_hurt_self" and not says("figure_of_speech").search(text)


def _question_left(events: list[dict[str, Any]]) -> bool:
    """Tell whether the gateway has noted that the customer left the question by command."""
    said = [event for event in events if event.get("event") == "user"]
    return bool(said and (said[-1].get("metadata") or {}).get("question_left"))


def _earlier(events: list[dict[str, Any]]) -> tuple[str, ...]:
    texts: list[str] = []
    for event, asked in _said(events)[:-1]:
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if answers_lesson(asked, event.get("text") or ""):
            continue
        if intent == "correct":
            texts.clear()
        elif intent in _TELLING and event.get("text"):
            texts.append(event["text"])
    return tuple(texts[-_EARLIER:])


def _said(events: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Return what the customer said, each with what had been asked before it."""
    said, asked = [], ""
    for event in events:
        if event.get("event") == "user":
            said.append((event, asked))
        elif event.get("event") == "slot" and event.get("name") == "asked":
            asked = event.get("value") or ""
    return said


def length_of(text: str) -> float:
    """Measure a message: a Chinese character says about as much as four letters."""
    return sum(0.25 if sign.isascii() else 1 for sign in text)
