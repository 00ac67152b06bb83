"""Payment requests under check: what is told of them, what to ask next, when they are judged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.casework.base import storable
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import Case, PaymentRequest
from bot.payment_requests import QUESTIONS, SIGNS, Read, question_after

QUOTE_CHARACTERS = 120


@dataclass(frozen=True, kw_only=True)
class RequestDetails:
    """What one message tells of the payment that is asked for; None where it tells nothing.

    Args:
        asker: Who asks, one of ``payment_requests.ASKERS``.
        amount: In units of the currency, above zero.
        currency: ISO 4217 code.
        payee_name: Who is to get it.
        payee_bank: Where his account is.
        payee_account_ending: The last characters of the account number.
    """

    asker: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    payee_name: str | None = None
    payee_bank: str | None = None
    payee_account_ending: str | None = None


def open_request(case: Case) -> PaymentRequest | None:
    """Return the request that is being looked at; None when none is, or it has been judged."""
    running = [request for request in case.payment_requests if request.judged is None]
    return running[-1] if running else None


def latest_request(case: Case) -> PaymentRequest | None:
    """Return the request that was told of last."""
    return case.payment_requests[-1] if case.payment_requests else None


def begin_request(session: Session, case: Case, *, now: datetime) -> PaymentRequest:
    """Record that a payment request is to be checked.

    Args:
        session: The open session; the caller commits.
        case: The case, locked.
        now: The moment, aware.
    """
    request = PaymentRequest(case=case, signs=[], absent=[], asked=[], created=now, updated=now)
    session.add(request)
    session.flush()
    add_event(session, case, kind="request_told", now=now, request=request.id)
    return request


def note_request(
    session: Session,
    request: PaymentRequest,
    read: Read,
    details: RequestDetails,
    *,
    now: datetime,
) -> None:
    """Add what a message shows; a sign that was denied counts again when it is shown later.

    Args:
        session: The open session; the caller commits.
        request: The request.
        read: The signs that the message shows or denies.
        details: What else it tells.
        now: The moment, aware.
    """
    lock_row(session, request.case)
    known = {one["sign"]: one for one in request.signs}
    for sign, quote in read.there.items():
        if not known.get(sign, {}).get("quote"):
            known[sign] = {"sign": sign, "quote": storable(quote).strip()[:QUOTE_CHARACTERS]}
    request.signs = [known[sign] for sign in SIGNS if sign in known]
    absent = {*request.absent, *read.absent} - set(known)
    request.absent = [sign for sign in SIGNS if sign in absent]
    for field in fields(details):
        value = getattr(details, field.name)
        if value is not None and getattr(request, field.name) is None:
            setattr(request, field.name, storable(value) if isinstance(value, str) else value)
    request.updated = max(request.updated, now)
    session.flush()


def answer_request(
    session: Session, request: PaymentRequest, question: str, answer: bool | None, *, now: datetime
) -> None:
    """Record the answer to a question; None for one that could not be answered.

    Args:
        session: The open session; the caller commits.
        request: The request.
        question: A key of ``payment_requests.QUESTIONS``.
        answer: Yes is the good answer.
        now: The moment, aware.
    """
    if question not in request.asked:
        request.asked = [*request.asked, question]
    settled = {*(one["sign"] for one in request.signs), *request.absent}
    if answer is None or settled & set(QUESTIONS[question]):
        return
    sign = QUESTIONS[question][0]
    read = Read(absent=frozenset([sign])) if answer else Read(there={sign: ""})
    note_request(session, request, read, RequestDetails(), now=now)


def question_of(request: PaymentRequest) -> str | None:
    """Return what to ask next, a key of ``payment_requests.QUESTIONS``."""
    if request.judged is not None:
        return None
    return question_after(_there(request), request.absent, request.asked)


def judge_request(session: Session, request: PaymentRequest, *, now: datetime) -> None:
    """Record that the customer gets the result.

    Args:
        session: The open session; the caller commits.
        request: The request.
        now: The moment, aware.
    """
    if request.judged is None:
        request.judged = now
        request.updated = max(request.updated, now)
        signs = sorted(_there(request))
        add_event(
            session, request.case, kind="request_judged", now=now, request=request.id, signs=signs
        )


def _there(request: PaymentRequest) -> Collection[str]:
    return [one["sign"] for one in request.signs]
