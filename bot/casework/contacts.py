"""Contacts: which address belongs to which customer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.locks import find_and_lock, lock_row
from bot.casework.models import Case, Contact, Customer
from bot.errors import ConflictError, NotFoundError


def contact_for(session: Session, address: str, *, language: str, now: datetime) -> Contact:
    """Get the contact of an address, or make it; the language is the one last used.

    The row is locked until the commit: whose contact it is decides whose case is opened.

    Args:
        session: The open session; the caller commits.
        address: ``<channel>:<id>``, such as ``web:<conversation>``.
        language: Language code of the latest message.
        now: The moment, aware.
    """
    contact = find_and_lock(session, _of(address))
    if contact is None:
        contact = _make(session, address, language=language, now=now)
        lock_row(session, contact)
    contact.language = language
    return contact


def identify(session: Session, address: str, customer_code: str, now: datetime) -> Contact:
    """Bind an address to the customer whom the bank says it is.

    Args:
        session: The open session; the caller commits.
        address: The contact's address; made where it is new.
        customer_code: The bank's code of the customer.
        now: The moment, aware.

    Raises:
        NotFoundError: No customer has the code.
        ConflictError: The address is bound to another customer.
    """
    customer = session.scalar(select(Customer).where(Customer.code == customer_code))
    if customer is None:
        raise NotFoundError(f"No customer has the code {customer_code}; import the customers.")
    contact = session.scalar(_of(address))
    language = customer.language if contact is None else contact.language
    contact = contact_for(session, address, language=language, now=now)
    if contact.customer_id not in (None, customer.id):
        raise ConflictError(
            "This conversation belongs to another customer; start a new one for the new customer."
        )
    if contact.customer_id is None:
        contact.customer = customer
        _take_over_open_case(session, contact, customer, now=now)
    session.flush()
    return contact


def _of(address: str) -> Select[Contact]:
    return select(Contact).where(Contact.address == address)


def _make(session: Session, address: str, *, language: str, now: datetime) -> Contact:
    contact = Contact(address=address, language=language, created=now)
    try:
        with session.begin_nested():
            session.add(contact)
    except IntegrityError:  # Another process met the address in the same moment.
        contact = session.scalars(_of(address)).one()
    return contact


def _take_over_open_case(
    session: Session, contact: Contact, customer: Customer, *, now: datetime
) -> None:
    """Give the customer the case that he opened before we knew who he was."""
    case = session.scalar(select(Case).where(Case.contact_id == contact.id, Case.status == "open"))
    if case is not None:
        lock_row(session, case)
        case.customer = customer
        add_event(session, case, kind="identified", now=now, customer=customer.code)
