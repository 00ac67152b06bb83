"""The caller is there, or has got something."""

from __future__ import annotations

from bot.counsel.replies.parts import child, next_and_do, relapse_of, told_of, whom_of
from bot.counsel.replies.situation import Reply, Situation


def on_the_phone(s: Situation) -> Reply:
    """Cut the line first."""
    if s.whom:
        question = s.say("other_call_question", "affirm", "they_on")
        speeches = (s.say("other_call", whom=whom_of(s)), *told_of(s), question)
        return Reply(speeches, "hung_up_yet")
    question = s.say("on_the_phone_question", "hung_up", "still_on")
    return Reply((*child(s), s.say("on_the_phone"), *told_of(s), question), "hung_up_yet")


def still_on(s: Situation) -> Reply:
    """Hang up first, whatever is being said."""
    return Reply((s.say("still_on", "hung_up"), *told_of(s)), "hung_up_yet")


def called_again(s: Situation) -> Reply:
    """Resume where the case stood: the prediction has come true."""
    again = "again_paid" if s.exposure == "paid" else "again" if s.warned else "again_unknown"
    speeches = [*child(s), s.say(again), *relapse_of(s)]
    if s.script is not None and s.warned:
        speeches += next_and_do(s)
    question = s.say("again_question", "still_on", "hung_up", "paid")
    return Reply((*speeches, *told_of(s), question), "answered")


def hung_up(s: Situation) -> Reply:
    """Praise the hardest step, then ask what was lost."""
    if s.exposure == "paid":
        return Reply((s.say("hung_up"),))
    if s.exposure == "disclosed":
        question = s.say("secret_money_question", "paid", "not_paid")
        return Reply((s.say("hung_up"), question), "sent_yet")
    question = s.say("hung_up_question", "nothing_given", "gave", "paid")
    return Reply((s.say("hung_up"), question), "lost")


def lost_which(s: Situation) -> Reply:
    """Ask what was lost, because the way back differs."""
    return Reply((s.say("lost_which", "paid", "gave"),), "story")


def is_fine(s: Situation) -> Reply:
    """Leave the door open for the evening."""
    return Reply((s.say("fine", "they_called_again"),))


def told_to_keep_quiet(s: Situation) -> Reply:
    """One person who knows breaks the secret."""
    speeches = [*child(s), s.say("quiet")]
    if s.coached:
        speeches.append(s.say("quiet_coached"))
    if s.warned and s.script:
        speeches += next_and_do(s)
    return Reply((*speeches, *told_of(s), s.say("quiet_question")), "tell_whom")


def told_one(s: Situation) -> Reply:
    """Give the one sentence to say."""
    return Reply((s.say("told_one"),))


def tell_nobody(s: Situation) -> Reply:
    """Be the one who is told, and bring a person."""
    key = "offer_manager_plain" if s.manager else "offer_duty_desk_plain"
    question = s.say(key, "affirm", "deny", manager=s.manager or "")
    return Reply((s.say("tell_nobody"), *told_of(s), question), "help_check")


def family_cry(s: Situation) -> Reply:
    """A relative is said to be in trouble: find out before money moves."""
    first = s.say("family_cry", counsel=s.counsel) if s.script else s.say("unsure", "check")
    if not s.script:
        return Reply((*child(s), first), "story")
    question = s.say("before_you_pay_question", "not_paid", "paid")
    return Reply((*child(s), first, *told_of(s), question), "sent_yet")
