"""What nobody has read goes up the chain, and never comes to an end before somebody answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.casework.escalations.messages import owe_messages
from bot.casework.escalations.steps import ask, at_once, latest_steps, persons_asked
from bot.casework.escalations.telling import Words, tell_customer
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import Case, Escalation, EscalationStep
from bot.casework.people import Place, branch_for, chain_for, last_resorts
from bot.casework.policy import Policy, Rule, configured_policy, facts_of
from bot.errors import NotFoundError, SecondVoiceError

logger = logging.getLogger("secondvoice.casework")

Titles = Callable[[str], Mapping[str, str]]
"""Title of a scam script by language code."""

MOST_AT_A_TIME = 50
PAUSE_AFTER_ERROR = timedelta(minutes=1)


def ask_next_due(
    session: Session,
    now: datetime,
    *,
    policy: Policy | None = None,
    words: Words | None = None,
    titles: Titles | None = None,
    most: int = MOST_AT_A_TIME,
) -> int:
    """Ask the next person of every pending escalation that nobody has read in time.

    At the end of a chain the duty desk and the leader are asked again each time, for as long as
    nobody answers. Several workers may do this at once: each escalation is taken by one of them.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        policy: Who is asked and how; None for the one that the settings name.
        words: What the customer is told of it; None tells him nothing.
        titles: Titles of scam scripts for the summaries.
        most: How many escalations are taken at most.

    Returns:
        How many escalations were moved on.
    """
    policy = policy or configured_policy()
    moved = 0
    for escalation_id in _due(session, now, most=most):
        escalation = _taken(session, escalation_id, now=now)
        if escalation is not None:
            _ask_next(session, escalation, policy, now=now, words=words, titles=titles)
            moved += 1
    return moved


def _due(session: Session, now: datetime, *, most: int) -> Sequence[int]:
    return session.scalars(
        select(Escalation.id).where(_is_due(now)).order_by(Escalation.next_ask).limit(most)
    ).all()


def _is_due(now: datetime) -> ColumnElement[bool]:
    over = or_(Escalation.next_ask <= now, Escalation.next_ask.is_(None))
    return and_(Escalation.status == "pending", over)


def _taken(session: Session, escalation_id: int, *, now: datetime) -> Escalation | None:
    """Lock the case, then the escalation; leave alone what another worker holds or has done."""
    case = session.scalar(
        select(Case)
        .join(Escalation, Escalation.case_id == Case.id)
        .where(Escalation.id == escalation_id)
        .with_for_update(skip_locked=True, of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    if case is None:
        return None
    escalation = session.get(Escalation, escalation_id)
    if escalation is None:
        return None
    lock_row(session, escalation)
    due = escalation.next_ask is None or escalation.next_ask <= now
    return escalation if escalation.status == "pending" and due else None


def _ask_next(
    session: Session,
    escalation: Escalation,
    policy: Policy,
    *,
    now: datetime,
    words: Words | None,
    titles: Titles | None,
) -> None:
    """Move one escalation on; what goes wrong with it must not hold up the others."""
    try:
        with session.begin_nested():
            _ask_and_tell(session, escalation, policy, now=now, words=words, titles=titles)
    except SQLAlchemyError:
        raise  # The transaction itself is lost; the next round does it all again.
    except SecondVoiceError as error:
        logger.error("escalation %s: the next one was not asked: %s", escalation.id, error)
        escalation.next_ask = now + PAUSE_AFTER_ERROR
    except Exception as error:
        # Other errors may quote customers' words, so only their kind is logged.
        logger.error(
            "escalation %s: the next one was not asked: %s", escalation.id, type(error).__name__
        )
        escalation.next_ask = now + PAUSE_AFTER_ERROR


def _ask_and_tell(
    session: Session,
    escalation: Escalation,
    policy: Policy,
    *,
    now: datetime,
    words: Words | None,
    titles: Titles | None,
) -> None:
    case = escalation.case
    rule = _rule(escalation, policy)
    unread_by = latest_steps(escalation)
    for step in unread_by:
        # Where a message cannot be delivered the next one is asked before the time is over.
        step.deadline = min(step.deadline, now)
    escalation.next_ask = now + rule.patience
    places, again = _next_places(session, escalation, rule, now=now)
    if not places:
        _tell_nobody_is_there(session, escalation, now=now)
        return
    ask(session, escalation, rule, places, now=now)
    owe_messages(
        session,
        escalation,
        rule,
        reason=escalation.reason,
        now=now,
        titles=titles(case.leading_script) if titles and case.leading_script else {},
        large_from=policy.large_remittance,
        unread_by=unread_by,
    )
    _note(session, escalation, unread_by, places, again=again, now=now)
    if words is not None and not again:
        tell_customer(session, escalation, words, news=str(len(escalation.steps)), now=now)


def _rule(escalation: Escalation, policy: Policy) -> Rule:
    """Return the rule that counts; where the file has been changed, the one that fits now."""
    known = policy.rule_named(escalation.rule)
    if known is not None:
        return known
    facts = facts_of(escalation.case, reason=escalation.reason, exposure=escalation.exposure)
    rule = policy.rule_for(facts)
    escalation.rule = rule.id
    return rule


def _next_places(
    session: Session, escalation: Escalation, rule: Rule, *, now: datetime
) -> tuple[Sequence[Place], bool]:
    """Return whom to ask now, and whether they are asked again."""
    known = persons_asked(escalation)
    try:
        chain = chain_for(session, escalation.case, rule.ask)
        unasked = [place for place in chain if place.person.id not in known]
        if unasked:
            return at_once(unasked, 1, exposure=escalation.exposure, now=now), False
        resorts = last_resorts(session, escalation.case)
    except NotFoundError:
        return [], False
    return resorts, all(place.person.id in known for place in resorts)


def _note(
    session: Session,
    escalation: Escalation,
    unread_by: Sequence[EscalationStep],
    places: Sequence[Place],
    *,
    again: bool,
    now: datetime,
) -> None:
    add_event(
        session,
        escalation.case,
        kind="unread",
        now=now,
        escalation=escalation.id,
        unread_by=[step.account_manager.code for step in unread_by],
        asked=[place.person.code for place in places],
        position=len(escalation.steps) - len(places),
        again=again,
    )


def _tell_nobody_is_there(session: Session, escalation: Escalation, *, now: datetime) -> None:
    """Leave the one number that always works where the bank's people will see it."""
    branch = branch_for(session, escalation.case)
    add_event(
        session,
        escalation.case,
        kind="nobody_to_ask",
        now=now,
        escalation=escalation.id,
        branch=branch.code,
        duty_desk_phone=branch.duty_desk_phone,
    )
    logger.error(
        "case %s has been read by nobody and branch %s has nobody active to ask; "
        "ring its duty desk, %s, and import the managers",
        *(escalation.case.reference, branch.code, branch.duty_desk_phone),
    )
