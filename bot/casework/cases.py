"""Cases: opening them, adding evidence, taking it back, closing them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.casework.contacts import contact_for, identify
from bot.casework.events import add_event
from bot.casework.evidence import (
    active_evidence,
    correct,
    record_assessment,
)
from bot.casework.follow_ups import cancel_follow_ups
from bot.casework.locks import find_and_lock, lock_row
from bot.casework.models import Case, Contact
from bot.casework.references import new_reference
from bot.errors import ConflictError, NotFoundError

__all__ = [
    "active_evidence",
    "case_by_reference",
    "case_for",
    "close_case",
    "contact_for",
    "correct",
    "find_open_case",
    "identify",
    "record_assessment",
]


def case_for(session: Session, address: str, *, language: str, now: datetime) -> Case:
    """Get the open case of an address, or open one; the row is locked until the commit.

    Args:
        session: The open session; the caller commits.
        address: ``<channel>:<id>``, such as ``web:<conversation>``.
        language: Language code of the latest message.
        now: The moment, aware.
    """
    contact = contact_for(session, address, language=language, now=now)
    # The contact is locked by now, so nobody else can be opening his case.
    case = find_and_lock(session, _open_case_of(contact))
    return case or _open(session, contact, now=now)


def find_open_case(session: Session, address: str) -> Case | None:
    """Return the open case of an address, without making anything."""
    query = select(Case).join(Contact, Case.contact_id == Contact.id)
    return session.scalar(query.where(Contact.address == address, Case.status == "open"))


def case_by_reference(session: Session, reference: str) -> Case:
    """Return the case with a public reference.

    Raises:
        NotFoundError: There is none.
    """
    case = session.scalar(select(Case).where(Case.reference == reference.strip().upper()))
    if case is None:
        raise NotFoundError(f"No case has the reference {reference}.")
    return case


def close_case(session: Session, case: Case, *, outcome: str, now: datetime) -> None:
    """End a case; what somebody has read counts as resolved with it.

    Args:
        session: The open session; the caller commits.
        case: The case.
        outcome: How it ended, one word.
        now: The moment, aware.

    Raises:
        ConflictError: An escalation of the case has been read by nobody yet, or nobody has said
            how a payment of the case ended.
    """
    lock_row(session, case)
    if case.status == "closed":
        return
    if any(escalation.status == "pending" for escalation in case.escalations):
        raise ConflictError(
            f"Case {case.reference} has an unread escalation; acknowledge it first."
        )
    if any(payment.closed is None for payment in case.payments):
        raise ConflictError(
            f"Case {case.reference} has a payment whose end is not recorded; record it first: "
            f"secondvoice payments end {case.reference} --outcome …"
        )
    for escalation in case.escalations:
        escalation.status = "resolved"
    cancel_follow_ups(session, case, now=now, why="closed")
    case.status = "closed"
    case.outcome = outcome
    add_event(session, case, kind="closed", now=now, outcome=outcome)


def _open_case_of(contact: Contact) -> Select[Case]:
    return select(Case).where(Case.contact_id == contact.id, Case.status == "open")


def _open(session: Session, contact: Contact, *, now: datetime) -> Case:
    case = Case(
        reference=new_reference(session),
        contact=contact,
        customer=contact.customer,
        opened=now,
        updated=now,
    )
    session.add(case)
    session.flush()
    add_event(session, case, kind="opened", now=now, channel=contact.address.partition(":")[0])
    return case
