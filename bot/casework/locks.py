"""Locks: what changes one record, or is done once only, waits for its turn.

SQLite has one writer at a time, so these cost it nothing. On PostgreSQL every transaction takes row
locks in the same order, so that no two wait for each other: contact, case, escalation, outbox
message.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import ForUpdateParameter

from bot.casework.base import Base

# Weaker than a plain FOR UPDATE: rows that only point at the locked one may still be inserted.
ROW_LOCK: ForUpdateParameter = {"key_share": True}


def lock_row(session: Session, row: Base) -> None:
    """Lock a record until the end of the transaction and read anew what others have made of it.

    Args:
        session: The open session; what it has not written yet is written first.
        row: A record of the session.
    """
    # A refresh forgets what is unwritten of the row before it would write it.
    session.flush()
    session.refresh(row, with_for_update=ROW_LOCK)


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
