"""Not leaving anybody alone: follow-ups, who really knows, and who else can hold a payment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.casework.escalations import REPRESENTATIVES, tell_representative, truth_for
from bot.casework.escalations.representatives import Who
from bot.casework.follow_ups import (
    plan_follow_ups,
    record_answer,
    resume_messages,
    stop_messages,
)
from bot.casework.models import Case
from bot.counsel.replies import Known, Representative

#: What a topic answers to a follow-up; every other message is an answer too.
_ANSWERS = {
    "is_fine": "fine",
    "nothing_lost": "fine",
    "called_again": "called_again",
    "has_paid": "paid",
    "payment_told": "paid",
}
#: Topics that tell of danger in this very message.
_TELLS_OF_DANGER = frozenset(
    [
        *("on_the_phone", "still_on", "about_to_pay", "called_again", "gave_secret", "has_paid"),
        "message_again",
    ]
)
#: What the truth is called in counsel.
#: What concerns a family, whoever's customer tells of it.
PRIVATE_SCRIPTS = frozenset(["family_emergency", "romance"])
_KINDS = {"nobody": "nobody", "asked": "owed", "told": "sent", "unread": "next", "read": "read"}


def follow_up(session: Session, case: Case, topic: str, *, now: datetime) -> str | None:
    """Take the message for an answer to what we asked, and plan when to ask again.

    Args:
        session: The open session; the caller commits.
        case: The case, with what the message showed merged already.
        topic: What the message is about.
        now: The moment, aware.

    Returns:
        The name of who was told that the customer wants no more messages; None where nobody was.
    """
    record_answer(session, case, answer=_ANSWERS.get(topic, "other"), now=now)
    if topic == "leave_me_alone":
        stop_messages(session, case, now=now)
        return who_knows(session, case).name or None
    if topic == "message_again":
        resume_messages(session, case, now=now)
    plan_follow_ups(session, case, now=now, again=topic in _TELLS_OF_DANGER)
    return None


def who_knows(session: Session, case: Case, *, language: str | None = None) -> Known:
    """Return which human knows of a case, from what is recorded."""
    truth = truth_for(session, case, language=language)
    return Known(
        kind=_KINDS[truth.state],
        name=truth.person.name if truth.person else "",
        time=truth.time,
        phone=truth.phone,
        reference=truth.reference,
    )


def company_representative(
    session: Session, case: Case, topic: str, *, now: datetime
) -> Representative | None:
    """Return who else of the company can hold a payment; tell him when the customer says so.

    Args:
        session: The open session; the caller commits.
        case: The case.
        topic: What the message is about.
        now: The moment, aware.
    """
    who = _somebody_else(case)
    if who is None or case.customer is None:
        return None
    told = any(e.kind == "representative" and e.detail["who"] == who for e in case.events)
    name: str = getattr(case.customer, who)
    if topic != "tell_representative":
        if case.leading_script in PRIVATE_SCRIPTS:
            return None  # Nothing is offered that would tell an employer of a family's trouble.
        return Representative(name=name, told="known" if told else "")
    result = tell_representative(session, case, who=who, now=now)
    if result.state == "unknown":
        return None
    how = {"owed": "told", "to_ring": "by_manager"}[result.state] if result.fresh else "known"
    return Representative(name=name, told=how)


def _somebody_else(case: Case) -> Who | None:
    """Return who of the customer's company could hold a payment, other than the customer."""
    customer = case.customer
    for who in REPRESENTATIVES:
        name = getattr(customer, who, None)
        if name and customer is not None and name != customer.name:
            return who
    return None
