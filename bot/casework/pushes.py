"""Messages that come to a customer's chat by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.locks import lock_row
from bot.casework.models import Case, Contact, OutboxMessage, PushedMessage
from bot.errors import NotFoundError

CHAT = "chat"
"""The method that carries a message to the contact's chat."""


def push(
    session: Session,
    contact: Contact,
    *,
    dedupe_key: str,
    text: str,
    lang: str,
    buttons: Sequence[str] = (),
    card: Mapping[str, Any] | None = None,
    now: datetime,
    case: Case | None = None,
) -> bool:
    """Owe a message to a contact's chat; who wants no more messages gets none.

    Args:
        session: The open session; the caller commits.
        contact: Whose chat.
        dedupe_key: What makes the message the same one; a second call with it owes nothing more.
        text: What the customer reads.
        lang: The language of the text.
        buttons: Titles of suggested replies; pressed, they are said as text.
        card: A contact card to show beneath, as plain values.
        now: The moment, aware.
        case: The case that it belongs to; one whose messages the customer stopped pushes nothing.

    Returns:
        Whether a new message is owed.
    """
    if case is not None and case.follow_ups_stopped:
        return False
    return outbox.put(
        session,
        dedupe_key=dedupe_key,
        method=CHAT,
        recipient=contact.address,
        subject="Message to the chat",
        body={
            "text": text,
            "lang": lang,
            "buttons": [{"title": title} for title in buttons],
            "card": dict(card) if card else None,
        },
        now=now,
        case=case,
    )


def withdraw(session: Session, case: Case, *, prefix: str) -> int:
    """Take back what a case still owes and nobody is carrying out at the moment.

    Args:
        session: The open session; the caller commits and has locked the case.
        case: The case.
        prefix: Only messages whose dedupe key begins so.

    Returns:
        How many messages are owed no more.
    """
    owed = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.case_id == case.id,
            OutboxMessage.status == "pending",
            OutboxMessage.claimed_by.is_(None),
            OutboxMessage.dedupe_key.startswith(prefix, autoescape=True),
        )
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(owed).all()
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
    return len(ids)


def pushed_after(
    session: Session, address: str, *, after: int, most: int
) -> Sequence[PushedMessage]:
    """Return what has reached a chat since a message, the oldest first.

    Args:
        session: The open session; nothing is written.
        address: The contact's address.
        after: Number of the last message known; 0 for none.
        most: How many at most.
    """
    return session.scalars(
        select(PushedMessage)
        .join(Contact, PushedMessage.contact_id == Contact.id)
        .where(Contact.address == address, PushedMessage.id > after)
        .order_by(PushedMessage.id)
        .limit(most)
    ).all()


def newest_pushed(session: Session, addresses: Sequence[str]) -> dict[str, int]:
    """Return the number of the newest message of each chat that has one.

    Args:
        session: The open session; nothing is written.
        addresses: The contacts' addresses, some hundreds at most.
    """
    rows = session.execute(
        select(Contact.address, func.max(PushedMessage.id))
        .join(Contact, PushedMessage.contact_id == Contact.id)
        .where(Contact.address.in_(addresses))
        .group_by(Contact.address)
    )
    return {address: int(number) for address, number in rows}


def pushed_already(session: Session, dedupe_key: str) -> bool:
    """Tell whether a message has reached its chat."""
    known = select(PushedMessage.id).where(PushedMessage.dedupe_key == dedupe_key)
    return session.scalar(known) is not None


def write_pushed(
    session: Session, address: str, *, dedupe_key: str, body: Mapping[str, Any], now: datetime
) -> bool:
    """Put a message into a contact's chat, once.

    The contact is locked first: numbers are given in the order of the commits then, and a chat
    that has fetched a number never misses a lower one that is committed after it.

    Args:
        session: The open session; the caller commits.
        address: The contact's address.
        dedupe_key: What makes the message the same one.
        body: ``text``, ``lang``, ``buttons``, ``card``.
        now: The moment, aware.

    Returns:
        Whether it is a new message.

    Raises:
        NotFoundError: There is no such contact.
    """
    contact = session.scalar(select(Contact).where(Contact.address == address))
    if contact is None:
        raise NotFoundError("No chat has the address of this message.")
    lock_row(session, contact)
    if pushed_already(session, dedupe_key):
        return False
    session.add(
        PushedMessage(contact_id=contact.id, dedupe_key=dedupe_key, body=dict(body), at=now)
    )
    session.flush()
    return True
