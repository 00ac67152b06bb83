"""Writing a case's timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.casework.models import Case, CaseEvent


def add_event(
    session: Session, case: Case, *, kind: str, now: datetime, **detail: Any
) -> CaseEvent:
    """Append one event to the timeline of a case and mark the case as updated.

    Args:
        session: The open session; the caller commits.
        case: The case, already flushed.
        kind: What happened, one word (``assessed``, ``escalated``, ``notified``, …).
        now: When, aware.
        detail: Ids, codes and counts; never a customer's words.
    """
    event = CaseEvent(case=case, kind=kind, at=now, detail=detail)
    session.add(event)
    case.updated = max(case.updated, now)
    session.flush()
    return event
