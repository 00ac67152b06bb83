"""Whether a message answers what was asked about a payment, and whether one is of every day."""

from __future__ import annotations

from actions.meanings import ANSWERS
from actions.turn import Turn, length_of
from actions.words import says

#: What people seem to do while they answer a question about the payment.
_ANSWERS_ABOUT_PAYMENT = frozenset(
    [
        *("tell_of_call", "has_paid", "about_to_pay", "ask_banking", "correct", "is_fine"),
        *("out_of_scope", "nlu_fallback", "hung_up", "on_the_phone"),
    ]
)
#: What people seem to do while they answer a question about a payment request.
_ANSWERS_ABOUT_REQUEST = frozenset(
    [*_ANSWERS_ABOUT_PAYMENT - {"on_the_phone"}, "ask_check_payment", "not_paid", "doubts_us"]
)
#: What a name or a bank's name alone may look like.
_LOOKS_OF_A_NAME = frozenset(["ask_manager_contact", "tell_representative", "doubts_us"])
#: What a time or a way alone may look like.
_LOOKS_OF_ANYTHING = frozenset(
    ["greet", "goodbye", "small_talk", "who_are_you", "change_language", "thank"]
)
#: Red flags beside which no payment is one of every day.
_NEVER_EVERYDAY = (
    *("boss_", "advance_", "supplier_new", "supplier_account", "supplier_lookalike"),
    *(
        "supplier_payee",
        "supplier_no",
        "supplier_never",
        "upfront_",
        "odd_payment",
        "asks_transfer",
    ),
)
_CHECKED = 40  # What is longer is a request that was pasted, with words that are not his own.
_SHORT = 8


def answers_about_payment(intent: str, turn: Turn) -> bool:
    """Whether a message is taken for an answer to the question about the payment."""
    short = length_of(turn.text) <= 2 * _SHORT
    if intent == "ask_if_genuine":
        return not says("is_it_genuine").search(turn.text)
    if intent in _LOOKS_OF_A_NAME:
        return turn.asked == "payment_payee" and short
    if intent == "leave_me_alone":
        return not says("stop").search(turn.text)
    if intent == "gave_secret":  # "Online banking" alone sounds as if it had been given away.
        return turn.asked == "payment_channel" and length_of(turn.text) <= _SHORT / 2
    if intent in _LOOKS_OF_ANYTHING:
        return short
    return intent in _ANSWERS_ABOUT_PAYMENT or intent in ANSWERS


def answers_about_request(turn: Turn) -> bool:
    """Whether a message is taken for an answer to the question about a payment request."""
    intent = turn.button if turn.button in ANSWERS else turn.intent
    if says("boss_waits").search(turn.text):
        return False
    if says("have_sent").search(turn.text) and not says("paid_before").search(turn.text):
        # "Paid" of the money that was asked for is danger; of earlier bills it is the answer.
        return False
    if intent == "about_to_pay":
        return length_of(turn.text) <= _SHORT / 2
    if intent in _LOOKS_OF_ANYTHING | _LOOKS_OF_A_NAME:
        return length_of(turn.text) <= 2 * _SHORT
    return intent in _ANSWERS_ABOUT_REQUEST or intent in ANSWERS


def is_everyday(turn: Turn) -> bool:
    """Whether a payment is an honest one of every day, as far as this message tells."""
    return (
        bool(says("everyday_payment").search(turn.text))
        and not turn.warned
        and not says("alarms").search(turn.text)
        and not any(flag.startswith(_NEVER_EVERYDAY) for flag in turn.flags)
    )


def paid_now(turn: Turn) -> bool:
    """Whether what is to be checked has left already; earlier bills to the same payee have not."""
    return not says("paid_before").search(turn.text) and length_of(turn.text) <= _CHECKED
