"""Money is about to leave, has left, or stays."""

from __future__ import annotations

from bot.counsel.replies.parts import told_of
from bot.counsel.replies.situation import Reply, Situation


def about_to_pay(s: Situation) -> Reply:
    """Hold the payment, name the pattern, predict."""
    speeches = [s.say("before_you_pay")]
    if s.warned and s.next:
        speeches.append(s.say("next_move", next=s.next))
    question = s.say("before_you_pay_question", "not_paid", "paid", "check")
    return Reply((*speeches, *told_of(s), question), "sent_yet")


def not_paid(s: Situation) -> Reply:
    """Keep the money where it is."""
    counsel = s.counsel if s.script and s.warned else ""
    return Reply((s.say("not_paid_yet", "what_next", "check", counsel=counsel),))


def has_paid(s: Situation) -> Reply:
    """Say what to do before the first question."""
    return Reply(
        (s.say("paid_first"), s.say("paid_blame"), *told_of(s), s.say("paid_question")), "payment"
    )


def payment_told(s: Situation) -> Reply:
    """Thank for what was told of the payment, and warn of the second scam."""
    if s.told is None:
        return has_paid(s)
    noted = s.say("paid_noted", reference=s.told.reference)
    return Reply((noted, s.say("paid_warning"), *told_of(s)))
