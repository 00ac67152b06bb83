"""The messages of an escalation: the handover summary, by each of a person's methods, once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.escalations.steps import latest_steps
from bot.casework.handover import handover_summary
from bot.casework.models import AccountManager, Escalation, EscalationStep, OutboxMessage
from bot.casework.policy import Rule
from bot.casework.words import words_for

# A person who reads "wants a person" must still be told when life is in danger a minute later.
LIFE_IN_DANGER = "may_hurt_themselves"


def owe_messages(
    session: Session,
    escalation: Escalation,
    rule: Rule,
    *,
    reason: str,
    now: datetime,
    titles: Mapping[str, str],
    large_from: Decimal | None = None,
    unread_by: Sequence[EscalationStep] = (),
) -> int:
    """Owe everybody who was asked a message about how urgent it is by now.

    Args:
        session: The open session; the caller commits.
        escalation: The pending escalation, locked.
        rule: How loudly they are asked.
        reason: Why they are asked.
        now: The moment, aware.
        titles: Title of the leading script by language code.
        large_from: From which amount on a remittance is a large one.
        unread_by: Who was asked before and has not read it.

    Returns:
        How many messages are new; whoever has been told as much already gets none.
    """
    known = _known_keys(session, escalation)
    added = 0
    for step in latest_steps(escalation):
        person = step.account_manager
        keys = {_dedupe_key(escalation, step, method): method for method in methods(person, rule)}
        fresh = {key: method for key, method in keys.items() if key not in known}
        if not fresh or not person.active:
            continue
        summary = handover_summary(
            session,
            escalation.case,
            language=person.language,
            reason=reason,
            script_title=titles.get(person.language),
            unread_by=[] if step in unread_by else unread_by,
            large_from=large_from,
        )
        for key, method in fresh.items():
            added += outbox.put(
                session,
                dedupe_key=key,
                method=method,
                recipient=person.code,
                subject=summary.subject,
                body=_body(escalation, person, text=summary.text, reason=reason),
                now=now,
                escalation=escalation,
                case=escalation.case,
            )
    return added


def methods(person: AccountManager, rule: Rule | None = None) -> list[str]:
    """Return by which methods a person is told; at least one.

    Args:
        person: Who is told.
        rule: How loudly; None for all methods.
    """
    every = person.notify or ["console"]
    return every[:1] if rule is not None and rule.methods == "first" else every


def digest_of(method: str) -> str:
    """Return what stands for a method in a dedupe key: its URL may hold a password."""
    return hashlib.sha256(method.encode()).hexdigest()[:12]


def _body(
    escalation: Escalation, person: AccountManager, *, text: str, reason: str
) -> dict[str, object]:
    link = {
        "kind": "acknowledge",
        "escalation": escalation.id,
        "person": person.code,
        "label": words_for(person.language).acknowledge,
    }
    return {
        "text": text,
        "case": escalation.case.reference,
        "escalation": escalation.id,
        "reason": reason,
        "level": escalation.case.level,
        "exposure": escalation.exposure,
        "language": person.language,
        # The worker signs it on the way out, so that nothing that opens a page is stored.
        "links": [link],
    }


def _dedupe_key(escalation: Escalation, step: EscalationStep, method: str) -> str:
    """Name a delivery by how urgent it is, the place in the chain, the person and the method."""
    life = "+life" if escalation.reason == LIFE_IN_DANGER else ""
    return (
        f"escalation:{escalation.id}:{escalation.exposure}{life}:{step.position}:"
        f"{step.account_manager.code}:{digest_of(method)}"
    )


def _known_keys(session: Session, escalation: Escalation) -> set[str]:
    return set(
        session.scalars(
            select(OutboxMessage.dedupe_key).where(OutboxMessage.escalation_id == escalation.id)
        )
    )
