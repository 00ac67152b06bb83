"""The outbox: deliveries are owed in the transaction of their cause and carried out later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.casework.base import storable
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import Case, Escalation, OutboxMessage

ERROR_CHARACTERS = 300


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that this worker may deliver until its lease ends; plain values, no session."""

    id: int
    dedupe_key: str
    method: str
    recipient: str
    subject: str
    body: Mapping[str, Any]
    attempts: int


def put(
    session: Session,
    *,
    dedupe_key: str,
    method: str,
    recipient: str,
    subject: str,
    body: Mapping[str, Any],
    now: datetime,
    due: datetime | None = None,
    escalation: Escalation | None = None,
    case: Case | None = None,
) -> bool:
    """Owe one delivery; a second call with the same key owes nothing more.

    Args:
        session: The open session; the caller commits.
        dedupe_key: What makes the delivery the same one; never contains a secret.
        method: How it goes: ``console`` or a method URL.
        recipient: Code of the person or address of the contact.
        subject: One line without personal data.
        body: What is delivered, at least ``text``.
        now: The moment, aware.
        due: When to deliver, aware; None for at once.
        escalation: The escalation that owes it.
        case: The case that it belongs to.

    Returns:
        Whether the delivery is a new one.
    """
    known = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == dedupe_key)
    if session.scalar(known) is not None:
        return False
    message = OutboxMessage(
        dedupe_key=dedupe_key,
        method=method,
        recipient=recipient,
        subject=subject,
        body=dict(body),
        created=now,
        due=due or now,
        escalation_id=escalation.id if escalation else None,
        case_id=case.id if case else None,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        if session.scalar(known) is None:
            raise
        return False  # Another process owed the same delivery in the same moment.
    return True


def claim_next(session: Session, *, worker: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Claim the next message that is due; the caller commits before it delivers.

    Messages never tried go before retries, so that a dead address cannot hold up the others.

    Args:
        session: The open session.
        worker: Who claims.
        now: The moment, aware.
        lease: How long nobody else may claim the message.
    """
    row = session.scalar(
        select(OutboxMessage)
        .where(
            OutboxMessage.status == "pending",
            OutboxMessage.due <= now,
            or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until < now),
        )
        .order_by(OutboxMessage.attempts, OutboxMessage.due, OutboxMessage.id)
        .limit(1)
        # PostgreSQL skips what another worker is claiming; SQLite has one writer at a time.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    row.claimed_by = worker
    row.claimed_until = now + lease
    session.flush()
    return Claimed(
        id=row.id,
        dedupe_key=row.dedupe_key,
        method=row.method,
        recipient=row.recipient,
        subject=row.subject,
        body=dict(row.body),
        attempts=row.attempts,
    )


def mark_sent(session: Session, message_id: int, *, now: datetime) -> None:
    """Record a delivery, even by a worker whose lease has ended: it has been made.

    Args:
        session: The open session; the caller commits.
        message_id: The message.
        now: When it was delivered, aware.
    """
    row = _locked(session, message_id)
    if row is None or row.status == "sent":
        return
    row.status, row.sent_at = "sent", now
    row.attempts += 1
    row.claimed_by = row.claimed_until = row.last_error = None
    _tell_timeline(session, row, kind="notified", now=now)


def mark_failed(
    session: Session,
    message_id: int,
    *,
    worker: str,
    error: str,
    retry_at: datetime | None,
    now: datetime,
) -> None:
    """Record a failed delivery: due again later, or dead.

    Args:
        session: The open session; the caller commits.
        message_id: The message.
        worker: Who tried; a worker whose lease was taken over changes nothing.
        error: What went wrong, without secrets or customers' words.
        retry_at: When to try again, aware; None gives the message up.
        now: The moment, aware.
    """
    row = _locked(session, message_id)
    if row is None or row.status != "pending" or row.claimed_by != worker:
        return
    row.attempts += 1
    row.last_error = storable(error)[:ERROR_CHARACTERS]
    row.claimed_by = row.claimed_until = None
    if retry_at is not None:
        row.due = retry_at
        return
    row.status = "dead"
    _tell_timeline(session, row, kind="delivery_dead", now=now)


def _locked(session: Session, message_id: int) -> OutboxMessage | None:
    row = session.get(OutboxMessage, message_id)
    if row is not None:
        if row.case is not None:
            lock_row(session, row.case)
        lock_row(session, row)
    return row


def _tell_timeline(session: Session, row: OutboxMessage, *, kind: str, now: datetime) -> None:
    if row.case is not None:
        add_event(
            session,
            row.case,
            kind=kind,
            now=now,
            recipient=row.recipient,
            message=row.id,
            escalation=row.escalation_id,
        )
