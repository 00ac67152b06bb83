"""What may honestly be said about who knows of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.casework.models import AccountManager, Branch, Case, Escalation, EscalationStep
from bot.casework.people import branch_for, responsible_for
from bot.errors import NotFoundError

State = Literal["nobody", "asked", "told", "unread", "read"]


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody of the bank, as the customer may know him.

    Args:
        code: The bank's code of the person; not for the customer's eyes.
        name: His name in the reader's language.
        role: ``manager``, ``leader`` or ``duty_desk``.
        phone: A number that reaches him or, where his own is none of the customer's, his desk.
    """

    code: str
    name: str
    role: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Where the latest call for help of a case stands.

    Args:
        state: ``nobody`` has been asked; somebody was ``asked`` but no message has gone out;
            was ``told``: a message to him has gone out; was ``unread`` in time, so others were
            asked; or somebody has ``read`` it.
        reference: The case's public reference.
        language: The reader's language code.
        at: When the state began (a message went out, the others were asked, it was read), by the
            customer's clock; None for ``nobody``.
        person: Who was asked, was told, was asked next, or has read it; None for ``nobody``.
        unread_by: Who was asked earlier and has not read it.
        sent: Whether a message to ``person`` has gone out.
        phone: The number to ring meanwhile.
        escalation_id: The escalation; None for ``nobody``.
    """

    state: State
    reference: str
    language: str
    at: datetime | None = None
    person: Named | None = None
    unread_by: tuple[Named, ...] = ()
    sent: bool = False
    phone: str
    escalation_id: int | None = None

    @property
    def time(self) -> str:
        """The moment as a clock shows it, such as ``20:04``; empty for ``nobody``."""
        return self.at.strftime("%H:%M") if self.at else ""


@dataclass(frozen=True, kw_only=True)
class EscalationStatus:
    """Where the latest escalation of a case stands.

    Args:
        escalation_id: The escalation.
        status: ``pending``, ``acknowledged`` or ``resolved``.
        account_manager: Who is responsible and was asked.
        created: When it began.
        sent_at: When a first message went out; None while none has.
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


def truth_for(session: Session, case: Case, *, language: str | None = None) -> Truth:
    """Return what may honestly be said now about who knows of a case.

    Only rows count, never intentions: read it after the commit, or in the transaction whose
    commit comes before the words.

    Args:
        session: The open session; nothing is written.
        case: The case.
        language: The reader's language; None for the one the contact last wrote in.

    Raises:
        NotFoundError: The bank has imported no branch.
    """
    language = language or case.contact.language
    branch = branch_for(session, case)
    escalation = _latest(case)
    if escalation is None:
        return Truth(
            state="nobody",
            reference=case.reference,
            language=language,
            phone=_phone_meanwhile(session, case, branch),
        )
    state, person, at = _standing(escalation)
    known = _named(person, case, branch, language=language)
    return Truth(
        state=state,
        reference=case.reference,
        language=language,
        at=at.astimezone(_zone(case, branch)),
        person=known,
        unread_by=tuple(
            _named(step.account_manager, case, branch, language=language)
            for step in _unread(escalation)
        ),
        sent=_sent(escalation, person) is not None,
        phone=known.phone,
        escalation_id=escalation.id,
    )


def status_for(case: Case) -> EscalationStatus | None:
    """Return where the latest escalation of a case stands; None where nobody was asked."""
    latest = _latest(case)
    if latest is None:
        return None
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


def _latest(case: Case) -> Escalation | None:
    return max(case.escalations, key=lambda escalation: escalation.id, default=None)


def _standing(escalation: Escalation) -> tuple[State, AccountManager, datetime]:
    """Return the state with the person and the moment that it is about."""
    if escalation.acknowledged_at is not None and escalation.acknowledged_by is not None:
        return "read", escalation.acknowledged_by, escalation.acknowledged_at
    newest = _newest(escalation)
    if _unread(escalation):
        return "unread", newest[0].account_manager, newest[0].asked
    told = [
        (sent, step.account_manager)
        for step in escalation.steps
        if (sent := _sent(escalation, step.account_manager)) is not None
    ]
    if told:
        sent_at, person = min(told, key=lambda pair: pair[0])
        return "told", person, sent_at
    if newest:
        return "asked", escalation.steps[0].account_manager, escalation.steps[0].asked
    return "asked", escalation.account_manager, escalation.created


def _newest(escalation: Escalation) -> list[EscalationStep]:
    """Return the steps made in the latest moment."""
    latest = max((step.asked for step in escalation.steps), default=None)
    return [step for step in escalation.steps if step.asked == latest]


def _unread(escalation: Escalation) -> Sequence[EscalationStep]:
    """Return the steps whose time was over when the newest ones were made, each person once."""
    if escalation.acknowledged_at is not None:
        return ()
    newest = _newest(escalation)
    again = {step.account_manager_id for step in newest}
    over = {
        step.account_manager_id: step
        for step in escalation.steps
        if step not in newest
        and step.account_manager_id not in again
        and step.deadline <= newest[0].asked
    }
    return tuple(over.values())


def _sent(escalation: Escalation, person: AccountManager) -> datetime | None:
    """Return when a first message to a person went out."""
    return min(
        (
            message.sent_at
            for message in escalation.messages
            if message.sent_at is not None and message.recipient == person.code
        ),
        default=None,
    )


def _named(person: AccountManager, case: Case, branch: Branch, *, language: str) -> Named:
    return Named(
        code=person.code,
        name=person.name_in(language),
        role=person.role,
        phone=_phone(person, case, branch),
    )


def _phone(person: AccountManager, case: Case, branch: Branch) -> str:
    """Return a number for the customer: nobody's private one but that of his own managers."""
    own = case.customer is not None and person.role == "manager" and person.active
    return person.mobile if own else branch.duty_desk_phone


def _phone_meanwhile(session: Session, case: Case, branch: Branch) -> str:
    try:
        return _phone(responsible_for(session, case), case, branch)
    except NotFoundError:  # Nobody is there, but the desk's telephone still is.
        return branch.duty_desk_phone


def _zone(case: Case, branch: Branch) -> ZoneInfo:
    return ZoneInfo(case.customer.timezone if case.customer is not None else branch.timezone)
