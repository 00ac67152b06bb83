"""Which topic a message belongs to, given what was said and asked before."""

from __future__ import annotations

from actions.learning_topics import learning_topic
from actions.meanings import ANSWERS, BUTTONS, GOT
from actions.noted import secrets_in, whom_in
from actions.payment_topics import (
    answers_about_payment,
    answers_about_request,
    is_everyday,
    paid_now,
)
from actions.turn import Turn, length_of
from actions.urgent_topics import urgent_topic
from actions.word_topics import word_topic
from actions.words import says
from bot.provenance.spotting import besides, spot
from bot.recovery import spoken

#: To these a yes that stands first is the answer; elsewhere "yes" may only mean "I see".
_YES_COUNTS = frozenset(
    [
        *("on_phone", "hung_up_yet", "answered", "help_check", "tell_whom", "representative"),
        *("close", "payment_caller"),
    ]
)
_NO_COUNTS = frozenset([*ANSWERS["deny"], "close", "payment_caller"])
_CANNOT_HANG_UP = frozenset(["hung_up", "not_understood", "tell_of_call", "leave_me_alone"])

#: Behind these a boss or a supplier may be waiting for the payment.
_MAY_WAIT = frozenset(
    [
        *("about_to_pay", "doubts_us", "tell_of_call", "annoyed", "angry", "suspects_us"),
        *("out_of_scope", "ask_check_payment", "not_understood", "told_to_keep_quiet"),
        "called_again",
    ]
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
        *("small_talk", "greet", "goodbye", "gave_secret", "may_hurt_self", "ask_if_genuine"),
        *("is_fine", "leave_me_alone", "shares_screen", "out_of_scope", "ask_if_told", "angry"),
    ]
)
#: Behind these may stand the question whether a link, a number or an account is real.
_MAY_ASK_IF_GENUINE = frozenset(
    [
        *("ask_if_genuine", "tell_of_call", "not_understood", "which_help", "ask_banking"),
        *("ask_honest_way", "doubts_us", "who_are_you", "ask_manager_contact", "is_fine"),
        *("small_talk", "greet", "goodbye", "thank", "change_language", "correct"),
    ]
)
#: Before these, what the short or frightened words of a message say does not count.
_STRONGER = frozenset(
    [
        *("may_hurt_self", "has_paid", "gave_secret", "on_the_phone", "about_to_pay"),
        *("called_again", "ask_person"),
    ]
)
_UNCLEAR = ("not_understood", "which_help", "tell_of_call", "ask_banking")
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
    if says("nobody_near").search(turn.text):
        return "close_alone"
    if says("somebody_near").search(turn.text):
        return "close_with_somebody"
    answers = {"affirm": "close_with_somebody", "deny": "close_alone"}
    return answers.get(turn.intent, "stay_close") if turn.asked == "close" else "stay_close"


def _topic(name: str, turn: Turn) -> str:
    if learned := learning_topic(name, turn):
        return learned
    if turn.button in BUTTONS and not (turn.button in GOT and turn.asked != "secret"):
        told = turn.asked == "payment_caller" and turn.button in ("hung_up", "not_on", "still_on")
        return "payment_told" if told else BUTTONS[turn.button]
    if urgent := urgent_topic(name, turn):
        return urgent
    if turn.asked.startswith("request_") and answers_about_request(turn):
        return "payment_request_told"
    if name in _MAY_WAIT and says("boss_waits").search(turn.text):
        return "boss_waits"
    if name == "leave_me_alone" and says("stop").search(turn.text):
        return "leave_me_alone"
    if turn.asked == "help_check" and name in _UNCLEAR and says("yes_please").search(turn.text):
        return "ask_person"
    if name == "goodbye" and not says("says_goodbye").search(turn.text):
        name = "tell_of_call"
    if says("not_paid").search(turn.text) and turn.intent != "gave_secret":
        return "tell_of_call" if name == "tell_of_call" else "not_paid"
    said = _said_in_few_words(name, turn)
    if said:
        return said
    if name == "tell_representative" or turn.asked == "representative":
        if says("dont_tell").search(turn.text):
            return "not_telling"
        if says("tell_request").search(turn.text):
            return "tell_representative"
    if about_word := word_topic(name, turn):
        return about_word
    intent = turn.button if turn.button in ANSWERS else _plainly(name, turn) or turn.intent
    if turn.asked.startswith("payment_") and answers_about_payment(intent, turn):
        return "payment_told"
    if _asks_if_genuine(name, turn):
        return "ask_if_genuine"
    if intent in ANSWERS:
        return _bare_answer(intent, turn)
    lost = bool(says("have_sent").search(turn.text))
    if name in ("message_again", "leave_me_alone") and not lost:
        return _about_messages(name, turn)
    if name == "angry" and says("stop").search(turn.text):
        return "leave_me_alone"
    if name == "correct" and not says("takes_back").search(turn.text):
        return "tell_of_call"
    return _by_words("tell_of_call" if name == "tell_representative" else name, turn)


def _bare_answer(intent: str, turn: Turn) -> str:
    """Return what a yes or a no means; a longer one is no answer to whether money has left."""
    if (
        intent == "deny"
        and turn.asked == "sent_yet"
        and not says("says_no").search(turn.text)
        and length_of(turn.text) > _SHORT
    ):
        return "tell_of_call"
    return ANSWERS[intent].get(turn.asked, "which_help")


def _plainly(name: str, turn: Turn) -> str:
    """Return the yes or no that stands first in a message, where one was asked for."""
    loud = name in ("has_paid", "gave_secret", "may_hurt_self", "ask_person")
    if (
        loud
        or turn.intent in ANSWERS
        or length_of(turn.text) > 3 * _SHORT
        or secrets_in(turn, "gave_secret")
    ):
        return ""
    if turn.asked in _NO_COUNTS and says("says_no").search(turn.text):
        return "deny"
    return "affirm" if turn.asked in _YES_COUNTS and says("says_yes").search(turn.text) else ""


def _names_the_way(name: str, turn: Turn) -> bool:
    """Whether a short answer about a payment names the way, though it sounds like a danger."""
    return (
        turn.asked.startswith("payment_")
        and name in ("shares_screen", "gave_secret")
        and length_of(turn.text) <= 2 * _SHORT
        and not secrets_in(turn, "gave_secret")
        and spoken.channel_in(turn.text) is not None
    )


def _said_in_few_words(name: str, turn: Turn) -> str:
    """Return what a message is by its words alone, whatever its intent looks like; or nothing."""
    text, weak = turn.text, name not in _STRONGER
    if _names_the_way(name, turn):
        return "payment_told"
    if turn.asked == "hung_up_yet" and weak and says("dares_not").search(text):
        return "still_on"
    cries = name in _CANNOT_HANG_UP and length_of(text) <= 3 * _SHORT
    if cries and says("cant_hang_up").search(text):
        return "still_on" if turn.asked == "hung_up_yet" else "on_the_phone"
    if name == "about_to_pay" and says("will_ring").search(text):
        return "thank"
    if turn.asked == "secret" and name != "has_paid" and secrets_in(turn, "gave_secret"):
        return "gave_secret"
    if weak and _has_reported(turn):
        return "reported"
    if turn.asked.startswith("payment_") or turn.crisis:
        return ""
    asks_back = name == "suspects_us" or says("asks_back").search(text)
    answers = weak and not turn.flags and not asks_back and length_of(text) <= 2 * _SHORT
    if turn.asked == "tell_whom" and answers:
        return "tell_nobody" if says("nobody_near").search(text) else "told_one"
    if turn.asked in ("", "story") and turn.misses <= 1 and says("silent").search(text):
        return "silent"
    if weak and not turn.flags and turn.misses <= 1 and says("cries").search(text):
        return "cries"
    if weak and not turn.earlier and says("family_cry").search(text):
        return "family_cry"
    return ""


def _has_reported(turn: Turn) -> bool:
    """Tell a customer's own report from police whom the caller brought in."""
    if turn.asked.startswith("payment_") and length_of(turn.text) > 2 * _SHORT:
        return False
    text = turn.text
    if says("not_reported").search(text) or says("have_sent").search(text):
        return False
    return bool(says("reported").search(text)) and not any("police" in f for f in turn.flags)


def _about_messages(name: str, turn: Turn) -> str:
    """Stop messages only where messages are meant; never take "stop it" for the contrary."""
    if says("stop").search(turn.text):
        return "leave_me_alone"
    return "annoyed" if name == "leave_me_alone" else name


def _asks_if_genuine(name: str, turn: Turn) -> bool:
    """Whether a link, a number or an account is shown to be looked at."""
    if name not in _MAY_ASK_IF_GENUINE or says("have_sent").search(turn.text):
        return False
    mentions = spot(turn.text)
    if not mentions:
        return False
    if turn.asked == "to_check" or says("is_it_genuine").search(turn.text):
        return True
    return length_of(besides(turn.text, mentions)) <= _SHORT / 2


def _by_words(name: str, turn: Turn) -> str:
    """Take a long message for a danger only when its words say so."""
    needed = _NEEDS_WORDS.get(name)
    answers = turn.asked in ("on_phone", "hung_up_yet", "answered")
    if name == "has_paid":
        answers = answers or turn.asked in ("sent_yet", "lost")
    elif name == "on_the_phone":
        answers = answers or bool(spoken.caller_there(turn.text) or whom_in(turn))
    sent = bool(says("have_sent").search(turn.text))
    if name == "ask_check_payment" and sent and paid_now(turn):
        return "has_paid"
    if (sent and name in _MAY_BE_PAID) or name == "has_paid":
        if is_everyday(turn):
            return "everyday_payment"
        if sent:
            return "has_paid"
    if name in ("about_to_pay", "not_understood") and is_everyday(turn):
        return "everyday_plan"
    if name == "not_understood" and says("other_person").search(turn.text):
        return "tell_of_call"
    if needed and length_of(turn.text) > _SHORT and not answers and not needed & turn.flags:
        return "tell_of_call"
    return name
