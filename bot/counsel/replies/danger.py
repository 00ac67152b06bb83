"""The caller is there, or has got something."""

from __future__ import annotations

from bot.counsel.replies.parts import next_and_do, told_of
from bot.counsel.replies.situation import Reply, Situation


def on_the_phone(s: Situation) -> Reply:
    """Cut the line first."""
    question = s.say("on_the_phone_question", "hung_up", "still_on")
    return Reply((s.say("on_the_phone"), *told_of(s), question), "hung_up_yet")


def still_on(s: Situation) -> Reply:
    """Hang up first, whatever is being said."""
    return Reply((s.say("still_on", "hung_up"), *told_of(s)), "hung_up_yet")


def called_again(s: Situation) -> Reply:
    """Resume where the case stood: the prediction has come true."""
    speeches = [s.say("again_paid" if s.exposure == "paid" else "again")]
    if s.script is not None and s.warned:
        speeches += next_and_do(s)
    question = s.say("again_question", "still_on", "hung_up", "paid")
    return Reply((*speeches, *told_of(s), question), "answered")


def hung_up(s: Situation) -> Reply:
    """Praise the hardest step, then ask what was lost."""
    question = s.say("hung_up_question", "nothing_given", "gave", "paid")
    return Reply((s.say("hung_up"), question), "lost")


def gave_secret(s: Situation) -> Reply:
    """Lock what they can reach, then ask what it was."""
    return Reply(
        (s.say("secret_given"), *told_of(s), s.say("secret_given_question", "paid", "not_paid")),
        "secret",
    )


def nothing_lost(s: Situation) -> Reply:
    """Say so, and prepare for the evening."""
    return Reply((s.say("nothing_lost", "they_called_again"),))


def lost_which(s: Situation) -> Reply:
    """Ask what was lost, because the way back differs."""
    return Reply((s.say("lost_which", "paid", "gave"),), "story")


def is_fine(s: Situation) -> Reply:
    """Leave the door open for the evening."""
    return Reply((s.say("fine", "they_called_again"),))
