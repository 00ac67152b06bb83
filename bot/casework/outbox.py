"""The outbox: deliveries are owed in the transaction of their cause and carried out later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.casework.deliveries import (
    Claimed,
    Outcome,
    claim,
    claim_next,
    mark_failed,
    mark_sent,
    record,
)
from bot.casework.models import Case, Escalation, OutboxMessage

__all__ = [
    "Claimed",
    "Outcome",
    "claim",
    "claim_next",
    "mark_failed",
    "mark_sent",
    "put",
    "receiver_of",
    "record",
]


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
        method: How it goes: ``console``, ``chat``, ``webhook:<name>`` or a method URL.
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
        receiver=receiver_of(method, recipient=recipient),
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


def receiver_of(method: str, *, recipient: str = "") -> str:
    """Return what stands and falls together: the scheme and a digest of the host.

    The host is hashed because some methods, such as messengers' bots, keep their token there.

    Args:
        method: ``console``, ``chat``, ``webhook:<name>`` or a method URL.
        recipient: For ``chat``, each of whose channels stands and falls by itself.
    """
    if method == "chat" and recipient:
        return f"chat:{recipient.partition(':')[0]}"[:80]
    scheme, separator, rest = method.partition("://")
    if not separator:
        return method[:80]
    host = rest.replace("?", "/").replace("#", "/").partition("/")[0].rpartition("@")[2].lower()
    return f"{scheme[:60]}:{hashlib.sha256(host.encode()).hexdigest()[:12]}"
