"""The bank's side says that it is not calling: the one thing that no caller can say for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.identity.keeping import end_word, live_word
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Case
from bot.casework.pushes import push

Denial = Callable[[str, str], str]
"""Puts into a language (the second argument) that a person (the first, by name) is not calling."""


def deny(session: Session, case: Case, *, by: AccountManager, words: Denial, now: datetime) -> bool:
    """Record that somebody of the bank is not calling this customer, and tell the customer so.

    Only while a question waits for an answer: later the customer would not know what it is about.

    Args:
        session: The open session; the caller commits.
        case: The case.
        by: Who is not calling.
        words: What the customer is told.
        now: The moment, aware.

    Returns:
        Whether there was a question to answer.
    """
    lock_row(session, case)
    word = live_word(session, case, now=now)
    if word is None:
        return False
    end_word(session, case, why="denied", now=now)
    add_event(session, case, kind="caller_denied", now=now, word=word.id, by=by.code)
    language = case.contact.language
    push(
        session,
        case.contact,
        dedupe_key=f"identity:{word.id}:denied",
        text=words(by.name_in(language), language),
        lang=language,
        now=now,
        case=case,
    )
    return True
