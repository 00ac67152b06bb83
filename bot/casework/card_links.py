"""Card links: the token on a contact card says whose it is, and allows nothing else."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.care import today_at
from bot.casework.contacts import contact_for
from bot.casework.models import CardLink, Contact, Customer
from bot.errors import NotFoundError

TOKEN_BYTES = 16
"""128 random bits, 22 characters of A-Z, a-z, 0-9, - and _: guessed by nobody, and short enough
for a messenger's deep link (64 characters)."""

LinkStatus = Literal["valid", "expired", "revoked"]


def issue_link(session: Session, customer: Customer, *, days: int, now: datetime) -> CardLink:
    """Make a link for a new card; older cards stay good until they expire or are revoked.

    Args:
        session: The open session; the caller commits.
        customer: Whose card.
        days: How long it is good, days; it ends with the last of them at the branch.
        now: The moment, aware.
    """
    zone = ZoneInfo(customer.branch.timezone)
    first_day_after = today_at(customer.branch, now) + timedelta(days=days + 1)
    link = CardLink(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        customer=customer,
        created=now,
        expires=datetime.combine(first_day_after, time.min, tzinfo=zone),
    )
    session.add(link)
    session.flush()
    return link


def last_day(link: CardLink) -> date:
    """Return the last day on which a card is good, as it is printed."""
    zone = ZoneInfo(link.customer.branch.timezone)
    return (link.expires.astimezone(zone) - timedelta(microseconds=1)).date()


def link_by_token(session: Session, token: str) -> CardLink:
    """Return a card's link, whether it is still good or not.

    Raises:
        NotFoundError: No card has the token.
    """
    link = session.scalar(select(CardLink).where(CardLink.token == token))
    if link is None:
        # The token is not repeated: a log is no place for a real one with a slip in it.
        raise NotFoundError("No contact card has this token; make the customer a new card.")
    return link


def status_of(link: CardLink, *, now: datetime) -> LinkStatus:
    """Return whether a link is good.

    Args:
        link: The link.
        now: The moment, aware.
    """
    if link.revoked is not None:
        return "revoked"
    return "valid" if now < link.expires else "expired"


def revoke_links(session: Session, which: str, *, now: datetime) -> int:
    """Make a card, or all cards of a customer, worthless at once.

    Args:
        session: The open session; the caller commits.
        which: A customer's code or a card's token.
        now: The moment, aware.

    Returns:
        How many cards that were good are so no more.

    Raises:
        NotFoundError: No customer has the code and no card the token.
    """
    customer = session.scalar(select(Customer).where(Customer.code == which))
    if customer is None:
        links = [link_by_token(session, which)]
    else:
        links = list(session.scalars(select(CardLink).where(CardLink.customer_id == customer.id)))
    good = [link for link in links if status_of(link, now=now) == "valid"]
    for link in good:
        link.revoked = now
    session.flush()
    return len(good)


def name_by_card(
    session: Session, address: str, token: str, *, language: str, now: datetime
) -> Contact:
    """Note that a chat was opened with a customer's card: it says whose it is, and proves nothing.

    Such a contact stays without a customer. His own account manager is asked and his numbers are
    shown, which are printed on the card anyway; cases and other records stay closed to it.

    Args:
        session: The open session; the caller commits.
        address: The chat's address; made where it is new.
        token: The card's token.
        language: The chat's language.
        now: The moment, aware.

    Raises:
        NotFoundError: No card has the token, or it is no longer good.
    """
    link = link_by_token(session, token)
    if status_of(link, now=now) != "valid":
        raise NotFoundError("The contact card is no longer good; make the customer a new card.")
    contact = contact_for(session, address, language=language, now=now)
    if contact.customer_id is None:
        contact.card_link = link
    session.flush()
    return contact
