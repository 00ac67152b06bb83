"""Erase a customer, and what has been kept long enough; numbers alone stay, and a record of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.casework.base import Base, storable
from bot.casework.care import customer_by_code
from bot.casework.held import Held, held_of
from bot.casework.models import (
    CardLink,
    Case,
    CaseEvent,
    Contact,
    Customer,
    Education,
    Erasure,
    Escalation,
    EscalationStep,
    Evidence,
    FollowUp,
    IdentityWord,
    MessengerChat,
    OutboxMessage,
    PayeeAccount,
    PayeeAccountView,
    Payment,
    PaymentRequest,
    PushedMessage,
    ReceivedMessage,
    Visit,
)
from bot.errors import ConflictError

REASON_CHARACTERS = 300

#: In the order in which rows may go: what points at another row goes before it.
_ORDER: tuple[tuple[str, type[Base]], ...] = (
    ("outbox_messages", OutboxMessage),
    ("escalation_steps", EscalationStep),
    ("escalations", Escalation),
    ("follow_ups", FollowUp),
    ("identity_words", IdentityWord),
    ("evidence", Evidence),
    ("case_events", CaseEvent),
    ("payee_account_views", PayeeAccountView),
    ("payee_accounts", PayeeAccount),
    ("payments", Payment),
    ("payment_requests", PaymentRequest),
    ("cases", Case),
    ("pushed_messages", PushedMessage),
    ("messenger_chats", MessengerChat),
    ("received_messages", ReceivedMessage),
    ("contacts", Contact),
    ("card_links", CardLink),
    ("visits", Visit),
    ("education", Education),
)
_AT_ONCE = 500


def erase_customer(
    session: Session, code: str, *, now: datetime, force_reason: str | None = None
) -> Erasure:
    """Erase a customer and all that is held of him; counts and the fact itself stay.

    Args:
        session: The open session; the caller commits.
        code: The bank's code of the customer.
        now: The moment, aware.
        force_reason: Why he is erased although a case of his is open; None refuses that.

    Returns:
        The record of the erasure.

    Raises:
        NotFoundError: There is no such customer.
        ConflictError: A case of his is open.
    """
    customer = customer_by_code(session, code)
    held = held_of(session, customer, lock=True)
    still_open = [case.reference for case in held.cases if case.status == "open"]
    if still_open and not (force_reason or "").strip():
        raise ConflictError(
            f"Customer {code} has an open case ({', '.join(still_open)}): somebody may still be "
            "helping. Close it first, or give a reason with --force."
        )
    record = Erasure(
        kind="customer",
        customer_code=customer.code,
        reason=storable(force_reason or "").strip()[:REASON_CHARACTERS],
        counts=counts_of(held),
        at=now,
    )
    _unlink(session, held)
    erase_held(session, held)
    session.execute(_delete(Customer, [customer.id]))
    session.add(record)
    session.flush()
    return record


def counts_of(held: Held) -> dict[str, Any]:
    """Return the numbers that stay: no words, no names, no days.

    Args:
        held: What is about to be erased.
    """
    return {
        "rows": {name: len(getattr(held, name)) for name, _ in _ORDER},
        "cases": {
            "level": _counted(case.level for case in held.cases),
            "exposure": _counted(case.exposure for case in held.cases),
            "script": _counted(case.leading_script or "none" for case in held.cases),
            "outcome": _counted(case.outcome or "open" for case in held.cases),
            "year": _counted(str(case.opened.year) for case in held.cases),
        },
        "payments": _counted(payment.outcome or "open" for payment in held.payments),
    }


def erase_held(session: Session, held: Held) -> None:
    """Delete rows in the order that their references allow.

    Args:
        session: The open session; the caller commits.
        held: The rows; what points at them must be among them.
    """
    session.flush()
    for name, model in _ORDER:
        rows: Sequence[Any] = getattr(held, name)
        keys = [row.contact_id if model is MessengerChat else row.id for row in rows]
        for start in range(0, len(keys), _AT_ONCE):
            session.execute(_delete(model, keys[start : start + _AT_ONCE]))
    # The session still knows the rows, and would answer for them.
    session.expunge_all()


def _unlink(session: Session, held: Held) -> None:
    """Let other customers' chats forget the card that they were opened with."""
    ids = [contact.id for contact in held.links_elsewhere]
    forget = update(Contact).where(Contact.id.in_(ids)).values(card_link_id=None)
    session.execute(forget.execution_options(synchronize_session=False))


def _delete(model: type[Base], keys: Sequence[int]) -> Any:
    """Return the deletion of rows; it passes the guard of the timeline, which law overrides."""
    key = model.__mapper__.primary_key[0]
    return delete(model).where(key.in_(keys)).execution_options(synchronize_session=False)


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
