"""What messengers bring: kept once, answered in the order of its chat, resumed after a crash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.casework.models import ReceivedMessage

KEPT_FOR = timedelta(days=3)
"""Telegram delivers again for a day at most; later the key of an answered message is forgotten."""


_QUESTION_LEFT = "question_left"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message that this process may answer until its lease ends; plain values, no session."""

    id: int
    key: str
    address: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any] | None
    sent: int
    attempts: int
    received: datetime


def keep(
    session: Session,
    channel: str,
    messages: Iterable[tuple[str, str, Mapping[str, Any]]],
    *,
    now: datetime,
) -> int:
    """Keep what a messenger has brought; what is known already is not kept again.

    Args:
        session: The open session; the caller commits before it tells the messenger.
        channel: The messenger.
        messages: The messenger's own key of each message, its chat's address, and its masked body.
        now: The moment, aware.

    Returns:
        How many are new.
    """
    return sum(
        _keep_one(session, channel, key=key, address=address, body=body, now=now)
        for key, address, body in messages
    )


def something_waits(session: Session, channel: str, *, now: datetime) -> bool:
    """Tell whether a look with :func:`claim` is worth the lock that it takes."""
    due = select(ReceivedMessage.id).where(*_unanswered(channel, now)).limit(1)
    return session.scalar(due) is not None


def claim(
    session: Session,
    channel: str,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    but: Collection[int] = (),
) -> list[Waiting]:
    """Claim the next message of each chat; the caller commits before it answers.

    A chat whose earlier message is not answered yet has to wait, in whichever process that is, and
    also while the earlier one waits to be tried again: so the order of a chat is kept.

    Args:
        session: The open session.
        channel: The messenger.
        now: The moment, aware.
        lease: How long no other process may claim them.
        limit: How many at most.
        but: Ids that this process is answering at the moment.
    """
    earlier = aliased(ReceivedMessage)
    rows = session.scalars(
        select(ReceivedMessage)
        .where(
            *_unanswered(channel, now),
            ReceivedMessage.id.not_in(sorted(but)),
            ~exists().where(
                earlier.address == ReceivedMessage.address,
                earlier.channel == channel,
                earlier.done.is_(None),
                earlier.id < ReceivedMessage.id,
            ),
        )
        .order_by(ReceivedMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_until = now + lease
    return [_waiting(row) for row in rows]


def keep_answer(
    session: Session, message_id: int, answer: Mapping[str, Any], *, until: datetime
) -> None:
    """Keep what is answered before any of it is sent, so that a crash asks nothing a second time.

    Args:
        session: The open session; the caller commits.
        message_id: The message.
        answer: What is sent, as plain values.
        until: The new end of the lease, aware.
    """
    _change(session, message_id, answer=dict(answer), claimed_until=until)


def note_sent(session: Session, message_id: int, sent: int, *, until: datetime) -> None:
    """Note how many parts of the answer have been sent, and renew the lease."""
    _change(session, message_id, sent=sent, claimed_until=until)


def try_again(session: Session, message_id: int, *, attempts: int, due: datetime) -> None:
    """Let a message whose answer could not be sent be tried again later."""
    _change(session, message_id, attempts=attempts, due=due, claimed_until=None)


def finish(
    session: Session, message_id: int, *, now: datetime, question_left: bool = False
) -> None:
    """End a message: nobody needs its words any more, and they are erased.

    Args:
        session: The open session; the caller commits.
        message_id: The message.
        now: The moment, aware.
        question_left: Whether, after it, the last question of the chat is one that the customer
            has left; this alone stays of it, for the message that comes next.
    """
    body = {_QUESTION_LEFT: True} if question_left else None
    _change(session, message_id, done=now, body=body, answer=None, claimed_until=None)


def question_left(session: Session, channel: str, message: Waiting) -> bool:
    """Tell whether the customer had left the last question when he wrote a message."""
    before = session.scalar(
        select(ReceivedMessage.body)
        .where(
            ReceivedMessage.channel == channel,
            ReceivedMessage.address == message.address,
            ReceivedMessage.id < message.id,
        )
        .order_by(ReceivedMessage.id.desc())
        .limit(1)
    )
    return bool(before and before.get(_QUESTION_LEFT))


def release_all(session: Session, channel: str) -> None:
    """Give every claimed message free; for a process that is the only one to answer a messenger."""
    session.execute(
        update(ReceivedMessage)
        .where(ReceivedMessage.channel == channel, ReceivedMessage.done.is_(None))
        .values(claimed_until=None)
    )


def last_heard(session: Session, channel: str, address: str) -> datetime | None:
    """Return when a customer wrote last, of what is still known; None where nothing is."""
    return session.scalar(
        select(func.max(ReceivedMessage.received)).where(
            ReceivedMessage.channel == channel, ReceivedMessage.address == address
        )
    )


def forget_old(
    session: Session, channel: str, *, now: datetime, kept_for: timedelta = KEPT_FOR
) -> None:
    """Forget the keys of messages that the messenger does not deliver again."""
    session.execute(
        delete(ReceivedMessage).where(
            ReceivedMessage.channel == channel, ReceivedMessage.done < now - kept_for
        )
    )


def _keep_one(
    session: Session,
    channel: str,
    *,
    key: str,
    address: str,
    body: Mapping[str, Any],
    now: datetime,
) -> bool:
    known = select(ReceivedMessage.id).where(
        ReceivedMessage.channel == channel, ReceivedMessage.key == key
    )
    if session.scalar(known) is not None:
        return False
    row = ReceivedMessage(
        channel=channel, key=key, address=address, body=dict(body), due=now, received=now
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False  # Another process was told of it in the same moment.
    return True


def _unanswered(channel: str, now: datetime) -> tuple[Any, ...]:
    return (
        ReceivedMessage.channel == channel,
        ReceivedMessage.done.is_(None),
        ReceivedMessage.due <= now,
        or_(ReceivedMessage.claimed_until.is_(None), ReceivedMessage.claimed_until < now),
    )


def _waiting(row: ReceivedMessage) -> Waiting:
    return Waiting(
        id=row.id,
        key=row.key,
        address=row.address,
        body=row.body or {},
        answer=row.answer,
        sent=row.sent,
        attempts=row.attempts,
        received=row.received,
    )


def _change(session: Session, message_id: int, **values: Any) -> None:
    row = session.get_one(ReceivedMessage, message_id)
    for name, value in values.items():
        setattr(row, name, value)
