"""What a message is by its words where a wrong guess would cost money or trust."""

from __future__ import annotations

from actions.turn import Turn, length_of
from actions.words import says

_SHORT = 16
#: What such words may look like; danger that was understood stays what it is.
_WEAK = frozenset(
    [
        *("ask_banking", "ask_honest_way", "ask_if_told", "ask_lesson", "ask_what_next", "correct"),
        *("doubts_us", "goodbye", "greet", "is_fine", "leave_me_alone", "not_understood"),
        *("out_of_scope", "small_talk", "which_help", "tell_of_call", "thank", "who_are_you"),
        *("ask_is_it_manager", "told_to_keep_quiet", "suspects_us", "angry"),
    ]
)

_MAY_DENY = frozenset(["gave_secret", "correct", "which_help", "not_understood", "tell_of_call"])
_MAY_BE_ON_THE_LINE = frozenset(
    [*("tell_of_call", "not_understood", "ask_what_next", "doubts_us", "small_talk", "greet")]
)


def urgent_topic(name: str, turn: Turn) -> str:
    """Return the topic that the words of a message name; empty where they name none.

    Args:
        name: What the message looks like.
        turn: The message.
    """
    text = turn.text
    paying = turn.asked.startswith("payment_")
    if turn.button or turn.crisis:
        return ""
    if name not in ("has_paid", "gave_secret") and _at_the_door(turn):
        return "at_door"
    sent = bool(says("have_sent").search(text))
    if paying and not sent and says("demands_more").search(text):
        return "pay_no_more"
    if name in _MAY_DENY and not sent and _gave_nothing(turn, name):
        return "nothing_lost"
    if (
        name == "gave_secret"
        and says("asked_to_give").search(text)
        and not says("gave").search(text)
    ):
        return "asked_for_secret"
    if name in _MAY_BE_ON_THE_LINE and _on_the_line(text):
        return "on_the_phone"
    if name != "has_paid" and not sent and _found_safe(turn):
        return "found_safe"
    if name == "correct" and says("sent_wrong").search(text):
        return "has_paid"
    if name not in _WEAK and not paying:
        return ""
    short = length_of(text) <= _SHORT
    if short and says("own_wish").search(text) and turn.asked != "representative":
        return "keeps_private"
    if short and not turn.flags and says("too_late").search(text):
        return "too_late"
    if paying or turn.warned:
        return ""
    return _calm_words(name, turn)


def _on_the_line(text: str) -> bool:
    """Whether the customer, or whom he reports for, has the caller on the line."""
    other = says("other_person").search(text) and says("other_on_line").search(text)
    return bool(other or says("on_line_now").search(text))


def _found_safe(turn: Turn) -> bool:
    """Whether a relative who was said to be in trouble is well; "safe accounts" are none."""
    feared = any(says("family_cry").search(one) for one in turn.earlier)
    return feared and bool(says("found_safe").search(turn.text))


def _gave_nothing(turn: Turn, name: str) -> bool:
    """Whether a message only says that no secret was given; a story may say that of the caller."""
    if name == "tell_of_call" and (turn.warned or length_of(turn.text) > _SHORT):
        return False
    return bool(says("gave_nothing").search(turn.text)) and not says("except").search(turn.text)


def _at_the_door(turn: Turn) -> bool:
    """Whether who collects the money is there; a parcel alone brings an honest courier."""
    told = bool(turn.earlier) or says("of_money").search(turn.text)
    return bool(told and says("at_door").search(turn.text))


def _calm_words(name: str, turn: Turn) -> str:
    """Return what calmer words name: lost cards, a check, a bare question whether it is fraud."""
    if not turn.flags and says("lost_cards").search(turn.text):
        return "lost_cards"
    if turn.asked not in ("secret", "lost") and says("has_checked").search(turn.text):
        return "has_checked"
    if name in ("not_understood", "out_of_scope") and says("curses").search(turn.text):
        return "angry"
    if says("is_it_fraud").search(turn.text):
        return "tell_of_call"
    of_word = turn.asked.startswith("managers_word")
    if name == "ask_if_told" and not of_word and not says("asks_who_knows").search(turn.text):
        return "tell_of_call"
    return ""
