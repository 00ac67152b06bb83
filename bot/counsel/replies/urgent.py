"""What cannot wait for a better understanding."""

from __future__ import annotations

from bot.counsel.replies.parts import child, told_of
from bot.counsel.replies.situation import Reply, Situation


def at_door(s: Situation) -> Reply:
    """Keep the door shut: who collects money is there."""
    return Reply((s.say("at_door"), *child(s), *told_of(s)))


def pay_no_more(s: Situation) -> Reply:
    """Hold the second payment, whatever it is called."""
    return Reply((s.say("pay_no_more"), *told_of(s)))


def too_late(s: Situation) -> Reply:
    """Turn despair of the money into the next step, without a promise."""
    return Reply((s.say("too_late"), *told_of(s)))


def found_safe(s: Situation) -> Reply:
    """The threat was empty: end it there."""
    return Reply((s.say("found_safe"),))


def keeps_private(s: Situation) -> Reply:
    """Say who learns of it: shame is no order of the caller's."""
    return Reply((s.say("keeps_private"),))


def lost_cards(s: Situation) -> Reply:
    """Have lost cards blocked; no caller is involved."""
    return Reply((s.say("lost_cards"),))


def has_checked(s: Situation) -> Reply:
    """Ask on which number it was checked."""
    return Reply((s.say("has_checked"), s.say("has_checked_question")), "story")
