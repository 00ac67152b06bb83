"""Who of the bank has seen the two words; the timeline of the case knows, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.models import AccountManager, CaseEvent, IdentityWord
from bot.casework.people import current_manager

_KIND = "word_shown"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody of the bank has opened the page with the words.

    Args:
        person: Who.
        at: When, aware.
    """

    person: AccountManager
    at: datetime


def note_seen(
    session: Session, word: IdentityWord, person: AccountManager, *, now: datetime
) -> None:
    """Record that somebody sees the words, the first time that he does.

    Args:
        session: The open session; the caller commits.
        word: The words.
        person: Who sees them.
        now: The moment, aware.
    """
    if person.code not in [str(event.detail["by"]) for event in _events(session, word)]:
        add_event(session, word.case, kind=_KIND, now=now, word=word.id, by=person.code)


def seen_by(session: Session, word: IdentityWord) -> Seen | None:
    """Return who has seen the words: the customer's own manager before anybody else.

    Args:
        session: The open session; nothing is written.
        word: The words.
    """
    seen = [
        Seen(person=person, at=event.at)
        for event in _events(session, word)
        if (person := _person(session, str(event.detail["by"]))) is not None
    ]
    customer = word.case.customer
    own = current_manager(customer.account_manager) if customer is not None else None
    return next((one for one in seen if one.person is own), seen[0] if seen else None)


def _events(session: Session, word: IdentityWord) -> list[CaseEvent]:
    events = session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == word.case_id, CaseEvent.kind == _KIND)
        .order_by(CaseEvent.id)
    )
    return [event for event in events if event.detail["word"] == word.id]


def _person(session: Session, code: str) -> AccountManager | None:
    return session.scalar(select(AccountManager).where(AccountManager.code == code))
