"""What a message says of the two words by which a customer knows his account manager."""

from __future__ import annotations

from actions.turn import Turn
from actions.words import says

ASKS = "ask_is_it_manager"
SEEN, SAID, DIFFERS, COMPARE = (
    "managers_word_seen",
    "managers_word_said",
    "managers_word_differs",
    "managers_word_compare",
)
ASKED = "managers_word"
"""What was asked after the words were shown: whether the caller has said them."""

#: These are heard first, whatever is said of the words.
_COME_FIRST = frozenset(
    [
        *("has_paid", "payment_told", "gave_secret", "about_to_pay", "may_hurt_self"),
        *("shares_screen", "ask_person", "leave_me_alone", "hung_up"),
    ]
)


def word_topic(name: str, turn: Turn) -> str:
    """Return what a message says of the two words; empty where it is not about them.

    Which words it names plays no part: nobody learns here whether they are the right ones.

    Args:
        name: What the message seemed to be.
        turn: The message.
    """
    if name in _COME_FIRST or turn.button:
        return ""
    if says("knows_word_not").search(turn.text):
        return DIFFERS
    if says("knows_word").search(turn.text):
        return SAID
    if says("manager_saw_word").search(turn.text):
        return SEEN
    if says("tells_word").search(turn.text):
        return COMPARE
    return _answer(name, turn) if turn.asked == ASKED else ""


def _answer(name: str, turn: Turn) -> str:
    """Return what a message says right after the words were shown."""
    if name == "ask_if_told":
        return SEEN
    if turn.warned:  # More is said there than two words.
        return ""
    bare = name == "not_understood"
    return COMPARE if bare or says("tells_it_is").search(turn.text) else ""
