"""Asking for help: an escalation is opened, or a pending one becomes more urgent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.escalations.messages import LIFE_IN_DANGER, owe_messages
from bot.casework.escalations.steps import ask, at_once, persons_asked
from bot.casework.events import add_event
from bot.casework.findings import worse_exposure
from bot.casework.locks import lock_row
from bot.casework.models import Case, Escalation
from bot.casework.people import Place, chain_for
from bot.casework.policy import Policy, Rule, configured_policy, facts_of


def escalate(
    session: Session,
    case: Case,
    *,
    reason: str,
    now: datetime,
    script_titles: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> Escalation:
    """Ask people to help: escalation, steps, event and outbox messages together.

    While one is pending nothing happens twice. A worse exposure, another responsible person or
    words of self-harm add further messages to the pending escalation, and where a more urgent
    rule of the policy fits by now, its minutes count from now; no deadline ever moves later.

    Args:
        session: The open session. Only after its commit may anybody say "he has been told".
        case: The open case.
        reason: Why: a key of the handover words' ``reasons``.
        now: The moment, aware.
        script_titles: Title of the leading script by language code.
        policy: Who is asked and how; None for the one that the settings name.

    Raises:
        NotFoundError: The bank has imported nobody who could be asked.
        ConfigurationError: The policy file cannot be used.
    """
    lock_row(session, case)
    policy = policy or configured_policy()
    escalation = _pending(session, case)
    if escalation is None:
        escalation, rule = _open(session, case, policy, reason=reason, now=now)
    else:
        rule = _deepen(session, escalation, policy, reason=reason, now=now)
    chain = chain_for(session, case, rule.ask)
    escalation.account_manager = chain[0].person
    asked = _ask_those_missing(session, escalation, rule, chain, now=now)
    added = owe_messages(
        session,
        escalation,
        rule,
        reason=reason,
        now=now,
        titles=script_titles or {},
        large_from=policy.large_remittance,
    )
    if added:
        add_event(
            session,
            case,
            kind="escalated",
            now=now,
            escalation=escalation.id,
            reason=reason,
            exposure=escalation.exposure,
            rule=rule.id,
            account_manager=chain[0].person.code,
            asked=[place.person.code for place in asked],
        )
    return escalation


def _pending(session: Session, case: Case) -> Escalation | None:
    escalation = session.scalar(
        select(Escalation).where(Escalation.case_id == case.id, Escalation.status == "pending")
    )
    if escalation is not None:
        lock_row(session, escalation)
    return escalation


def _open(
    session: Session, case: Case, policy: Policy, *, reason: str, now: datetime
) -> tuple[Escalation, Rule]:
    rule = policy.rule_for(facts_of(case, reason=reason, exposure=case.exposure))
    escalation = Escalation(
        case=case,
        reason=reason,
        exposure=case.exposure,
        status="pending",
        rule=rule.id,
        account_manager=chain_for(session, case, rule.ask)[0].person,
        created=now,
    )
    session.add(escalation)
    case.escalation_count += 1
    session.flush()
    return escalation, rule


def _deepen(
    session: Session, escalation: Escalation, policy: Policy, *, reason: str, now: datetime
) -> Rule:
    """Take over what is worse by now, and the rule for it; return the rule that counts."""
    worst = worse_exposure(escalation.exposure, escalation.case.exposure)
    worse = worst != escalation.exposure
    escalation.exposure = worst
    if escalation.reason != LIFE_IN_DANGER and (worse or reason == LIFE_IN_DANGER):
        # Whoever is asked later must read why it is urgent, not how it began.
        escalation.reason = reason
    counts = escalation.reason if escalation.reason == LIFE_IN_DANGER else reason
    rule = policy.rule_for(facts_of(escalation.case, reason=counts, exposure=worst))
    before = policy.rule_named(escalation.rule)
    if before is not None and not rule.is_more_urgent_than(before):
        return before
    escalation.rule = rule.id
    deadline = now + rule.patience
    for step in escalation.steps:
        step.deadline = min(step.deadline, deadline)
    escalation.next_ask = min(escalation.next_ask or deadline, deadline)
    session.flush()
    return rule


def _ask_those_missing(
    session: Session, escalation: Escalation, rule: Rule, chain: list[Place], *, now: datetime
) -> list[Place]:
    """Ask as many as the rule wants at once, and who has become responsible meanwhile."""
    known = persons_asked(escalation)
    unasked = [place for place in chain if place.person.id not in known]
    missing = max(rule.together - len(known), 0)
    if not missing and unasked[:1] == chain[:1]:
        missing = 1
    if not missing:
        return []
    places = at_once(unasked, missing, exposure=escalation.exposure, now=now)
    return ask(session, escalation, rule, places, now=now)
