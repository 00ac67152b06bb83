"""Parts that many answers share: the evidence, the next move, who has been told."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.counsel.phrases import phrases
from bot.counsel.replies.situation import Situation, Speech
from bot.recognition.language import is_cjk

_QUOTE_CHARACTERS = 90
_QUOTE_CHARACTERS_CJK = 45  # One says about as much as two letters.
_QUOTES = 2
#: A link in a quote is named and never handed on.
_LINK = re.compile(
    r"(?:https?|hxxps?)://(?P<name>[^\s/，。、]{1,200})[^\s，。、]{0,500}", re.IGNORECASE
)


def evidence_of(s: Situation) -> str:
    """Quote the customer with the reasons, two at most."""
    words = phrases(s.language)
    return "\n".join(
        words.say("evidence_next" if at else "evidence_one", quote=short(quote), why=why)
        for at, (quote, why) in enumerate(s.evidence[:_QUOTES])
    )


def next_and_do(s: Situation) -> tuple[Speech, ...]:
    """Predict the next move and give the one thing to do."""
    do = s.say("do_now", counsel=s.counsel)
    return (s.say("next_move", next=s.next), do) if s.next else (do,)


def child(s: Situation) -> tuple[Speech, ...]:
    """Bring a grown-up in where the customer is a child."""
    return (s.say("child"),) if s.young else ()


def whom_of(s: Situation) -> str:
    """Name for whom the customer reports."""
    return s.say(f"whom_{s.whom}").text


def relapse_of(s: Situation) -> tuple[Speech, ...]:
    """Say what has come true; or, to who was calm before, that nothing became truer."""
    if s.came_true:
        return (s.say("came_true", next=s.came_true),)
    return (s.say("relapse"),) if s.calm and s.warned and s.exposure != "paid" else ()


def standing_of(s: Situation) -> tuple[Speech, ...]:
    """Say where an open case stands, and what to do now."""
    assert s.script is not None  # noqa: S101 - callers look first
    key = "standing_paid" if s.exposure == "paid" else "standing"
    standing = s.say(key, title=s.script["title"][s.language])
    return (standing, s.say("do_now", counsel=s.counsel))


def told_of(s: Situation, *, again: bool = False) -> tuple[Speech, ...]:
    """Say who knows: only what has been committed, and honestly when nobody does.

    Args:
        s: The situation.
        again: Say it also of somebody who was told before this message.
    """
    if s.failed:
        return (s.say("nobody_told"),)
    if s.told is None or not (s.told.fresh or again):
        return ()
    manager = s.told.card["kind"] == "manager"
    key = "told_manager" if manager else "told_duty_desk"
    if not s.told.fresh:
        key = f"still_{key}"
    name = {"manager": s.told.card["name"]} if manager else {}
    speech = s.say(key, reference=s.told.reference, **name)
    return (with_card(speech, s.told.card),)


def with_card(speech: Speech, card: Mapping[str, str]) -> Speech:
    """Show a contact card beneath a message."""
    return Speech(speech.text, speech.buttons, card)


def short(quote: str) -> str:
    """Cut a quote to what a frightened reader takes in."""
    quote = _LINK.sub(lambda link: link["name"].replace(".", "·"), " ".join(quote.split()))
    most = _QUOTE_CHARACTERS_CJK if any(map(is_cjk, quote)) else _QUOTE_CHARACTERS
    return quote if len(quote) <= most else quote[: most - 1] + "…"
