"""Visits: which were made, and which are due by the customer's tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from bot.casework.base import storable
from bot.casework.care import customer_by_code, manager_by_code, refuse_future, today_at
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Customer, Visit
from bot.casework.people import current_manager
from bot.casework.tiers import Tier
from bot.errors import DataError

MONTHS_BETWEEN: Mapping[Tier, int] = {"monthly": 1, "quarterly": 3}
"""Calendar months from one visit to the next; who is on call has no interval.

Source: the practice of the branch in the seed story.
"""
NOTE_CHARACTERS = 500


@dataclass(frozen=True, kw_only=True)
class DueVisit:
    """A visit that is due, or the last one to a customer on call.

    Args:
        customer: To whom.
        manager: Who goes: the customer's account manager, or who has taken his place.
        tier: How closely the customer is cared for.
        last: Day of the last visit; None where there has been none.
        due: Day on which the next is due; None for a customer on call.
        overdue: Days since then; 0 on the day itself and where there has been no visit.
    """

    customer: Customer
    manager: AccountManager
    tier: Tier
    last: date | None
    due: date | None
    overdue: int


def record_visit(
    session: Session,
    customer_code: str,
    *,
    day: date,
    by: str | None = None,
    note: str = "",
    now: datetime,
) -> Visit:
    """Record that somebody has been to see a customer; the same visit is recorded once.

    Args:
        session: The open session; the caller commits.
        customer_code: The customer.
        day: The day of the visit, at the branch.
        by: Code of who went; None for the customer's present account manager.
        note: What is worth knowing, at most 500 characters; replaces that of the same visit.
        now: The moment, aware.

    Raises:
        NotFoundError: No customer or manager has the code.
        ConflictError: The day has not come yet.
        DataError: The note is too long.
    """
    note = storable(note).strip()
    if len(note) > NOTE_CHARACTERS:
        raise DataError([f"note: has {len(note)} characters, {NOTE_CHARACTERS} are kept"])
    customer = customer_by_code(session, customer_code)
    refuse_future(customer, day, now=now)
    manager = manager_by_code(session, by) if by else current_manager(customer.account_manager)
    # Whoever records the same visit at the same moment waits here and then finds it.
    lock_row(session, customer)
    visit = session.scalar(
        select(Visit).where(
            Visit.customer_id == customer.id,
            Visit.account_manager_id == manager.id,
            Visit.day == day,
        )
    )
    if visit is None:
        visit = Visit(customer=customer, account_manager=manager, day=day, note=note, created=now)
        session.add(visit)
    elif note:
        visit.note = note
    session.flush()
    return visit


def due_visits(
    session: Session,
    *,
    now: datetime,
    on: date | None = None,
    by: str | None = None,
    with_on_call: bool = False,
) -> list[DueVisit]:
    """List the visits that are due, the most overdue first.

    Who was never visited is due at once and comes first. Who is on call has no interval; on
    request he is listed at the end, with his last visit.

    Args:
        session: The open session; nothing is written.
        now: The moment, aware.
        on: The day; None for today at each customer's branch.
        by: Code of a manager, to list only his customers and those he took over.
        with_on_call: Also list the customers on call.

    Raises:
        NotFoundError: No manager has the code.
    """
    wanted = current_manager(manager_by_code(session, by)) if by else None
    last_visits = _last_visits(session)
    found = [
        visit
        for customer in session.scalars(_all_customers())
        if (visit := _due(customer, last_visits.get(customer.id), on=on, now=now)) is not None
        if wanted is None or visit.manager.id == wanted.id
        if with_on_call or visit.tier != "on_call"
    ]
    return sorted(found, key=_order)


def _all_customers() -> Select[Customer]:
    return (
        select(Customer)
        .options(joinedload(Customer.account_manager), joinedload(Customer.branch))
        .order_by(Customer.code)
    )


def _last_visits(session: Session) -> dict[int, date]:
    rows = session.execute(
        select(Visit.customer_id, func.max(Visit.day)).group_by(Visit.customer_id)
    )
    return dict(rows.all())


def _due(
    customer: Customer, last: date | None, *, on: date | None, now: datetime
) -> DueVisit | None:
    """Return a customer's visit; None where it is not due yet."""
    tier, day = customer.tier, on or today_at(customer.branch, now)
    months = MONTHS_BETWEEN.get(tier)
    due = None if months is None else last + relativedelta(months=months) if last else day
    if due is not None and due > day:
        return None
    return DueVisit(
        customer=customer,
        manager=current_manager(customer.account_manager),
        tier=tier,
        last=last,
        due=due,
        overdue=(day - due).days if due else 0,
    )


def _order(visit: DueVisit) -> tuple[bool, bool, int, date, int, str]:
    """Put who is never visited first, then by days overdue; who is on call at the end."""
    return (
        visit.tier == "on_call",
        visit.last is not None,
        -visit.overdue,
        visit.last or date.min,
        MONTHS_BETWEEN.get(visit.tier, 0),
        visit.customer.code,
    )
