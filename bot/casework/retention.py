"""Forget what has been kept long enough, a little at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, delete, exists, func, select, update
from sqlalchemy.orm import Session

from bot.casework.erasing import counts_of, erase_held
from bot.casework.held import held_by_cases
from bot.casework.models import (
    Case,
    Contact,
    Erasure,
    MessengerChat,
    OutboxMessage,
    PushedMessage,
    ReceivedMessage,
)

EVERY = timedelta(hours=1)
"""Nothing here is urgent, and every look reads whole tables."""

CASES_AT_ONCE = 50
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many days things are kept.

    Args:
        pushed: Messages that came to a chat by themselves, and web chats without a case.
        received: What a messenger has brought.
        outbox: The words of messages that were sent or given up.
        cases: Closed cases with all that hangs on them, after their last change.
    """

    pushed: float
    received: float
    outbox: float
    cases: float


@dataclass
class Retention:
    """The worker's chore; it looks once an hour and goes on in the next round while there is more.

    Args:
        kept: How many days things are kept.
    """

    kept: Kept
    _next: datetime | None = field(default=None, init=False)

    def __call__(self, session: Session, now: datetime) -> int:
        """Forget what is old, and return how many rows that were."""
        if self._next is not None and now < self._next:
            return 0
        forgotten = forget_old_data(session, now, kept=self.kept)
        self._next = None if forgotten else now + EVERY
        return forgotten


def forget_old_data(session: Session, now: datetime, *, kept: Kept) -> int:
    """Forget one portion of everything that is too old.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        kept: How many days things are kept.

    Returns:
        How many rows were deleted or emptied; a case with all that hangs on it counts as one.
    """
    return (
        _old_cases(session, now, before=now - timedelta(days=kept.cases))
        + _old_pushed(session, before=now - timedelta(days=kept.pushed))
        + _old_received(session, before=now - timedelta(days=kept.received))
        + _old_bodies(session, before=now - timedelta(days=kept.outbox))
        + _old_web_contacts(session, before=now - timedelta(days=kept.pushed))
    )


def _old_cases(session: Session, now: datetime, *, before: datetime) -> int:
    cases = session.scalars(
        select(Case)
        .where(Case.status == "closed", Case.updated < before)
        .order_by(Case.id)
        .limit(CASES_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not cases:
        return 0
    held = held_by_cases(session, cases)
    record = Erasure(kind="retention", counts=counts_of(held), at=now)
    erase_held(session, held)
    session.add(record)
    session.flush()
    return len(cases)


def _old_pushed(session: Session, *, before: datetime) -> int:
    old = select(PushedMessage.id).where(PushedMessage.at < before).limit(ROWS_AT_ONCE)
    ids = session.scalars(old).all()
    session.execute(delete(PushedMessage).where(PushedMessage.id.in_(ids)))
    return len(ids)


def _old_received(session: Session, *, before: datetime) -> int:
    old = select(ReceivedMessage.id).where(ReceivedMessage.received < before).limit(ROWS_AT_ONCE)
    ids = session.scalars(old).all()
    session.execute(delete(ReceivedMessage).where(ReceivedMessage.id.in_(ids)))
    return len(ids)


def _old_bodies(session: Session, *, before: datetime) -> int:
    """Empty messages, whose keys have to stay: they keep anybody from being told twice."""
    message = OutboxMessage
    ids = session.scalars(
        select(message.id)
        .where(
            message.status != "pending",
            func.coalesce(message.sent_at, message.due) < before,
            cast(message.body, Text) != "{}",
        )
        .limit(ROWS_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(update(message).where(message.id.in_(ids)).values(body={}))
    return len(ids)


def _old_web_contacts(session: Session, *, before: datetime) -> int:
    """Forget web chats whose tokens have long expired and which nothing refers to."""
    ids = session.scalars(
        select(Contact.id)
        .where(
            Contact.created < before,
            Contact.address.startswith("web:"),
            ~exists().where(Case.contact_id == Contact.id),
            ~exists().where(PushedMessage.contact_id == Contact.id),
            ~exists().where(MessengerChat.contact_id == Contact.id),
        )
        .limit(ROWS_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(Contact).where(Contact.id.in_(ids)))
    return len(ids)
