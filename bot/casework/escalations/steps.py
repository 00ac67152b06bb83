"""The steps of a chain: who is asked together, and until when he has time to read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.casework.handover import DEEP_EXPOSURES
from bot.casework.models import Escalation, EscalationStep
from bot.casework.people import Place, is_at_work
from bot.casework.policy import Rule


def ask(
    session: Session, escalation: Escalation, rule: Rule, places: Sequence[Place], *, now: datetime
) -> list[Place]:
    """Record that these people are asked; their messages are owed separately.

    Args:
        session: The open session; the caller commits.
        escalation: The pending escalation, locked.
        rule: How long they have.
        places: Whom to ask, in order.
        now: The moment, aware.

    Returns:
        The places.
    """
    deadline = now + rule.patience
    position = len(escalation.steps)
    for place in places:
        step = EscalationStep(
            position=position,
            link=place.link,
            account_manager=place.person,
            asked=now,
            deadline=deadline,
        )
        escalation.steps.append(step)
        position += 1
    escalation.next_ask = min(escalation.next_ask or deadline, deadline)
    session.flush()
    return list(places)


def at_once(
    places: Sequence[Place], count: int, *, exposure: str, now: datetime
) -> Sequence[Place]:
    """Return who is asked in one moment: so many, and more while none of them is at work.

    Outside his hours a person is asked all the same, since the clock runs day and night; but where
    the customer is engaged or worse, the next one is asked at the same time.

    Args:
        places: Who has not been asked yet, in order.
        count: How many are wanted.
        exposure: How far in the customer is.
        now: The moment, aware.
    """
    if exposure in DEEP_EXPOSURES:
        while count < len(places) and not any(
            is_at_work(place.person, now) for place in places[:count]
        ):
            count += 1
    return places[:count]


def persons_asked(escalation: Escalation) -> set[int]:
    """Return the ids of the people who have been asked."""
    return {step.account_manager_id for step in escalation.steps}


def latest_steps(escalation: Escalation) -> list[EscalationStep]:
    """Return the latest step of each person, in the order in which they were first asked."""
    latest: dict[int, EscalationStep] = {}
    for step in escalation.steps:
        latest[step.account_manager_id] = step
    return list(latest.values())
