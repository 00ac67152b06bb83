"""Finding the customer and the people that a visit or a lesson is about."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.models import AccountManager, Branch, Customer
from bot.errors import ConflictError, NotFoundError


def customer_by_code(session: Session, code: str) -> Customer:
    """Return a customer.

    Raises:
        NotFoundError: No customer has the code.
    """
    customer = session.scalar(select(Customer).where(Customer.code == code))
    if customer is None:
        raise NotFoundError(f"No customer has the code {code}; import the customers.")
    return customer


def manager_by_code(session: Session, code: str) -> AccountManager:
    """Return an account manager, leader or duty desk.

    Raises:
        NotFoundError: Nobody has the code.
    """
    manager = session.scalar(select(AccountManager).where(AccountManager.code == code))
    if manager is None:
        raise NotFoundError(f"No account manager has the code {code}; import the managers.")
    return manager


def today_at(branch: Branch, now: datetime) -> date:
    """Return the day that it is at a branch.

    Args:
        branch: The branch.
        now: The moment, aware.
    """
    return now.astimezone(ZoneInfo(branch.timezone)).date()


def refuse_future(customer: Customer, day: date, *, now: datetime) -> None:
    """Refuse a day that has not come yet at the customer's branch.

    Raises:
        ConflictError: It lies in the future; a record says what has happened.
    """
    today = today_at(customer.branch, now)
    if day > today:
        raise ConflictError(
            f"{day} has not come yet (it is {today} at the branch); record what has happened."
        )
