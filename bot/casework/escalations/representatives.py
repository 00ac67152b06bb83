"""With the customer's yes, somebody of his company is told: who can stop what a cashier cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.escalations.messages import digest_of, methods
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import AccountManager, Case, Customer
from bot.casework.payment_requests import latest_request
from bot.casework.payments import payment_of
from bot.casework.people import branch_for, responsible_for
from bot.casework.words import words_for

Who = Literal["legal_representative", "second_signer"]
REPRESENTATIVES: tuple[Who, ...] = ("legal_representative", "second_signer")


@dataclass(frozen=True, kw_only=True)
class RepresentativeAsked:
    """What may be said about telling somebody of the customer's company.

    Args:
        state: A message to him is ``owed``; somebody of the bank is asked ``to_ring`` him; or the
            bank has nobody of that kind on record: ``unknown``.
        who: ``legal_representative`` or ``second_signer``.
        name: His name; empty for ``unknown``.
        by: Who of the bank rings him, in the customer's language; empty for the other states.
        fresh: Whether this call did it, and not an earlier one.
    """

    state: Literal["owed", "to_ring", "unknown"]
    who: Who
    name: str = ""
    by: str = ""
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class _Representative:
    who: Who
    customer: Customer
    name: str
    phone: str
    notify: list[str]


def tell_representative(
    session: Session, case: Case, *, who: Who, now: datetime
) -> RepresentativeAsked:
    """Tell somebody of the customer's company, after the customer has said yes.

    He gets a message by his own methods; where he has none, the person of the bank who was asked
    about the case is asked to ring him. The words are in the company's language and lay no blame:
    the customer is a witness.

    Args:
        session: The open session. Only after its commit may anybody say so.
        case: The open case.
        who: Whom the customer agreed to.
        now: The moment, aware.

    Raises:
        NotFoundError: The bank has imported nobody who could ring him.
    """
    lock_row(session, case)
    found = _found(case, who)
    if found is None:
        return RepresentativeAsked(state="unknown", who=who)
    reader = _reader(session, case)
    ringing = not found.notify
    fresh = (
        _ask_to_ring(session, case, found, reader, now)
        if ringing
        else _write(session, case, found, now)
    )
    way = "ring" if ringing else "message"
    if fresh:
        add_event(session, case, kind="representative", now=now, who=who, way=way)
    return RepresentativeAsked(
        state="to_ring" if ringing else "owed",
        who=who,
        name=found.name,
        by=reader.name_in(case.contact.language) if ringing else "",
        fresh=fresh,
    )


def _found(case: Case, who: Who) -> _Representative | None:
    """Return who it is; None where the bank has neither a method nor a number of him."""
    customer = case.customer
    if customer is None:
        return None
    name, phone = getattr(customer, who), getattr(customer, f"{who}_phone")
    notify = list(getattr(customer, f"{who}_notify"))
    if not name or not (phone or notify):
        return None
    return _Representative(who=who, customer=customer, name=name, phone=phone or "", notify=notify)


def _reader(session: Session, case: Case) -> AccountManager:
    """Return who of the bank has the case in hand: who read it, else who was asked last."""
    latest = max(case.escalations, key=lambda escalation: escalation.id, default=None)
    if latest is None:
        return responsible_for(session, case)
    asked = [latest.acknowledged_by, *(step.account_manager for step in reversed(latest.steps))]
    there = [person for person in asked if person is not None and person.active]
    return there[0] if there else responsible_for(session, case)


def _write(session: Session, case: Case, found: _Representative, now: datetime) -> bool:
    customer = found.customer
    language = customer.language
    words = words_for(language).representative
    text = words.paid if case.exposure == "paid" else words.danger
    filled = text.format(
        branch=branch_for(session, case).name_in(language),
        customer=customer.name_in(language),
        company=customer.company_in(language) or customer.name_in(language),
        # The desk's number and not the manager's: it works whoever is away.
        phone=customer.branch.duty_desk_phone,
        reference=case.reference,
    )
    body: dict[str, object] = {"text": filled, "case": case.reference, "language": language}
    if case.exposure == "paid" and payment_of(case) is not None:
        # The worker signs it on the way out, so that nothing that opens a page is stored.
        body["links"] = [{"kind": "note", "case": case.id, "who": found.who, "label": words.note}]
    elif (request := latest_request(case)) is not None:
        # What is only asked for has a page of its own, with what he has to decide.
        link = {"kind": "note", "case": case.id, "request": request.id, "label": words.note}
        body["links"] = [link]
    # A payment is news to somebody who was told of a caller only.
    stage = "paid" if case.exposure == "paid" else "danger"
    added = [
        outbox.put(
            session,
            dedupe_key=f"representative:{case.id}:{found.who}:{stage}:{digest_of(method)}",
            method=method,
            recipient=f"{customer.code}:{found.who}",
            subject=words.subject.format(reference=case.reference),
            body=body,
            now=now,
            case=case,
        )
        for method in found.notify
    ]
    return any(added)


def _ask_to_ring(
    session: Session, case: Case, found: _Representative, reader: AccountManager, now: datetime
) -> bool:
    customer = found.customer
    language = reader.language
    words = words_for(language).representative
    company = customer.company_in(language) or customer.name_in(language)
    text = words.ring.format(
        name=found.name,
        company=company,
        customer=customer.name_in(language),
        phone=found.phone or words.no_phone,
        reference=case.reference,
    )
    body = {"text": text, "case": case.reference, "language": language}
    added = [
        outbox.put(
            session,
            dedupe_key=f"representative:{case.id}:{found.who}:ring:{digest_of(method)}",
            method=method,
            recipient=reader.code,
            subject=words.ring_subject.format(reference=case.reference, company=company),
            body=body,
            now=now,
            case=case,
        )
        for method in methods(reader)
    ]
    return any(added)
