"""What people see of the outbox, and how they send dead messages out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casework.deliveries import locked_messages
from bot.casework.events import add_event
from bot.casework.models import Case, OutboxMessage
from bot.errors import NotFoundError

STATUSES = ("pending", "sent", "dead")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One message as people see it: no text, no address of a method, no secret.

    Args:
        id: Its number.
        status: ``pending``, ``sent`` or ``dead``.
        case: Reference of its case; None where it has none.
        recipient: Code of the person or address of the contact.
        method: The scheme of the method.
        attempts: How often delivery was tried.
        created: When it was owed.
        due: When it is tried next, or was tried last.
        sent_at: When it was delivered; None while it is not.
        last_error: What went wrong the last time.
    """

    id: int
    status: str
    case: str | None
    recipient: str
    method: str
    attempts: int
    created: datetime
    due: datetime
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, kw_only=True)
class Retried:
    """What became of messages that were to be sent again.

    Args:
        again: Numbers of those that are due now.
        left: Numbers of those that were left alone, being sent or under way already.
    """

    again: tuple[int, ...]
    left: tuple[int, ...]


def listed(
    session: Session, *, status: str | None = None, reference: str | None = None, limit: int = 100
) -> list[Listed]:
    """List messages, the newest first.

    Args:
        session: The open session.
        status: Only those of this status; None for all.
        reference: Only those of the case with this reference; None for all.
        limit: How many at most.

    Raises:
        NotFoundError: There is no such case.
    """
    query = select(OutboxMessage, Case.reference).outerjoin(OutboxMessage.case)
    if status is not None:
        query = query.where(OutboxMessage.status == status)
    if reference is not None:
        if session.scalar(select(Case.id).where(Case.reference == reference)) is None:
            raise NotFoundError(f"There is no case {reference}.")
        query = query.where(Case.reference == reference)
    rows = session.execute(query.order_by(OutboxMessage.id.desc()).limit(limit))
    return [_listed(message, case) for message, case in rows]


def counts(session: Session) -> dict[str, int]:
    """Return how many messages there are of each status."""
    query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {status: found.get(status, 0) for status in STATUSES}


def retry(session: Session, ids: Iterable[int] | None, *, now: datetime) -> Retried:
    """Send messages out again: dead ones, and those that wait for their next attempt.

    They get all their attempts anew. A second call changes nothing more.

    Args:
        session: The open session; the caller commits.
        ids: Their numbers; None for all that are dead.
        now: The moment, aware.

    Raises:
        NotFoundError: A number that no message has; then nothing is changed.
    """
    wanted = _dead(session) if ids is None else sorted(set(ids))
    rows = locked_messages(session, wanted)
    unknown = set(wanted) - {row.id for row in rows}
    if unknown:
        numbers = ", ".join(map(str, sorted(unknown)))
        raise NotFoundError(f"There is no outbox message {numbers}; see `secondvoice outbox list`.")
    again = []
    for row in rows:
        if row.status == "dead" and row.body:  # An old one has no words any more.
            _revive(session, row, now=now)
        elif row.status == "pending" and row.due > now and row.claimed_by is None:
            row.due = now
        else:
            continue
        again.append(row.id)
    session.flush()
    return Retried(again=tuple(again), left=tuple(sorted(set(wanted) - set(again))))


def _dead(session: Session) -> Sequence[int]:
    query = select(OutboxMessage.id).where(OutboxMessage.status == "dead")
    return session.scalars(query.order_by(OutboxMessage.id)).all()


def _revive(session: Session, row: OutboxMessage, *, now: datetime) -> None:
    row.status, row.attempts, row.due = "pending", 0, now
    if row.case is not None:
        add_event(
            session,
            row.case,
            kind="delivery_retried",
            now=now,
            recipient=row.recipient,
            message=row.id,
            escalation=row.escalation_id,
        )


def _listed(message: OutboxMessage, reference: str | None) -> Listed:
    return Listed(
        id=message.id,
        status=message.status,
        case=reference,
        recipient=message.recipient,
        # The rest of a method URL holds passwords.
        method=message.method.partition("://")[0],
        attempts=message.attempts,
        created=message.created,
        due=message.due,
        sent_at=message.sent_at,
        last_error=message.last_error,
    )
