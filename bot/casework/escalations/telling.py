"""Telling the customer what has become of his call for help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.casework.escalations.truth import Truth, truth_for
from bot.casework.models import Escalation
from bot.casework.pushes import push, withdraw

Words = Callable[[Truth], str]
"""Puts the truth into the customer's language; injected, since casework has no such words."""


def tell_customer(
    session: Session, escalation: Escalation, words: Words, *, news: str, now: datetime
) -> None:
    """Owe the customer's chat the truth about his case; who wants no messages gets none.

    Older news of the same escalation that has not gone out yet is taken back: it is true no more.

    Args:
        session: The open session; the caller commits.
        escalation: The escalation, its case locked.
        words: What is said of a truth.
        news: Tells this news of the escalation from the others.
        now: The moment, aware.
    """
    case = escalation.case
    session.flush()
    session.expire(case, ["escalations"])
    prefix = f"truth:{escalation.id}:"
    withdraw(session, case, prefix=prefix)
    truth = truth_for(session, case)
    push(
        session,
        case.contact,
        dedupe_key=prefix + news,
        text=words(truth),
        lang=truth.language,
        now=now,
        case=case,
    )
