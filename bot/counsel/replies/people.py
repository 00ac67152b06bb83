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
    """Obey, and say who else knows of the wish."""
    if s.silenced:
        return Reply((s.say("leave_alone_told", name=s.silenced),))
    return Reply((s.say("leave_alone"),))


def ask_if_told(s: Situation) -> Reply:
    """Say what is committed about who knows, and nothing else."""
    known = s.known
    if s.failed:
        return Reply(told_of(s))
    if known.kind == "nobody":
        question = s.say("if_told_nobody_question", "affirm", "deny")
        return Reply((s.say("if_told_nobody"), question), "help_check")
    fields = {"name": known.name, "time": known.time, "phone": known.phone}
    return Reply((s.say(f"if_told_{known.kind}", reference=known.reference, **fields),))


def message_again(s: Situation) -> Reply:
    """Promise to look in again, where there is a danger to look in for."""
    return Reply((s.say("message_again" if s.warned else "message_any_time"),))


def close_with_somebody(s: Situation) -> Reply:
    """He is not alone: keep it so."""
    return Reply((s.say("close_with_somebody"),), "close")


def close_alone(s: Situation) -> Reply:
    """He is alone: the nearest human, by telephone or next door."""
    return Reply((s.say("close_alone"), *told_of(s)), "close")


def close_relieved(s: Situation) -> Reply:
    """He says that it was not meant so: believe him, and leave the door open."""
    return Reply((s.say("close_relieved"),), "story")


def annoyed(s: Situation) -> Reply:
    """Be brief, and stop nothing that protects him."""
    return Reply((s.say("annoyed"),))


def angry(s: Situation) -> Reply:
    """Few words, one thing to do, and a person."""
    button = "manager" if s.manager else "person"
    return Reply((s.say("angry_paid" if s.exposure == "paid" else "angry", button),))


def reported(s: Situation) -> Reply:
    """Praise it, say what to keep, and warn of those who pose as the police."""
    return Reply((s.say("reported"), s.say("reported_beware")))
