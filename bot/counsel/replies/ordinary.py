"""What is no danger, and what was not understood."""

from __future__ import annotations

from bot.counsel.replies.money import with_question
from bot.counsel.replies.parts import child, standing_of, told_of
from bot.counsel.replies.situation import Reply, Situation, Speech


def ask_banking(s: Situation) -> Reply:
    """Point to the right place, without alarm."""
    if _in_danger(s):
        return _one_thing(s, "in_case_banking")
    return Reply((s.say("banking"),))


def change_language(s: Situation) -> Reply:
    """Go on in the language asked for, from where the case stands."""
    if s.warned and s.script:
        return _how_now(s, s.say("language_case"))
    return Reply((s.say("language"),), "story")


def not_understood(s: Situation) -> Reply:
    """Ask once in other words; the second time a person must do."""
    if s.misses > 1:
        buttons = ("manager" if s.manager else "person",)
        return Reply((s.say("not_understood_person", *buttons),))
    if s.warned and s.script:
        return _keep_to_the_step(s)
    if s.exposure == "engaged":  # The caller may be on the line still: that comes first.
        question = s.say("on_the_phone_question", "hung_up", "still_on")
        return Reply((s.say("not_understood_in_case"), question), "hung_up_yet")
    return Reply((s.say("not_understood"),), "story")


def _keep_to_the_step(s: Situation) -> Reply:
    """Inside a case, what was not understood changes nothing of what to do now."""
    step = s.say("do_now", counsel=s.counsel)
    if s.exposure == "paid":
        return with_question(s, (s.say("not_understood_in_case"), step))
    question = s.say("before_you_pay_question", "not_paid", "paid")
    return Reply((s.say("not_understood_in_case"), step, question), "sent_yet")


def greet(s: Situation) -> Reply:
    """Say who is here, and ask; in an open case, from where it stands."""
    if s.warned and s.script:
        return _how_now(s, s.say("welcome_back" if s.returns else "here"))
    return Reply((s.say("greet"),), "story")


def goodbye(s: Situation) -> Reply:
    """Leave the door open."""
    return Reply((s.say("goodbye"),))


def thank(s: Situation) -> Reply:
    """Praise the asking."""
    if _in_danger(s):
        return _one_thing(s, "in_case_thank")
    return Reply((s.say("thank"),))


def small_talk(s: Situation) -> Reply:
    """Come back to what matters."""
    if _in_danger(s):
        return _one_thing(s, "in_case_short")
    return Reply((s.say("small_talk"),), "story")


def who_are_you(s: Situation) -> Reply:
    """Say what we are and what we never ask."""
    return Reply((s.say("who_are_you"),))


def not_understood_twice(s: Situation) -> Reply:
    """A person was asked, because we do not understand; say who."""
    return Reply((s.say("person_instead"), *told_of(s, again=True)))


def silent(s: Situation) -> Reply:
    """Make answering as easy as one tap."""
    return Reply((s.say("silent", "still_on", "paid", "person"),), "story")


def cries(s: Situation) -> Reply:
    """Few words for somebody who has few."""
    question = s.say("cries_question", "still_on", "paid", "gave", "person")
    return Reply((*child(s), s.say("cries"), question), "story")


def _in_danger(s: Situation) -> bool:
    return s.warned and s.script is not None and s.exposure != "asking"


def _one_thing(s: Situation, key: str) -> Reply:
    """Answer shortly, and keep to the one thing to do."""
    return Reply((s.say(key), s.say("do_now", counsel=s.counsel)))


def _how_now(s: Situation, first: Speech) -> Reply:
    """Go on with an open case: where it stands, what to do, how it is now."""
    speeches = (first, *standing_of(s))
    if s.payment is not None and s.payment.question:
        return with_question(s, speeches)
    return Reply((*speeches, s.say("how_now", "fine", "they_called_again", "paid")), "now")
