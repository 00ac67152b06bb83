"""A story is told, doubted, taken back."""

from __future__ import annotations

from bot.counsel.replies.company import company_of
from bot.counsel.replies.money import with_question
from bot.counsel.replies.parts import (
    child,
    evidence_of,
    next_and_do,
    relapse_of,
    short,
    told_of,
    whom_of,
)
from bot.counsel.replies.situation import Reply, Situation, Speech


def tell_of_call(s: Situation) -> Reply:
    """Answer a told story: what it is, why, what comes next, what to do, one question."""
    if not s.warned or s.script is None:
        return _not_warned(s)
    title = s.script["title"][s.language]
    speeches = [
        *child(s),
        *((s.say("welcome_back"),) if s.returns else ()),
        *((s.say("came_true", next=s.came_true),) if s.came_true else ()),
        s.say(
            "recognised_again" if s.goes_on else f"recognised_{s.level}",
            title=title,
            evidence=evidence_of(s),
        ),
        *(_for_other(s) if s.whom else (*next_and_do(s), *company_of(s))),
        *told_of(s),
    ]
    if s.exposure == "paid":
        return with_question(s, speeches)
    if s.whom:
        question = s.say("other_question", "they_not_paid", "they_paid", "they_on")
        return Reply((*speeches, question), "sent_yet")
    if s.told or s.failed:  # Whom we cannot reach, we do not offer.
        question = s.say("before_you_pay_question", "not_paid", "paid", "what_next")
        return Reply((*speeches, question), "sent_yet")
    offer = "offer_manager" if s.manager else "offer_duty_desk"
    buttons = ("still_on", "not_on", "manager" if s.manager else "person", "paid")
    return Reply((*speeches, s.say(offer, *buttons, manager=s.manager or "")), "on_phone")


def doubts_us(s: Situation) -> Reply:
    """Do not argue: give the way to check, and ask what convinces."""
    speeches = list(relapse_of(s))
    if s.said:
        quote, why = s.said[0]
        speeches.append(s.say("evidence_one", quote=short(quote), why=why))
    way = s.say("doubts", honest_way=s.honest_way) if s.script else s.say("doubts_general")
    question = s.say("doubts_question", "what_next", "manager" if s.manager else "person")
    return Reply((*speeches, way, question), "story")


def suspects_us(s: Situation) -> Reply:
    """Take no offence, and give the way to check that does not lead through us."""
    return Reply((s.say("suspects_us"), *((s.say("suspects_us_case"),) if s.warned else ())))


def ask_what_next(s: Situation) -> Reply:
    """Predict, because a prediction that comes true breaks the hold."""
    if not (s.warned and s.script and s.next):
        return Reply((s.say("next_unknown"),), "story")
    return Reply((*next_and_do(s), s.say("next_question", "affirm", "deny")), "next_happened")


def ask_honest_way(s: Situation) -> Reply:
    """Show how to check a real debt or a real case."""
    given = s.say("honest_way", honest_way=s.honest_way) if s.script else None
    question = s.say("honest_way_question", "affirm", "deny")
    return Reply((given or s.say("honest_way_general"), question), "help_check")


def correct(s: Situation) -> Reply:
    """Take back, and ask for the story again."""
    return Reply((s.say("corrected" if s.evidence else "nothing_to_correct"),), "story")


def which_help(s: Situation) -> Reply:
    """Ask for the story when an answer belongs to no question."""
    return Reply((s.say("which_help"),), "story")


def _for_other(s: Situation) -> tuple[Speech, ...]:
    """Say what helps somebody who is in a caller's hands: not arguing."""
    listen = s.say("other_listen", whom=whom_of(s))
    return (s.say("next_move", next=s.next), listen) if s.next else (listen,)


def _not_warned(s: Situation) -> Reply:
    if s.level == "clear":
        return Reply(
            (
                *child(s),
                s.say("nothing_seen"),
            ),
            "story",
        )
    if s.evidence:
        quote, why = s.evidence[0]
        noticed = s.say("unsure_evidence", quote=short(quote), why=why)
        return Reply((*child(s), noticed, s.say("unsure", "check")), "story")
    return Reply((*child(s), s.say("unsure", "check")), "story")
