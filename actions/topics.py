"""What each topic of the talk shows by itself, and when it brings in a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.turn import Turn


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
    "ask_person": Topic(reason="wants_a_person", always=True, opens=True),
    "ask_manager_contact": Topic(opens=True),
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
    },
    "dont_know": {
        "payment": "payment_told",
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
    "they_called_again": "called_again",
}

_FIGURES = re.compile(r"\d|[一二三四五六七八九十百千万]|thousand|hundred|million", re.IGNORECASE)
_PAYMENT_DETAILS = frozenset(
    [
        "tell_of_call",
        "has_paid",
        "out_of_scope",
        "nlu_fallback",
        "correct",
        "not_understood",
        "ask_banking",
    ]
)


#: Words with which a customer takes something back; a bare "yes, that was me" is no correction.
_TAKES_BACK = re.compile(
    r"my own|mistake|wrong|i meant|scratch that|forget (what|that|it)|not what i|misread|misheard"
    r"|take (that|it) back|correct(ion| that)|really (was|is|did)|turns? out|mixed up|never mind"
    r"|说错|弄错|搞错|记错|写错|打错|看错|听错|误会|更正|纠正|收回|我自己的|原来是|真是银行|不对|当我没说|搞混",
    re.IGNORECASE,
)
#: Words with which he says that no money has left; they always win.
_NOT_PAID = re.compile(
    r"(have|did|do|i)\s?n[o']?t\s(yet\s)?(actually\s)?(sen[dt]|pa(y|id)|transfer|wire)"
    r"|\bi?\s?(ha)?ve\s(not|never)\s(yet\s)?(sent|paid|transferred|wired)"
    r"|\b(havent|didnt)\s(sent|paid|send|pay|transfer)|nothing\s(sent|paid|has been (sent|paid))"
    r"|没有?(转|付|打|汇)(?!账?成功)|还没(有)?(转|付|打|汇|给)|一分(钱)?(都|也)?没",
    re.IGNORECASE,
)
#: Longer messages need their words, not only their sound, to be taken for these.
_NEEDS_WORDS = {
    "has_paid": frozenset({"has_paid"}),
    "on_the_phone": frozenset({"on_the_line", "keep_line_open"}),
}
_SHORT = 8  # Chinese characters count one, letters a quarter.


def topic_of(name: str, turn: Turn) -> str:
    """Return the topic that a message really belongs to, given what was said and asked before."""
    if turn.crisis:
        return "may_hurt_self" if turn.intent == "may_hurt_self" else "stay_close"
    if turn.button in BUTTONS:
        return BUTTONS[turn.button]
    if _NOT_PAID.search(turn.text) and turn.intent != "gave_secret":
        return "tell_of_call" if name == "tell_of_call" else "not_paid"
    if turn.intent in ANSWERS:
        return ANSWERS[turn.intent].get(turn.asked, "which_help")
    if turn.asked == "payment" and turn.intent in _PAYMENT_DETAILS and _FIGURES.search(turn.text):
        return "payment_told"
    if name == "correct" and (not _TAKES_BACK.search(turn.text) or turn.asked == "payment"):
        return "payment_told" if turn.asked == "payment" else "tell_of_call"
    return _by_words(name, turn)


def _by_words(name: str, turn: Turn) -> str:
    """Take a long message for a danger only when its words say so."""
    needed = _NEEDS_WORDS.get(name)
    length = sum(0.25 if sign.isascii() else 1 for sign in turn.text)
    answers = turn.asked in ("on_phone", "hung_up_yet", "answered", "sent_yet", "lost")
    if needed and length > _SHORT and not answers and not needed & turn.flags:
        return "tell_of_call"
    return name


def rule_for(topic: str) -> Topic:
    """Return how a topic touches the case."""
    return TOPICS.get(topic, _QUIET)
