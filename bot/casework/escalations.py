"""Escalations: a person is asked to help, and we know whether he has read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.events import add_event
from bot.casework.findings import worse_exposure
from bot.casework.handover import handover_summary
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Case, Escalation
from bot.casework.people import responsible_for
from bot.errors import NotFoundError

# A person who reads "wants a person" must still be told when life is in danger a minute later.
LIFE_IN_DANGER = "may_hurt_themselves"


@dataclass(frozen=True, kw_only=True)
class EscalationStatus:
    """Where the latest escalation of a case stands.

    Args:
        escalation_id: The escalation.
        status: ``pending``, ``acknowledged`` or ``resolved``.
        account_manager: Who was asked.
        created: When he was asked.
        sent_at: When a first message to him went out; None while none has.
        acknowledged_at: When somebody said that he read it; None while nobody has.
        acknowledged_by: Who read it.
    """

    escalation_id: int
    status: str
    account_manager: AccountManager
    created: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: AccountManager | None


def escalate(
    session: Session,
    case: Case,
    *,
    reason: str,
    now: datetime,
    script_titles: Mapping[str, str] | None = None,
) -> Escalation:
    """Ask the responsible person to help: escalation, event and outbox messages together.

    While one is pending nothing happens twice. A worse exposure, another responsible person or
    words of self-harm add further messages to the pending escalation.

    Args:
        session: The open session. Only after its commit may anybody say "he has been told".
        case: The open case.
        reason: Why: a key of the handover words' ``reasons``.
        now: The moment, aware.
        script_titles: Title of the leading script by language code.

    Raises:
        NotFoundError: The bank has imported nobody who could be asked.
    """
    lock_row(session, case)
    person = responsible_for(session, case)
    escalation = _pending(session, case) or _open(session, case, person, reason=reason, now=now)
    escalation.exposure = worse_exposure(escalation.exposure, case.exposure)
    escalation.account_manager = person
    session.flush()
    added = _owe_messages(
        session, escalation, reason=reason, now=now, script_titles=script_titles or {}
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
            account_manager=person.code,
        )
    return escalation


def acknowledge(session: Session, escalation_id: int, by: str, now: datetime) -> Escalation:
    """Record that somebody has read an escalation; the first reader counts.

    Args:
        session: The open session; the caller commits.
        escalation_id: The escalation.
        by: Code of the account manager, leader or duty desk who read it.
        now: The moment, aware.

    Raises:
        NotFoundError: There is no such escalation or no such person.
    """
    escalation, person = _escalation(session, escalation_id), _person(session, by)
    if escalation.status == "pending":
        escalation.status = "acknowledged"
        escalation.acknowledged_at, escalation.acknowledged_by = now, person
        _tell(session, escalation, kind="acknowledged", by=person, now=now)
    return escalation


def resolve(session: Session, escalation_id: int, by: str, now: datetime) -> Escalation:
    """Record that an escalation needs nothing more; who resolves it has also read it.

    Args:
        session: The open session; the caller commits.
        escalation_id: The escalation.
        by: Code of the account manager, leader or duty desk.
        now: The moment, aware.

    Raises:
        NotFoundError: There is no such escalation or no such person.
    """
    escalation = acknowledge(session, escalation_id, by, now)
    if escalation.status == "acknowledged":
        escalation.status = "resolved"
        _tell(session, escalation, kind="resolved", by=_person(session, by), now=now)
    return escalation


def status_for(case: Case) -> EscalationStatus | None:
    """Return where the latest escalation of a case stands; None where nobody was asked."""
    if not case.escalations:
        return None
    latest = max(case.escalations, key=lambda escalation: escalation.id)
    sent = [message.sent_at for message in latest.messages if message.sent_at]
    return EscalationStatus(
        escalation_id=latest.id,
        status=latest.status,
        account_manager=latest.account_manager,
        created=latest.created,
        sent_at=min(sent, default=None),
        acknowledged_at=latest.acknowledged_at,
        acknowledged_by=latest.acknowledged_by,
    )


def _pending(session: Session, case: Case) -> Escalation | None:
    escalation = session.scalar(
        select(Escalation).where(Escalation.case_id == case.id, Escalation.status == "pending")
    )
    if escalation is not None:
        lock_row(session, escalation)
    return escalation


def _open(
    session: Session, case: Case, person: AccountManager, *, reason: str, now: datetime
) -> Escalation:
    escalation = Escalation(
        case=case,
        reason=reason,
        exposure=case.exposure,
        status="pending",
        account_manager=person,
        created=now,
    )
    session.add(escalation)
    case.escalation_count += 1
    return escalation


def _owe_messages(
    session: Session,
    escalation: Escalation,
    *,
    reason: str,
    now: datetime,
    script_titles: Mapping[str, str],
) -> int:
    """Owe a message by each of the person's methods; return how many are new."""
    case, person = escalation.case, escalation.account_manager
    summary = handover_summary(
        session,
        case,
        language=person.language,
        reason=reason,
        script_title=script_titles.get(person.language),
    )
    added = 0
    for method in person.notify or ["console"]:
        added += outbox.put(
            session,
            dedupe_key=_dedupe_key(escalation, reason=reason, method=method),
            method=method,
            recipient=person.code,
            subject=summary.subject,
            body={
                "text": summary.text,
                "case": case.reference,
                "escalation": escalation.id,
                "reason": reason,
                "level": case.level,
                "exposure": escalation.exposure,
                "language": person.language,
            },
            now=now,
            escalation=escalation,
            case=case,
        )
    return added


def _dedupe_key(escalation: Escalation, *, reason: str, method: str) -> str:
    """Name a delivery; the method is hashed because its URL may hold a password."""
    urgency = LIFE_IN_DANGER if reason == LIFE_IN_DANGER else escalation.exposure
    digest = hashlib.sha256(method.encode()).hexdigest()[:12]
    return f"escalation:{escalation.id}:{urgency}:{escalation.account_manager.code}:{digest}"


def _tell(
    session: Session, escalation: Escalation, *, kind: str, by: AccountManager, now: datetime
) -> None:
    add_event(session, escalation.case, kind=kind, now=now, escalation=escalation.id, by=by.code)


def _escalation(session: Session, escalation_id: int) -> Escalation:
    escalation = session.get(Escalation, escalation_id)
    if escalation is None:
        raise NotFoundError(f"There is no escalation {escalation_id}.")
    lock_row(session, escalation.case)
    lock_row(session, escalation)
    return escalation


def _person(session: Session, code: str) -> AccountManager:
    person = session.scalar(select(AccountManager).where(AccountManager.code == code))
    if person is None:
        raise NotFoundError(f"No account manager has the code {code}; import the managers.")
    return person
