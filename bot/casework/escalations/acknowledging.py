"""Reading and resolving: somebody says that he knows, and the asking ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.escalations.telling import Words, tell_customer
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Escalation
from bot.errors import NotFoundError


def acknowledge(
    session: Session,
    escalation_id: int,
    by: str,
    now: datetime,
    *,
    words: Words | None = None,
) -> Escalation:
    """Record that somebody has read an escalation; the first reader counts and ends the asking.

    Args:
        session: The open session; the caller commits.
        escalation_id: The escalation.
        by: Code of the account manager, leader or duty desk who read it.
        now: The moment, aware.
        words: What the customer is told of it; None tells him nothing.

    Raises:
        NotFoundError: There is no such escalation or no such person.
    """
    escalation, person = _escalation(session, escalation_id), _person(session, by)
    if escalation.status == "pending":
        escalation.status, escalation.next_ask = "acknowledged", None
        escalation.acknowledged_at, escalation.acknowledged_by = now, person
        _note(session, escalation, kind="acknowledged", by=person, now=now)
        if words is not None:
            tell_customer(session, escalation, words, news="read", now=now)
    return escalation


def resolve(
    session: Session,
    escalation_id: int,
    by: str,
    now: datetime,
    *,
    words: Words | None = None,
) -> Escalation:
    """Record that an escalation needs nothing more; who resolves it has also read it.

    Args:
        session: The open session; the caller commits.
        escalation_id: The escalation.
        by: Code of the account manager, leader or duty desk.
        now: The moment, aware.
        words: What the customer is told of it; None tells him nothing.

    Raises:
        NotFoundError: There is no such escalation or no such person.
    """
    escalation = acknowledge(session, escalation_id, by, now, words=words)
    if escalation.status == "acknowledged":
        escalation.status = "resolved"
        _note(session, escalation, kind="resolved", by=_person(session, by), now=now)
    return escalation


def _note(
    session: Session, escalation: Escalation, *, kind: str, by: AccountManager, now: datetime
) -> None:
    add_event(session, escalation.case, kind=kind, now=now, escalation=escalation.id, by=by.code)


def _escalation(session: Session, escalation_id: int) -> Escalation:
    escalation = session.get(Escalation, escalation_id)
    if escalation is None:
        raise NotFoundError(f"There is no escalation {escalation_id}.")
    lock_row(session, escalation.case)
    lock_row(session, escalation)
    return escalation


def _person(session: Session, code: str) -> AccountManager:
    person = session.scalar(select(AccountManager).where(AccountManager.code == code))
    if person is None:
        raise NotFoundError(f"No account manager has the code {code}; import the managers.")
    return person
