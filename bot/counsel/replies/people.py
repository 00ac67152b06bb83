"""Somebody is asked for, or nobody any more."""

from __future__ import annotations

from bot.counsel.replies.parts import told_of, with_card
from bot.counsel.replies.situation import Reply, Situation


def ask_person(s: Situation) -> Reply:
    """Bring in the human; the words follow what has been committed."""
    told = told_of(s, again=True)
    if s.warned:
        return Reply(told)
    return Reply((*told, s.say("tell_more")), "story")


def ask_manager_contact(s: Situation) -> Reply:
    """Show the card and nothing else."""
    if s.told is None:
        return Reply(told_of(s) or (s.say("nobody_told"),))
    key = "card_manager" if s.told.card["kind"] == "manager" else "card_duty_desk"
    return Reply((with_card(s.say(key), s.told.card),))


def may_hurt_self(s: Situation) -> Reply:
    """Give the human and the emergency number at once, nothing else."""
    if s.told is None:
        return Reply((s.say("despair_untold"),))
    # Nobody can ring a visitor whose number we do not have.
    speech = s.say("despair" if s.manager else "despair_visitor")
    return Reply((with_card(speech, s.told.card),))


def stay_close(s: Situation) -> Reply:
    """After words of despair nothing else counts for the rest of the talk."""
    return Reply((s.say("despair_stay"), *told_of(s)), "close")


def all_right(s: Situation) -> Reply:
    """Take a no for an answer, and stay reachable."""
    return Reply((s.say("all_right", "they_called_again"),))


def leave_me_alone(s: Situation) -> Reply:
    """Obey."""
    return Reply((s.say("leave_alone"),))
