"""Claiming what is owed, and recording how its delivery ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, literal, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.casework.base import storable
from bot.casework.models import Case, CaseEvent, Escalation, OutboxMessage, PushedMessage

ERROR_CHARACTERS = 300
_Locked = TypeVar("_Locked", Case, Escalation, OutboxMessage)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that this worker may deliver until its lease ends; plain values, no session."""

    id: int
    dedupe_key: str
    method: str
    receiver: str
    recipient: str
    subject: str
    body: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one attempt to deliver a message ended.

    Args:
        message_id: The message.
        at: When it ended, aware.
        error: What went wrong, without secrets or customers' words; None for a delivery.
        retry_at: When to try again, aware; None gives a message that failed up.
    """

    message_id: int
    at: datetime
    error: str | None = None
    retry_at: datetime | None = None


def claim(
    session: Session,
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    room: Callable[[str], int] | None = None,
) -> list[Claimed]:
    """Claim messages that are due; the caller commits before it delivers.

    Messages never tried go before retries, so that a dead address cannot hold up the others.

    Args:
        session: The open session.
        worker: Who claims.
        now: The moment, aware.
        lease: How long nobody else may claim the messages.
        limit: How many at most.
        room: How many more a receiver may be given at once; None sets no bound.
    """
    claimed: list[Claimed] = []
    given: dict[str, int] = {}
    full: set[str] = set()
    while len(claimed) < limit:
        wanted = limit - len(claimed)
        rows = _due(session, now=now, but=full, taken=[row.id for row in claimed], limit=wanted)
        fitting: list[Claimed] = []
        for row in rows:
            if room is None or given.get(row.receiver, 0) < room(row.receiver):
                given[row.receiver] = given.get(row.receiver, 0) + 1
                fitting.append(row)
            else:
                full.add(row.receiver)
        claimed += fitting
        if len(rows) < wanted or len(fitting) == len(rows):
            break
    if claimed:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_([row.id for row in claimed]))
            .values(claimed_by=worker, claimed_until=now + lease)
            .execution_options(synchronize_session=False)
        )
    return claimed


def claim_next(session: Session, *, worker: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Claim the next message that is due, as :func:`claim` does; None where none is."""
    claimed = claim(session, worker=worker, now=now, lease=lease, limit=1)
    return claimed[0] if claimed else None


def mark_sent(session: Session, message_id: int, *, now: datetime) -> None:
    """Record one delivery, as :func:`record` does."""
    record(session, [Outcome(message_id=message_id, at=now)], worker="")


def mark_failed(
    session: Session,
    message_id: int,
    *,
    worker: str,
    error: str,
    retry_at: datetime | None,
    now: datetime,
) -> None:
    """Record one failed delivery, as :func:`record` does."""
    outcome = Outcome(message_id=message_id, at=now, error=error, retry_at=retry_at)
    record(session, [outcome], worker=worker)


def record(session: Session, outcomes: Iterable[Outcome], *, worker: str) -> None:
    """Record how attempts ended: sent, due again later, or dead.

    A delivery counts even from a worker whose lease has ended: it has been made. A failure of such
    a worker changes nothing. When a message of a pending escalation dies and its recipient has got
    no other, the next person is due to be asked at once: nobody waits for what cannot arrive.

    Args:
        session: The open session; the caller commits.
        outcomes: How the attempts ended, at most one for a message.
        worker: Who tried.
    """
    by_id = {outcome.message_id: outcome for outcome in outcomes}
    dying = {key for key, outcome in by_id.items() if outcome.error and not outcome.retry_at}
    for row in locked_messages(session, by_id, dying=dying):
        outcome = by_id[row.id]
        if outcome.error is None:
            _sent(session, row, outcome)
        elif row.status == "pending" and row.claimed_by == worker:
            _failed(session, row, outcome, error=outcome.error)
    session.flush()


def record_lost(session: Session, dedupe_key: str, *, error: str, now: datetime) -> bool:
    """Record that a receiver did not bring on what it had taken; the message is dead.

    What was noted of its arrival is forgotten, so that it can be sent once more on request.

    Args:
        session: The open session; the caller commits.
        dedupe_key: The message.
        error: Why, without anything secret.
        now: The moment, aware.

    Returns:
        False where the message is still being sent, so that this has to be told again later.
    """
    found = session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == dedupe_key))
    for row in locked_messages(session, [found] if found else [], dying=[found] if found else []):
        if row.status == "pending":
            return False
        if row.status == "sent":
            row.status, row.sent_at = "dead", None
            row.last_error = storable(error)[:ERROR_CHARACTERS]
            _tell_timeline(session, row, kind="delivery_dead", now=now)
            _wake_the_next(session, row, now=now)
        parts = PushedMessage.dedupe_key.startswith(f"{dedupe_key}#", autoescape=True)
        session.execute(delete(PushedMessage).where(parts))
    session.flush()
    return True


def locked_messages(
    session: Session, ids: Iterable[int], *, dying: Collection[int] = ()
) -> list[OutboxMessage]:
    """Lock messages in everybody's order: cases, escalations, messages, each by its number.

    Args:
        session: The open session.
        ids: Numbers of the messages; those that no message has are passed over.
        dying: Which of them may die, so that their escalations are locked too.
    """
    owners = session.execute(
        select(OutboxMessage.id, OutboxMessage.case_id, OutboxMessage.escalation_id).where(
            OutboxMessage.id.in_(list(ids))
        )
    ).all()
    cases = _lock(session, Case, {row.case_id for row in owners if row.case_id})
    _lock(
        session,
        Escalation,
        {row.escalation_id for row in owners if row.escalation_id and row.id in dying},
    )
    rows = _lock(session, OutboxMessage, {row.id for row in owners})
    by_id = {case.id: case for case in cases}
    for row in rows:
        # Otherwise each would ask the database for its case once more.
        set_committed_value(row, "case", by_id.get(row.case_id) if row.case_id else None)
    return rows


def _due(
    session: Session, *, now: datetime, but: set[str], taken: Sequence[int], limit: int
) -> list[Claimed]:
    message = OutboxMessage
    query = (
        select(
            *(message.id, message.dedupe_key, message.method, message.receiver),
            *(message.recipient, message.subject, message.body, message.attempts),
        )
        .where(
            # Written into the statement, so that PostgreSQL sees that the partial index fits.
            message.status == literal("pending", literal_execute=True),
            message.due <= now,
            or_(message.claimed_until.is_(None), message.claimed_until < now),
        )
        .order_by(message.attempts, message.due, message.id)
        .limit(limit)
        # PostgreSQL skips what another worker is claiming; SQLite has one writer at a time.
        .with_for_update(skip_locked=True)
    )
    if but:
        query = query.where(message.receiver.not_in(sorted(but)))
    if taken:
        query = query.where(message.id.not_in(taken))
    return [Claimed(**row) for row in session.execute(query).mappings()]


def _lock(session: Session, model: type[_Locked], ids: Iterable[int]) -> list[_Locked]:
    wanted = sorted(ids)
    if not wanted:
        return []
    query = select(model).where(model.id.in_(wanted)).order_by(model.id)
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.flush()
    return list(session.scalars(locking))


def _sent(session: Session, row: OutboxMessage, outcome: Outcome) -> None:
    if row.status == "sent":
        return
    row.status, row.sent_at = "sent", outcome.at
    row.attempts += 1
    row.claimed_by = row.claimed_until = row.last_error = None
    _tell_timeline(session, row, kind="notified", now=outcome.at)


def _failed(session: Session, row: OutboxMessage, outcome: Outcome, *, error: str) -> None:
    row.attempts += 1
    row.last_error = storable(error)[:ERROR_CHARACTERS]
    row.claimed_by = row.claimed_until = None
    if outcome.retry_at is not None:
        row.due = outcome.retry_at
        return
    row.status = "dead"
    _tell_timeline(session, row, kind="delivery_dead", now=outcome.at)
    _wake_the_next(session, row, now=outcome.at)


def _wake_the_next(session: Session, row: OutboxMessage, *, now: datetime) -> None:
    """Let the next person be asked at once where this was the recipient's only news."""
    escalation = row.escalation
    if escalation is None or escalation.status != "pending":
        return
    session.flush()
    reached = select(OutboxMessage.id).where(
        OutboxMessage.escalation_id == escalation.id,
        OutboxMessage.recipient == row.recipient,
        OutboxMessage.status == "sent",
    )
    if session.scalar(reached.limit(1)) is None:
        escalation.next_ask = now if escalation.next_ask is None else min(escalation.next_ask, now)


def _tell_timeline(session: Session, row: OutboxMessage, *, kind: str, now: datetime) -> None:
    """Append to the case's timeline; all events of a record are written together at its end."""
    if row.case is None:
        return
    detail = {"recipient": row.recipient, "message": row.id, "escalation": row.escalation_id}
    session.add(CaseEvent(case=row.case, kind=kind, at=now, detail=detail))
    row.case.updated = max(row.case.updated, now)
