"""The two words of a case: made, looked up and ended while the turn's transaction is open."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from actions.word_topics import ASKS, DIFFERS, SAID, SEEN
from actions.work import Work
from bot.casework.escalations.truth import status_for
from bot.casework.findings import Finding
from bot.casework.identity import (
    TooManyError,
    caller_may_watch,
    end_word,
    hide_pairs,
    in_words,
    live_word,
    remind,
    seen_by,
)
from bot.casework.models import Case, IdentityWord
from bot.casework.people import branch_for
from bot.counsel.replies import WordTalk


def attend_word(work: Work, case: Case, topic: str) -> WordTalk | None:
    """Make, end or look up the words of a case, as the topic wants.

    Args:
        work: The turn and the open transaction.
        case: The case, merged, with whom it concerns asked already.
        topic: What the message is about.
    """
    if topic == ASKS:
        return _asked_for(work, case)
    if topic in (SAID, DIFFERS):
        end_word(work.session, case, why="used", now=work.now)
    if topic == SEEN:
        return _looked_up(work, case)
    return None


def without_words(finding: Finding) -> Finding:
    """Return what a message showed without any two words that a quote of it might carry."""
    flags = [(flag, hide_pairs(quote)) for flag, quote in finding.red_flags]
    return replace(finding, red_flags=flags)


def _asked_for(work: Work, case: Case) -> WordTalk:
    keeper = work.services.words
    if case.customer is None:
        return WordTalk(kind="visitor")
    if caller_may_watch(case):
        # An older pair, shown before the caller could read along, is good no more either.
        end_word(work.session, case, why="replaced", now=work.now)
        return WordTalk(kind="watched")
    if keeper is None:
        return WordTalk(kind="none")
    try:
        pair = keeper.make(work.session, case, language=work.turn.language, now=work.now)
    except TooManyError:
        return WordTalk(kind="limit")
    word = live_word(work.session, case, now=work.now)
    assert word is not None  # noqa: S101 - made two lines above
    return WordTalk(
        kind="word",
        word=in_words(pair.things, work.turn.language),
        until=_clock(work, case, word),
        asked=_asked(work, case, word),
    )


def _asked(work: Work, case: Case, word: IdentityWord) -> tuple[str, ...]:
    """Ask whoever has the case to look, and return the names."""
    status = status_for(case)
    fresh = status is not None and status.created == work.now
    people = remind(work.session, word, now=work.now, fresh=fresh)
    return tuple(person.name_in(work.turn.language) for person in people)


def _looked_up(work: Work, case: Case) -> WordTalk:
    word = live_word(work.session, case, now=work.now)
    if word is None:
        return WordTalk(kind="none")
    seen = seen_by(work.session, word)
    if seen is None:
        return WordTalk(kind="unseen", until=_clock(work, case, word))
    return WordTalk(
        kind="seen",
        seen_by=seen.person.name_in(work.turn.language),
        seen_at=seen.at.astimezone(_zone(work, case)).strftime("%H:%M"),
        until=_clock(work, case, word),
    )


def _clock(work: Work, case: Case, word: IdentityWord) -> str:
    return word.expires.astimezone(_zone(work, case)).strftime("%H:%M")


def _zone(work: Work, case: Case) -> ZoneInfo:
    customer = case.customer
    return ZoneInfo(customer.timezone if customer else branch_for(work.session, case).timezone)
