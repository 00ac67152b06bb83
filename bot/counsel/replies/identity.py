"""Is it really my manager? Answered from the bank's side, never from the caller's."""

from __future__ import annotations

from bot.counsel.replies.parts import told_of, with_card
from bot.counsel.replies.situation import Reply, Situation, Speech

_BUTTONS = ("word_said", "word_differs", "word_seen")


def ask_is_it_manager(s: Situation) -> Reply:
    """Show two words and how to use them; without any, the way that always works."""
    word = s.word
    if s.failed or word is None:
        return Reply((*told_of(s), s.say("identity_ring")))
    if word.kind != "word":
        key = f"identity_{word.kind}" if word.kind in ("visitor", "watched", "limit") else ""
        return Reply((s.say(key or "identity_ring"), *told_of(s)))
    shown = s.say("identity_word", word=word.word, until=word.until)
    rule = s.say("identity_rule")
    return Reply((shown, rule, *_who_looks(s), s.say("identity_question", *_BUTTONS)), _ASKED)


def managers_word_seen(s: Situation) -> Reply:
    """Say who of the bank has opened the page with the words; only what is on record."""
    if s.failed:
        return Reply((*told_of(s), s.say("identity_ring")))
    if s.word is None or s.word.kind not in ("seen", "unseen"):
        return Reply((s.say("identity_no_word"),))
    fields = {"name": s.word.seen_by, "time": s.word.seen_at, "until": s.word.until}
    return Reply((s.say(f"identity_{s.word.kind}", *_BUTTONS[:2], **fields),), _ASKED)


def managers_word_said(s: Situation) -> Reply:
    """Whoever knows the words must still keep the rules."""
    return Reply((s.say("identity_said"),))


def managers_word_differs(s: Situation) -> Reply:
    """End the call; the bank's person is asked to ring."""
    return Reply((s.say("identity_differs", "hung_up", "still_on"), *told_of(s)), "hung_up_yet")


def managers_word_compare(s: Situation) -> Reply:
    """Leave the comparing to the customer: what the chat confirmed, a caller could make it say."""
    return Reply((s.say("identity_compare", *_BUTTONS),), _ASKED)


_ASKED = "managers_word"


def _who_looks(s: Situation) -> tuple[Speech, ...]:
    if s.word is None or not s.word.asked or s.told is None:
        return ()
    names = ("、" if s.language == "zh" else ", ").join(s.word.asked)
    speech = s.say("identity_asked", names=names, reference=s.told.reference)
    return (with_card(speech, s.told.card),)
