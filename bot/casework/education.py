"""Education: which scams a customer has learned about, when, how and from whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.casework.care import customer_by_code, manager_by_code, refuse_future
from bot.casework.locks import lock_row
from bot.casework.models import Education
from bot.casework.people import current_manager
from bot.errors import ConflictError, NotFoundError


def record_education(
    session: Session,
    customer_code: str,
    topics: Iterable[str],
    *,
    known: Collection[str],
    day: date,
    by: str | None = None,
    how: str = "told",
    consented: datetime | None = None,
    now: datetime,
) -> list[Education]:
    """Record what a customer has learned; the same topic in the same way is recorded once a day.

    Args:
        session: The open session; the caller commits.
        customer_code: The customer.
        topics: Ids of scam scripts.
        known: All ids that there are.
        day: The day, at the branch.
        by: Code of who explained it; None for the customer's present account manager.
        how: ``told`` by somebody, or by himself with a ``lesson`` or a ``quiz``.
        consented: When the customer agreed that it is noted; what he learned by himself needs it.
        now: The moment, aware.

    Raises:
        NotFoundError: No customer or manager has the code, or no scam script the id.
        ConflictError: The day has not come yet, or the customer's consent is missing.
    """
    if how != "told" and consented is None:
        raise ConflictError(
            "What a customer has learned by himself is noted with his consent alone; ask him first."
        )
    wanted = list(dict.fromkeys(topics))
    unknown = [topic for topic in wanted if topic not in known]
    if unknown:
        raise NotFoundError(
            f"No scam script has the id {', '.join(unknown)}; "
            f"the ids are {', '.join(sorted(known))}."
        )
    customer = customer_by_code(session, customer_code)
    refuse_future(customer, day, now=now)
    manager = manager_by_code(session, by) if by else current_manager(customer.account_manager)
    lock_row(session, customer)
    known_rows = education_of(session, customer_code)
    there = {row.topic: row for row in known_rows if (row.day, row.how) == (day, how)}
    for topic in wanted:
        if topic not in there:
            there[topic] = Education(
                customer=customer,
                topic=topic,
                day=day,
                how=how,
                account_manager=manager if how == "told" else None,
                consented=consented,
                created=now,
            )
            session.add(there[topic])
    session.flush()
    return [there[topic] for topic in wanted]


def education_of(session: Session, customer_code: str) -> list[Education]:
    """List what a customer has learned, the latest first.

    Raises:
        NotFoundError: No customer has the code.
    """
    customer = customer_by_code(session, customer_code)
    return list(
        session.scalars(
            select(Education)
            .options(joinedload(Education.account_manager))
            .where(Education.customer_id == customer.id)
            .order_by(Education.day.desc(), Education.topic)
        )
    )
