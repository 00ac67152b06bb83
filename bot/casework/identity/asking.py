"""Asking the bank's people to look at the two words; the words themselves are in no message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.escalations.messages import digest_of, methods
from bot.casework.escalations.steps import latest_steps
from bot.casework.models import AccountManager, Case, Escalation, IdentityWord
from bot.casework.people import branch_for
from bot.casework.words import words_for


def remind(
    session: Session, word: IdentityWord, *, now: datetime, fresh: bool
) -> Sequence[AccountManager]:
    """Make sure that everybody who was asked about the case knows that there are words to read.

    Whom the escalation itself tells in this moment gets no second message.

    Args:
        session: The open session; the caller commits.
        word: The words; their case has an escalation.
        now: The moment, aware.
        fresh: Whether the escalation was opened for this very question.

    Returns:
        Who has been asked, in order.
    """
    escalation = _latest(word.case)
    if escalation is None:
        return []
    people = [step.account_manager for step in latest_steps(escalation)]
    asked = [person for person in people if person.active]
    if not fresh:
        for person in asked:
            _owe(session, word, escalation, person, now=now)
    return asked


def _latest(case: Case) -> Escalation | None:
    return max(case.escalations, key=lambda escalation: escalation.id, default=None)


def _owe(
    session: Session,
    word: IdentityWord,
    escalation: Escalation,
    person: AccountManager,
    *,
    now: datetime,
) -> None:
    words = words_for(person.language)
    case = word.case
    zone = ZoneInfo(branch_for(session, case).timezone)
    until = word.expires.astimezone(zone).strftime("%H:%M")
    link = {
        "kind": "acknowledge",
        "escalation": escalation.id,
        "person": person.code,
        "label": words.acknowledge,
    }
    for method in methods(person):
        outbox.put(
            session,
            dedupe_key=f"identity:{word.id}:{person.code}:{digest_of(method)}",
            method=method,
            recipient=person.code,
            subject=words.identity.subject.format(reference=case.reference),
            body={
                "text": words.identity.text.format(reference=case.reference, time=until),
                "case": case.reference,
                "language": person.language,
                "links": [link],
            },
            now=now,
            escalation=escalation,
            case=case,
        )
