"""The contact card: whom the customer can reach, with a number that works at night."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from bot.casework.base import in_language
from bot.casework.models import AccountManager, Branch, Case, Customer
from bot.casework.people import (
    branch_for,
    customer_named,
    manager_in_charge,
    responsible_for,
)
from bot.casework.words import words_for


@dataclass(frozen=True, kw_only=True)
class ContactCard:
    """One person or desk, in the reader's language.

    Args:
        kind: ``manager`` for a person, ``duty_desk`` for the desk of a branch.
        name: Who answers.
        title: What he is at the bank.
        branch: The branch's name.
        mobile: The number to call first.
        backup: The number to call when nobody answers; empty where there is none.
        hours: When the numbers are answered.
        language: The language the card is written in.
    """

    kind: str
    name: str
    title: str
    branch: str
    mobile: str
    backup: str
    hours: str
    language: str

    def to_dict(self) -> dict[str, str]:
        """Return the card as plain values."""
        return asdict(self)


def contact_card(session: Session, case: Case, *, language: str | None = None) -> ContactCard:
    """Make the card for a case; a visitor never gets a manager's private number.

    A chat that was opened with a contact card gets what is printed on that card.

    Args:
        session: The open session; nothing is written.
        case: The case.
        language: The reader's language; None for the one the contact last wrote in.

    Raises:
        NotFoundError: The bank has imported no branch.
    """
    reader = language or case.contact.language
    branch = branch_for(session, case)
    if customer_named(case) is None:
        return _desk_card(branch, language=reader)
    return _card_of(responsible_for(session, case), branch, language=reader)


def customer_card(customer: Customer, *, language: str) -> ContactCard:
    """Make a customer's card as it is right now: whoever answers for him at this moment.

    Args:
        customer: The customer.
        language: The reader's language.
    """
    person = manager_in_charge(customer)
    if person is None:
        return _desk_card(customer.branch, language=language)
    return _card_of(person, customer.branch, language=language)


def _card_of(person: AccountManager, branch: Branch, *, language: str) -> ContactCard:
    if person.role == "duty_desk":
        return _desk_card(branch, language=language)
    return _person_card(person, branch, language=language)


def _person_card(person: AccountManager, branch: Branch, *, language: str) -> ContactCard:
    return ContactCard(
        kind="manager",
        name=person.name_in(language),
        title=person.title_in(language),
        branch=branch.name_in(language),
        mobile=person.mobile,
        backup=person.backup or branch.duty_desk_phone,
        hours=person.hours_in(language),
        language=language,
    )


def _desk_card(branch: Branch, *, language: str) -> ContactCard:
    return ContactCard(
        kind="duty_desk",
        name=words_for(language).duty_desk,
        title="",
        branch=branch.name_in(language),
        mobile=branch.duty_desk_phone,
        backup="",
        hours=in_language(branch.duty_desk_hours, language),
        language=language,
    )
