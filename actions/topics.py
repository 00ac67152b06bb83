"""What each topic of the talk shows by itself, and when it brings in a person."""

from __future__ import annotations

from dataclasses import dataclass

from actions.turn import Turn
from actions.words import says


@dataclass(frozen=True)
class Topic:
    """How one topic touches the case.

    Args:
        exposure: What it shows by itself of how far in the customer is.
        reason: Why a person is asked, a key of the handover words; empty asks nobody.
        always: Whether a person is asked even where no scam was recognised.
        opens: Whether it opens a case by itself.
    """

    exposure: str = "asking"
    reason: str = ""
    always: bool = False
    opens: bool = False


_QUIET = Topic()

TOPICS: dict[str, Topic] = {
    "tell_of_call": Topic(reason="engaged"),
    "on_the_phone": Topic(exposure="engaged", reason="on_the_phone_now", opens=True),
    "still_on": Topic(exposure="engaged", reason="on_the_phone_now"),
    "about_to_pay": Topic(exposure="engaged", reason="about_to_pay", opens=True),
    "called_again": Topic(exposure="engaged", reason="called_again", opens=True),
    "gave_secret": Topic(exposure="disclosed", reason="gave_a_code", always=True, opens=True),
    "has_paid": Topic(exposure="paid", reason="has_paid", always=True, opens=True),
    "payment_told": Topic(exposure="paid", reason="has_paid", always=True, opens=True),
    "ask_check_payment": Topic(reason="engaged", opens=True),
    "payment_request_told": Topic(reason="engaged"),
    "boss_waits": Topic(exposure="engaged", reason="about_to_pay", opens=True),
    "ask_person": Topic(reason="wants_a_person", always=True, opens=True),
    "ask_manager_contact": Topic(opens=True),
    "tell_representative": Topic(opens=True),
    "stay_close": Topic(reason="may_hurt_themselves", always=True, opens=True),
    "may_hurt_self": Topic(reason="may_hurt_themselves", always=True, opens=True),
}

#: What a bare answer means, by what was asked.
ANSWERS: dict[str, dict[str, str]] = {
    "affirm": {
        "on_phone": "on_the_phone",
        "hung_up_yet": "hung_up",
        "sent_yet": "has_paid",
        "lost": "lost_which",
        "answered": "on_the_phone",
        "next_happened": "about_to_pay",
        "help_check": "ask_person",
        "representative": "tell_representative",
    },
    "deny": {
        "on_phone": "hung_up",
        "hung_up_yet": "still_on",
        "sent_yet": "not_paid",
        "lost": "nothing_lost",
        "answered": "nothing_lost",
        "next_happened": "not_paid",
        "help_check": "all_right",
        "secret": "nothing_lost",
        "representative": "all_right",
    },
    "dont_know": {
        "next_happened": "ask_honest_way",
        "story": "ask_honest_way",
    },
}

#: What a button means: its words are our own, so nothing has to be recognised in them.
BUTTONS: dict[str, str] = {
    "hung_up": "hung_up",
    "still_on": "on_the_phone",
    "not_on": "hung_up",
    "manager": "ask_person",
    "person": "ask_person",
    "paid": "has_paid",
    "not_paid": "not_paid",
    "what_next": "ask_what_next",
    "check": "ask_honest_way",
    "nothing_given": "nothing_lost",
    "gave": "gave_secret",
    "fine": "is_fine",
    "they_called_again": "called_again",
    **dict.fromkeys(("corporate_online", "online", "mobile", "counter", "atm"), "payment_told"),
    **dict.fromkeys(("cash", "gift_card", "crypto"), "payment_told"),
}

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
#: Behind these a boss or a supplier may be waiting for the payment.
_MAY_WAIT = frozenset(
    [
        *("about_to_pay", "doubts_us", "tell_of_call", "annoyed", "angry", "suspects_us"),
        *("out_of_scope", "ask_check_payment", "not_understood", "told_to_keep_quiet"),
    ]
)
#: What a name or a bank's name alone may look like.
_LOOKS_OF_A_NAME = frozenset(["ask_manager_contact", "tell_representative", "doubts_us"])
#: What a time or a way alone may look like.
_LOOKS_OF_ANYTHING = frozenset(
    ["greet", "goodbye", "small_talk", "who_are_you", "change_language", "thank"]
)
#: After words of despair these still count: what is lost meanwhile must be stopped.
_COUNT_EVEN_SO = frozenset(
    ["has_paid", "payment_told", "not_paid", "gave_secret", "ask_person", "ask_if_told"]
)

#: Longer messages need their words, not only their sound, to be taken for these.
_NEEDS_WORDS = {
    "has_paid": frozenset({"has_paid"}),
    "on_the_phone": frozenset({"on_the_line", "keep_line_open"}),
}
#: Behind these, words that money has left count for more than the sound of the sentence.
_MAY_BE_PAID = frozenset(
    [
        *("has_paid", "about_to_pay", "tell_of_call", "not_understood", "doubts_us", "ask_banking"),
        *("small_talk", "greet", "goodbye", "gave_secret", "may_hurt_self"),
    ]
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
_SHORT = 8  # Chinese characters count one, letters a quarter.


def topic_of(name: str, turn: Turn) -> str:
    """Return the topic that a message really belongs to, given what was said and asked before."""
    if turn.crisis == "now":
        return "may_hurt_self"
    topic = _topic(name, turn)
    if turn.crisis and topic not in _COUNT_EVEN_SO:
        return _near_despair(turn)
    return "tell_of_call" if topic == "may_hurt_self" else topic


def _near_despair(turn: Turn) -> str:
    if turn.crisis == "relieved":
        return "close_relieved"
    answers = {"affirm": "close_with_somebody", "deny": "close_alone"}
    return answers.get(turn.intent, "stay_close") if turn.asked == "close" else "stay_close"


def _topic(name: str, turn: Turn) -> str:
    if turn.button in BUTTONS:
        told = turn.asked == "payment_caller" and turn.button in ("hung_up", "not_on", "still_on")
        return "payment_told" if told else BUTTONS[turn.button]
    if turn.asked.startswith("request_") and _answers_about_request(turn):
        return "payment_request_told"
    if name in _MAY_WAIT and says("boss_waits").search(turn.text):
        return "boss_waits"
    if says("not_paid").search(turn.text) and turn.intent != "gave_secret":
        return "tell_of_call" if name == "tell_of_call" else "not_paid"
    if name == "tell_representative" or turn.asked == "representative":
        if says("dont_tell").search(turn.text):
            return "not_telling"
        if says("tell_request").search(turn.text):
            return "tell_representative"
    intent = turn.button if turn.button in ANSWERS else turn.intent
    if turn.asked.startswith("payment_") and _answers_about_payment(intent, turn):
        return "payment_told"
    if intent in ANSWERS:
        return ANSWERS[intent].get(turn.asked, "which_help")
    if name in ("message_again", "leave_me_alone"):
        return _about_messages(name, turn)
    if name == "correct" and not says("takes_back").search(turn.text):
        return "tell_of_call"
    return _by_words("tell_of_call" if name == "tell_representative" else name, turn)


def _about_messages(name: str, turn: Turn) -> str:
    """Stop messages only where messages are meant; never take "stop it" for the contrary."""
    if says("stop").search(turn.text):
        return "leave_me_alone"
    return "annoyed" if name == "leave_me_alone" else name


def _answers_about_payment(intent: str, turn: Turn) -> bool:
    """Whether a message is taken for an answer to the question about the payment."""
    short = _length(turn.text) <= 2 * _SHORT
    if intent in _LOOKS_OF_A_NAME:
        return turn.asked == "payment_payee" and short
    if intent == "leave_me_alone":
        return not says("stop").search(turn.text)
    if intent == "gave_secret":  # "Online banking" alone sounds as if it had been given away.
        return turn.asked == "payment_channel" and _length(turn.text) <= _SHORT / 2
    if intent in _LOOKS_OF_ANYTHING:
        return short
    return intent in _ANSWERS_ABOUT_PAYMENT or intent in ANSWERS


def _answers_about_request(turn: Turn) -> bool:
    """Whether a message is taken for an answer to the question about a payment request."""
    intent = turn.button if turn.button in ANSWERS else turn.intent
    if says("boss_waits").search(turn.text):
        return False
    if says("have_sent").search(turn.text) and not says("paid_before").search(turn.text):
        # "Paid" of the money that was asked for is danger; of earlier bills it is the answer.
        return False
    if intent == "about_to_pay":
        return _length(turn.text) <= _SHORT / 2
    if intent in _LOOKS_OF_ANYTHING | _LOOKS_OF_A_NAME:
        return _length(turn.text) <= 2 * _SHORT
    return intent in _ANSWERS_ABOUT_REQUEST or intent in ANSWERS


def _by_words(name: str, turn: Turn) -> str:
    """Take a long message for a danger only when its words say so."""
    needed = _NEEDS_WORDS.get(name)
    answers = turn.asked in ("on_phone", "hung_up_yet", "answered", "sent_yet", "lost")
    sent = bool(says("have_sent").search(turn.text))
    if name == "ask_check_payment" and sent and _paid_now(turn):
        return "has_paid"
    if (sent and name in _MAY_BE_PAID) or name == "has_paid":
        if _is_everyday(turn):
            return "everyday_payment"
        if sent:
            return "has_paid"
    if needed and _length(turn.text) > _SHORT and not answers and not needed & turn.flags:
        return "tell_of_call"
    return name


def _is_everyday(turn: Turn) -> bool:
    """Whether a payment is an honest one of every day, as far as this message tells."""
    return (
        bool(says("everyday_payment").search(turn.text))
        and not turn.warned
        and not says("alarms").search(turn.text)
        and not any(flag.startswith(_NEVER_EVERYDAY) for flag in turn.flags)
    )


def _paid_now(turn: Turn) -> bool:
    """Whether what is to be checked has left already; earlier bills to the same payee have not."""
    return not says("paid_before").search(turn.text) and _length(turn.text) <= _CHECKED


def _length(text: str) -> float:
    """Measure a message: a Chinese character says about as much as four letters."""
    return sum(0.25 if sign.isascii() else 1 for sign in text)


def rule_for(topic: str) -> Topic:
    """Return how a topic touches the case."""
    return TOPICS.get(topic, _QUIET)
