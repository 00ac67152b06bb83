"""What the assistant has told a customer, so that whoever takes over need not say it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.casework.events import add_event
from bot.casework.models import Case
from bot.casework.words import words_for

_KIND = "said"


def note_said(session: Session, case: Case, *, topic: str, now: datetime) -> bool:
    """Record what the assistant tells the customer, each thing once.

    Args:
        session: The open session; the caller commits.
        case: The case, already flushed.
        topic: What it answers: a key of the handover words' ``said``; others are not recorded.
        now: The moment, aware.

    Returns:
        Whether it is a new thing.
    """
    if topic not in words_for("en").said or topic in topics_said(case):
        return False
    add_event(session, case, kind=_KIND, now=now, topic=topic)
    return True


def topics_said(case: Case) -> list[str]:
    """Return the topics that the customer has been told about, oldest first."""
    return [str(event.detail["topic"]) for event in case.events if event.kind == _KIND]
