"""Everything that is held of a customer, as plain values: what he may ask the bank for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.base import Base
from bot.casework.care import customer_by_code
from bot.casework.held import Held, held_of
from bot.casework.models import AccountManager, Branch, Customer, Erasure

#: Left out: what opens something (a token, a number of the vault) or only runs the machinery.
_LEFT_OUT = {
    "card_links": {"token"},
    "payee_accounts": {"ciphertext"},
    "identity_words": {"ciphertext"},
    "outbox_messages": {"method", "claimed_by", "claimed_until"},
    "received_messages": {"claimed_until"},
}
_PEOPLE = {"account_manager_id", "acknowledged_by_id"}


def export_customer(session: Session, code: str, *, now: datetime) -> dict[str, Any]:
    """Return everything that is held of a customer, table by table.

    A payee's account number is not his own and stays in the vault: how often it was seen is told
    in its place.

    Args:
        session: The open session; nothing is written.
        code: The bank's code of the customer.
        now: The moment, aware.

    Raises:
        NotFoundError: There is no such customer.
    """
    customer = customer_by_code(session, code)
    held = held_of(session, customer)
    people = {row.id: row.code for row in session.scalars(select(AccountManager))}
    tables = {
        field.name: [_plain(row, people) for row in getattr(held, field.name)]
        for field in fields(Held)
        if field.name not in ("links_elsewhere", "payee_account_views")
    }
    for account, plain in zip(held.payee_accounts, tables["payee_accounts"], strict=True):
        views = [view for view in held.payee_account_views if view.payee_account_id == account.id]
        plain.update(number_kept=account.ciphertext is not None, views=len(views))
    branch = session.get_one(Branch, customer.branch_id)
    return {
        "exported": now.isoformat(),
        "customer": {**_plain(customer, people), "branch": branch.code},
        **tables,
        "erasures": [_plain(row, people) for row in _erasures(session, customer)],
    }


def _erasures(session: Session, customer: Customer) -> Iterable[Erasure]:
    return session.scalars(select(Erasure).where(Erasure.customer_code == customer.code)).all()


def _plain(row: Base, people: dict[int, str]) -> dict[str, Any]:
    """Return the columns of a row as JSON knows them; people of the bank by their codes."""
    left_out = _LEFT_OUT.get(row.__tablename__, set())
    return {
        (name.removesuffix("_id") if name in _PEOPLE else name): (
            people.get(value) if name in _PEOPLE else _value(value)
        )
        for name in row.__mapper__.columns.keys()  # noqa: SIM118  # a collection, not a mapping
        if name not in left_out
        for value in (getattr(row, name),)
    }


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
