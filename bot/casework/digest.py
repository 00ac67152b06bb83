"""The leaders' numbers of the last 24 hours: counts and references, no names and no words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.casework.findings import EXPOSURES, LEVELS
from bot.casework.models import (
    AccountManager,
    Branch,
    Case,
    Customer,
    Escalation,
    EscalationStep,
    FollowUp,
    OutboxMessage,
    Payment,
)
from bot.casework.visits import due_visits


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What happened at a branch in 24 hours.

    Args:
        branch: The branch.
        day: The day on which the 24 hours end, by the branch's clock.
        until: The moment at which they end, in the branch's zone.
        new: References of the cases opened.
        levels: How many of them are how surely a scam; none that is zero.
        exposures: How many of them are how far in; none that is zero.
        unread: References of cases that nobody read in the time allowed.
        paid: References of cases in which money left.
        amounts: What customers said was paid, by currency (empty where they named none).
        silent: References of open cases whose customer stayed silent when asked again.
        dead: How many messages could not be delivered and still are not.
        visits: How many visits are overdue.
    """

    branch: Branch
    day: date
    until: datetime
    new: tuple[str, ...]
    levels: Mapping[str, int]
    exposures: Mapping[str, int]
    unread: tuple[str, ...]
    paid: tuple[str, ...]
    amounts: Mapping[str, Decimal]
    silent: tuple[str, ...]
    dead: int
    visits: int


def digest_for(session: Session, branch: Branch, *, day: date, at: time) -> Digest:
    """Count what happened at a branch in the 24 hours that end on a day at a time.

    Args:
        session: The open session; nothing is written.
        branch: The branch.
        day: The day.
        at: The time of day, by the branch's clock.
    """
    until = datetime.combine(day, at, tzinfo=ZoneInfo(branch.timezone))
    since = datetime.combine(day - timedelta(days=1), at, tzinfo=ZoneInfo(branch.timezone))
    here = _of_branch(session, branch)
    cases = session.scalars(
        select(Case)
        .outerjoin(Customer, Case.customer_id == Customer.id)
        .where(here, Case.opened >= since, Case.opened < until)
        .order_by(Case.id)
    ).all()
    payments = session.scalars(
        select(Payment)
        .join(Case, Payment.case_id == Case.id)
        .outerjoin(Customer, Case.customer_id == Customer.id)
        .where(here, Payment.created >= since, Payment.created < until)
        .where(or_(Payment.outcome.is_(None), Payment.outcome != "not_paid"))
        .order_by(Payment.id)
    ).all()
    paid = [case.reference for case in cases if case.exposure == "paid"]
    return Digest(
        branch=branch,
        day=day,
        until=until,
        new=tuple(case.reference for case in cases),
        levels=_counted((case.level for case in cases), LEVELS),
        exposures=_counted((case.exposure for case in cases), EXPOSURES),
        unread=_unread(session, here, since=since, until=until),
        paid=tuple(dict.fromkeys([*paid, *(payment.case.reference for payment in payments)])),
        amounts=_amounts(payments),
        silent=_silent(session, here),
        dead=_dead(session, branch, here, until=until),
        visits=_overdue_visits(session, branch, now=until, on=day),
    )


def _of_branch(session: Session, branch: Branch) -> ColumnElement[bool]:
    """Return the condition on cases of a branch; visitors belong to the first one by code."""
    first = session.scalar(select(Branch.id).order_by(Branch.code).limit(1))
    if branch.id == first:
        return or_(Customer.branch_id == branch.id, Case.customer_id.is_(None))
    return Customer.branch_id == branch.id


def _counted(values: Iterable[str], axis: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(values)
    return {value: counts[value] for value in reversed(axis) if counts[value]}


def _unread(
    session: Session, here: ColumnElement[bool], *, since: datetime, until: datetime
) -> tuple[str, ...]:
    """Return the cases whose first deadline passed before anybody had read them."""
    limit = (
        select(func.min(EscalationStep.deadline))
        .where(EscalationStep.escalation_id == Escalation.id)
        .correlate(Escalation)
        .scalar_subquery()
    )
    late = or_(
        Escalation.acknowledged_at.is_(None),
        and_(Escalation.acknowledged_at > limit, Escalation.acknowledged_at >= since),
    )
    found = session.scalars(
        select(Case.reference)
        .join(Escalation, Escalation.case_id == Case.id)
        .outerjoin(Customer, Case.customer_id == Customer.id)
        .where(here, late, limit <= until)
        .order_by(Escalation.id)
    )
    return tuple(dict.fromkeys(found))


def _amounts(payments: Iterable[Payment]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for payment in payments:
        if payment.amount is not None:
            currency = payment.currency or ""
            amounts[currency] = amounts.get(currency, Decimal(0)) + payment.amount
    return amounts


def _silent(session: Session, here: ColumnElement[bool]) -> tuple[str, ...]:
    found = session.scalars(
        select(Case.reference)
        .join(FollowUp, FollowUp.case_id == Case.id)
        .outerjoin(Customer, Case.customer_id == Customer.id)
        .where(here, Case.status == "open", FollowUp.status == "silent")
        .order_by(Case.id)
    )
    return tuple(dict.fromkeys(found))


def _dead(session: Session, branch: Branch, here: ColumnElement[bool], *, until: datetime) -> int:
    people = select(AccountManager.code).where(AccountManager.branch_id == branch.id)
    counted = (
        select(func.count())
        .select_from(OutboxMessage)
        .outerjoin(Case, OutboxMessage.case_id == Case.id)
        .outerjoin(Customer, Case.customer_id == Customer.id)
        .where(OutboxMessage.status == "dead", OutboxMessage.created < until)
        .where(
            or_(
                and_(OutboxMessage.case_id.is_not(None), here),
                and_(OutboxMessage.case_id.is_(None), OutboxMessage.recipient.in_(people)),
            )
        )
    )
    return session.scalar(counted) or 0


def _overdue_visits(session: Session, branch: Branch, *, now: datetime, on: date) -> int:
    due = due_visits(session, now=now, on=on)
    ours = [visit for visit in due if visit.customer.branch_id == branch.id]
    return sum(visit.last is None or visit.overdue > 0 for visit in ours)
