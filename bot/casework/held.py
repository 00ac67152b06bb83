"""What is held of one customer: found in one place, so that export and erasure agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.casework.base import Base
from bot.casework.models import (
    CardLink,
    Case,
    CaseEvent,
    Contact,
    Customer,
    Education,
    Escalation,
    EscalationStep,
    Evidence,
    FollowUp,
    IdentityWord,
    MessengerChat,
    OutboxMessage,
    PayeeAccount,
    PayeeAccountView,
    Payment,
    PaymentRequest,
    PushedMessage,
    ReceivedMessage,
    Visit,
)

_Row = TypeVar("_Row", bound=Base)


@dataclass(frozen=True, kw_only=True)
class Held:
    """The rows of one customer, or of some cases, table by table.

    ``links_elsewhere`` are other customers' contacts that this customer's card once opened.
    """

    card_links: Sequence[CardLink] = ()
    visits: Sequence[Visit] = ()
    education: Sequence[Education] = ()
    contacts: Sequence[Contact] = ()
    links_elsewhere: Sequence[Contact] = ()
    messenger_chats: Sequence[MessengerChat] = ()
    received_messages: Sequence[ReceivedMessage] = ()
    pushed_messages: Sequence[PushedMessage] = ()
    cases: Sequence[Case] = ()
    evidence: Sequence[Evidence] = ()
    case_events: Sequence[CaseEvent] = ()
    follow_ups: Sequence[FollowUp] = ()
    escalations: Sequence[Escalation] = ()
    escalation_steps: Sequence[EscalationStep] = ()
    identity_words: Sequence[IdentityWord] = ()
    payments: Sequence[Payment] = ()
    payment_requests: Sequence[PaymentRequest] = ()
    payee_accounts: Sequence[PayeeAccount] = ()
    payee_account_views: Sequence[PayeeAccountView] = ()
    outbox_messages: Sequence[OutboxMessage] = ()


def held_of(session: Session, customer: Customer, *, lock: bool = False) -> Held:
    """Find everything that is held of a customer.

    A chat that was opened with his contact card counts as his, unless the bank itself has said
    that it is somebody else's.

    Args:
        session: The open session.
        customer: The customer.
        lock: Whether his contacts and cases are locked until the commit, in everybody's order.
    """
    links = _rows(session, CardLink, CardLink.customer_id == customer.id)
    by_card = _in(Contact.card_link_id, links)
    contacts = _rows(
        session,
        Contact,
        or_(Contact.customer_id == customer.id, by_card & Contact.customer_id.is_(None)),
        lock=lock,
    )
    others = by_card & Contact.customer_id.is_not(None) & (Contact.customer_id != customer.id)
    addresses = [contact.address for contact in contacts]
    theirs = or_(Case.customer_id == customer.id, _in(Case.contact_id, contacts))
    cases = _rows(session, Case, theirs, lock=lock)
    return held_by_cases(
        session,
        cases,
        addresses=addresses,
        card_links=links,
        visits=_rows(session, Visit, Visit.customer_id == customer.id),
        education=_rows(session, Education, Education.customer_id == customer.id),
        contacts=contacts,
        links_elsewhere=_rows(session, Contact, others),
        messenger_chats=_chats(session, contacts),
        received_messages=_rows(session, ReceivedMessage, ReceivedMessage.address.in_(addresses)),
        pushed_messages=_rows(session, PushedMessage, _in(PushedMessage.contact_id, contacts)),
    )


def held_by_cases(
    session: Session,
    cases: Sequence[Case],
    *,
    addresses: Sequence[str] = (),
    **more: Sequence[Base],
) -> Held:
    """Find everything that hangs on some cases.

    Args:
        session: The open session.
        cases: The cases.
        addresses: Contacts' addresses whose messages count too, whatever case they belong to.
        more: What else the result holds.
    """
    escalations = _rows(session, Escalation, _in(Escalation.case_id, cases))
    payments = _rows(session, Payment, _in(Payment.case_id, cases))
    accounts = _rows(session, PayeeAccount, _in(PayeeAccount.payment_id, payments))
    return Held(
        cases=cases,
        evidence=_rows(session, Evidence, _in(Evidence.case_id, cases)),
        case_events=_rows(session, CaseEvent, _in(CaseEvent.case_id, cases)),
        follow_ups=_rows(session, FollowUp, _in(FollowUp.case_id, cases)),
        escalations=escalations,
        escalation_steps=_rows(
            session, EscalationStep, _in(EscalationStep.escalation_id, escalations)
        ),
        identity_words=_rows(session, IdentityWord, _in(IdentityWord.case_id, cases)),
        payments=payments,
        payment_requests=_rows(session, PaymentRequest, _in(PaymentRequest.case_id, cases)),
        payee_accounts=accounts,
        payee_account_views=_rows(
            session, PayeeAccountView, _in(PayeeAccountView.payee_account_id, accounts)
        ),
        outbox_messages=_rows(
            session,
            OutboxMessage,
            or_(
                _in(OutboxMessage.case_id, cases),
                _in(OutboxMessage.escalation_id, escalations),
                OutboxMessage.recipient.in_(addresses),
            ),
        ),
        **more,  # type: ignore[arg-type]  # each is a field of the record
    )


def _rows(
    session: Session, model: type[_Row], where: ColumnElement[bool], *, lock: bool = False
) -> Sequence[_Row]:
    query = select(model).where(where).order_by(*model.__mapper__.primary_key)
    if lock:
        query = query.with_for_update(of=model).execution_options(populate_existing=True)
    return session.scalars(query).all()


def _chats(session: Session, contacts: Sequence[Contact]) -> Sequence[MessengerChat]:
    return _rows(session, MessengerChat, _in(MessengerChat.contact_id, contacts))


def _in(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], rows: Iterable[Base]
) -> ColumnElement[bool]:
    return column.in_([row.id for row in rows])  # type: ignore[attr-defined]  # all have one
