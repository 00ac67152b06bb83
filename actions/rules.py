"""How each topic of the talk touches the case, and when it brings in a person."""

from __future__ import annotations

from dataclasses import dataclass

from actions.learning_topics import LEARNING


@dataclass(frozen=True)
class Topic:
    """How one topic touches the case.

    Args:
        exposure: What it shows by itself of how far in the customer is.
        reason: Why a person is asked, a key of the handover words; empty asks nobody.
        always: Whether a person is asked even where no scam was recognised.
        opens: Whether it opens a case by itself.
        known: Whether, for a customer whom we know, a person is asked as with ``always``.
        evidence: Whether what the message says is about the customer's own case.
    """

    exposure: str = "asking"
    reason: str = ""
    always: bool = False
    opens: bool = False
    known: bool = False
    evidence: bool = True


_QUIET = Topic()

TOPICS: dict[str, Topic] = {
    "tell_of_call": Topic(reason="engaged"),
    "ask_if_genuine": Topic(reason="engaged"),
    "on_the_phone": Topic(exposure="engaged", reason="on_the_phone_now", opens=True),
    "still_on": Topic(exposure="engaged", reason="on_the_phone_now"),
    "about_to_pay": Topic(exposure="engaged", reason="about_to_pay", opens=True),
    "called_again": Topic(exposure="engaged", reason="called_again", opens=True),
    "gave_secret": Topic(exposure="disclosed", reason="gave_a_code", always=True, opens=True),
    "has_paid": Topic(exposure="paid", reason="has_paid", always=True, opens=True),
    "payment_told": Topic(exposure="paid", reason="has_paid", always=True, opens=True),
    "shares_screen": Topic(exposure="engaged", reason="engaged", opens=True),
    "told_to_keep_quiet": Topic(exposure="engaged", reason="engaged", opens=True),
    "at_door": Topic(exposure="engaged", reason="about_to_pay", always=True, opens=True),
    "pay_no_more": Topic(exposure="paid", reason="has_paid", always=True, opens=True),
    "too_late": Topic(reason="engaged"),
    "family_cry": Topic(exposure="contacted", reason="engaged", opens=True),
    "not_understood_twice": Topic(reason="not_understood", always=True, opens=True),
    "ask_check_payment": Topic(reason="engaged", opens=True),
    "payment_request_told": Topic(reason="engaged"),
    "boss_waits": Topic(exposure="engaged", reason="about_to_pay", opens=True),
    "ask_person": Topic(reason="wants_a_person", always=True, opens=True),
    "ask_manager_contact": Topic(opens=True),
    "ask_is_it_manager": Topic(
        exposure="contacted", reason="asks_if_it_is_manager", opens=True, known=True
    ),
    "managers_word_differs": Topic(exposure="engaged", reason="engaged", known=True),
    "tell_representative": Topic(opens=True),
    "stay_close": Topic(reason="may_hurt_themselves", always=True, opens=True),
    "may_hurt_self": Topic(reason="may_hurt_themselves", always=True, opens=True),
    **dict.fromkeys(sorted(LEARNING), Topic(evidence=False)),
}


def rule_for(topic: str) -> Topic:
    """Return how a topic touches the case."""
    return TOPICS.get(topic, _QUIET)
