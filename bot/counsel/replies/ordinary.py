"""What is no danger, and what was not understood."""

from __future__ import annotations

from bot.counsel.replies.money import with_question
from bot.counsel.replies.situation import Reply, Situation


def ask_banking(s: Situation) -> Reply:
    """Point to the right place, without alarm."""
    return Reply((s.say("banking"),))


def change_language(s: Situation) -> Reply:
    """Go on in the language asked for."""
    return Reply((s.say("language"),), "story")


def not_understood(s: Situation) -> Reply:
    """Ask once in other words; the second time a person must do."""
    if s.misses > 1:
        buttons = ("manager" if s.manager else "person",)
        return Reply((s.say("not_understood_person", *buttons),))
    if s.warned and s.script:
        return _keep_to_the_step(s)
    return Reply((s.say("not_understood"),), "story")


def _keep_to_the_step(s: Situation) -> Reply:
    """Inside a case, what was not understood changes nothing of what to do now."""
    step = s.say("do_now", counsel=s.counsel)
    if s.exposure == "paid":
        return with_question(s, (s.say("not_understood_in_case"), step))
    question = s.say("before_you_pay_question", "not_paid", "paid")
    return Reply((s.say("not_understood_in_case"), step, question), "sent_yet")


def greet(s: Situation) -> Reply:
    """Say who is here, and ask."""
    return Reply((s.say("greet"),), "story")


def goodbye(s: Situation) -> Reply:
    """Leave the door open."""
    return Reply((s.say("goodbye"),))


def thank(s: Situation) -> Reply:
    """Praise the asking."""
    return Reply((s.say("thank"),))


def small_talk(s: Situation) -> Reply:
    """Come back to what matters."""
    return Reply((s.say("small_talk"),), "story")


def who_are_you(s: Situation) -> Reply:
    """Say what we are and what we never ask."""
    return Reply((s.say("who_are_you"),))
