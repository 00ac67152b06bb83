"""The caller sees the screen, or has got something: what is locked first."""

from __future__ import annotations

from bot.counsel.replies.money import with_question
from bot.counsel.replies.parts import child, told_of
from bot.counsel.replies.situation import Reply, Situation, Speech

_KINDS = ("got_code", "got_password", "got_card", "got_identity", "got_control")


def shares_screen(s: Situation) -> Reply:
    """Cut the sight first, then ring from another phone, then ask what was seen."""
    first = s.say("screen_control" if "control" in s.lost else "screen_off")
    question = s.say("screen_question", *_KINDS[:3], "got_nothing")
    return Reply((*child(s), first, *told_of(s), question), "secret")


def gave_secret(s: Situation) -> Reply:
    """Lock what they can reach, in the order in which it can hurt."""
    if not s.lost:
        first = s.say("secret_given_other" if s.whom else "secret_given")
        question = s.say("secret_given_question", *_KINDS)
        return Reply((*child(s), first, *told_of(s), question), "secret")
    speeches = (*child(s), _lock(s), *told_of(s))
    if s.exposure == "paid":
        return with_question(s, speeches)
    return Reply((*speeches, s.say("secret_money_question", "paid", "not_paid")), "sent_yet")


def nothing_lost(s: Situation) -> Reply:
    """Say so, and prepare for the evening."""
    key = "all_right" if s.exposure == "paid" else "nothing_lost"
    return Reply((s.say(key, "they_called_again"),))


def _lock(s: Situation) -> Speech:
    if len(s.lost) == 1:
        return s.say(f"secret_{s.lost[0]}")
    steps = [s.say(f"secret_step_{kind}").text for kind in s.lost]
    listed = "\n".join(f"{at}. {step}" for at, step in enumerate(steps, start=1))
    return s.say("secret_several", steps=listed)
