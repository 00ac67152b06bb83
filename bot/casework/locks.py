"""Locks: what changes one record, or is done once only, waits for its turn.

SQLite has one writer at a time, so these cost it nothing. On PostgreSQL every transaction takes row
locks in the same order, so that no two wait for each other: contact, case, escalation, outbox
message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Select, inspect, text
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.selectable import ForUpdateParameter

from bot.casework.base import Base

# Weaker than a plain FOR UPDATE: rows that only point at the locked one may still be inserted.
ROW_LOCK: ForUpdateParameter = {"key_share": True}

Row = TypeVar("Row", bound=Base)


def lock_row(session: Session, row: Base) -> None:
    """Lock a record until the end of the transaction and read anew what others have made of it.

    A record that this transaction holds already is not read again: nobody else can have changed it.

    Args:
        session: The open session; what it has not written yet is written first.
        row: A record of the session.
    """
    # A refresh forgets what is unwritten of the row before it would write it.
    session.flush()
    if _holds(session, row):
        return
    session.refresh(row, with_for_update=ROW_LOCK)
    _remember(session, row)


def find_and_lock(session: Session, query: Select[Row]) -> Row | None:
    """Find one record, lock it until the end of the transaction, and read it anew.

    Args:
        session: The open session; what it has not written yet is written first.
        query: Selects at most one record of one table.

    Returns:
        None where there is none.
    """
    anew = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = session.scalars(anew).one_or_none()
    if row is not None:
        _remember(session, row)
    return row


# What each transaction has locked. The database gives up the locks of a savepoint that is rolled
# back, hence one entry for each of the nested transactions.
_held: WeakKeyDictionary[SessionTransaction, set[Hashable]] = WeakKeyDictionary()


def _remember(session: Session, row: Base) -> None:
    transaction = session.get_nested_transaction() or session.get_transaction()
    if transaction is not None:
        _held.setdefault(transaction, set()).add(_identity(row))


def _holds(session: Session, row: Base) -> bool:
    transaction = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        if _identity(row) in _held.get(transaction, ()):
            return True
        transaction = transaction.parent
    return False


def _identity(row: Base) -> Hashable:
    return inspect(row).identity_key


def one_at_a_time(connection: Connection, task: str, *, patience: float | None = None) -> None:
    """Hold a task for this transaction alone; whoever else comes for it waits for the end.

    Args:
        connection: A connection in a transaction.
        task: Names the task, the same in every process.
        patience: Seconds to wait at most; None for as long as for any other lock.
    """
    if connection.dialect.name != "postgresql":
        return
    if patience is not None:
        connection.execute(text(f"SET LOCAL lock_timeout = {int(patience * 1000)}"))
    digest = hashlib.sha256(f"secondvoice:{task}".encode()).digest()
    key = int.from_bytes(digest[:8], signed=True)
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    if patience is not None:
        connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
