"""Payments that customers tell of: what is known, what to ask next, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.casework.base import storable
from bot.casework.events import add_event
from bot.casework.locks import lock_row
from bot.casework.models import PAYMENT_OUTCOMES, Case, Payment

MOST_WORDS = 20
WORDS_CHARACTERS = 1000

#: What is asked, in this order, and which details answer it: one of them is enough.
#: Source: the five things that police notices ask a victim to have ready (110 stop payment).
QUESTIONS: dict[str, tuple[str, ...]] = {
    "amount": ("amount",),
    "time": ("submitted",),
    "channel": ("channel",),
    "payee": ("payee_name", "payee_account_ending"),
    "caller": ("caller_there",),
}


#: Ways with questions of their own: cash has no payee's account, a gift card has a company whose
#: name stands on it, and of crypto-currency the exchange counts that it left.
_OTHERWISE: dict[str, dict[str, tuple[str, ...]]] = {
    "cash": {"payee": ()},
    "gift_card": {"payee": ("payee_name",)},
    "crypto": {"payee": ("paying_bank",)},
}


@dataclass(frozen=True, kw_only=True)
class PaymentDetails:
    """What one message tells of a payment; None where it tells nothing.

    Args:
        amount: In units of the currency, above zero.
        currency: ISO 4217 code.
        currency_assumed: Whether nobody has named the currency, and the bank's own is meant.
        paying_bank: Another bank or an exchange that it left, as the customer says it.
        submitted: When the order was given, aware.
        precise_to: ``minute``, ``hour`` or ``day``.
        channel: How it was sent, a word of the rail clock.
        arrival: Which arrival was chosen, a word of the rail clock.
        account_kind: ``company`` or ``private``.
        payee_name: Who got it.
        payee_bank: Where his account is, as the customer says it.
        payee_account_ending: The last digits of the account number; the number itself is
            kept elsewhere and encrypted.
        caller_there: Whether the caller is still in touch.
    """

    amount: Decimal | None = None
    currency: str | None = None
    currency_assumed: bool | None = None
    paying_bank: str | None = None
    submitted: datetime | None = None
    precise_to: str | None = None
    channel: str | None = None
    arrival: str | None = None
    account_kind: str | None = None
    payee_name: str | None = None
    payee_bank: str | None = None
    payee_account_ending: str | None = None
    caller_there: bool | None = None

    def known(self) -> dict[str, Any]:
        """Return the details that are told."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def payment_of(case: Case) -> Payment | None:
    """Return the payment that is being talked about: the latest one that has not ended."""
    running = [payment for payment in case.payments if payment.closed is None]
    return running[-1] if running else None


def open_payment(session: Session, case: Case, *, now: datetime) -> Payment:
    """Record that money has left, before anything is known of the payment.

    Args:
        session: The open session; the caller commits.
        case: The case, locked.
        now: The moment, aware.
    """
    payment = Payment(case=case, unknown=[], words=[], created=now, updated=now)
    session.add(payment)
    session.flush()
    add_event(session, case, kind="payment_told", now=now, payment=payment.id)
    return payment


def note_details(
    session: Session,
    payment: Payment,
    details: PaymentDetails,
    *,
    now: datetime,
    words: str = "",
    replace: bool = False,
) -> tuple[str, ...]:
    """Add what a message tells; a detail that is known already changes only by a correction.

    Args:
        session: The open session; the caller commits.
        payment: The payment.
        details: What the message tells.
        now: The moment, aware.
        words: The customer's masked words, for the police-report sheet.
        replace: Whether the message corrects what was said, or answers the question about it.

    Returns:
        The names of the details that changed.
    """
    lock_row(session, payment.case)
    lock_row(session, payment)
    changed = []
    for name, value in details.known().items():
        before = getattr(payment, name)
        if before == value or (before is not None and not replace):
            continue
        setattr(payment, name, storable(value) if isinstance(value, str) else value)
        changed.append(name)
    _keep_words(payment, words, now=now)
    payment.unknown = [q for q in payment.unknown if not _answered(payment, q)]
    payment.updated = max(payment.updated, now)
    if changed:
        add_event(
            session,
            payment.case,
            kind="payment_details",
            now=now,
            payment=payment.id,
            details=sorted(changed),
        )
    session.flush()
    return tuple(changed)


def mark_unknown(session: Session, payment: Payment, question: str, *, now: datetime) -> None:
    """Record that the customer cannot answer a question, so that he is not asked again.

    Raises:
        ValueError: There is no such question.
    """
    if question not in QUESTIONS:
        raise ValueError(f"{question!r} is no question about a payment: {', '.join(QUESTIONS)}")
    lock_row(session, payment)
    if question not in payment.unknown and not _answered(payment, question):
        payment.unknown = [*payment.unknown, question]
        payment.updated = max(payment.updated, now)
    session.flush()


def next_question(payment: Payment) -> str | None:
    """Return what to ask next, a key of ``QUESTIONS``; None when all is answered or unknown."""
    for question in QUESTIONS:
        if question not in payment.unknown and not _answered(payment, question):
            return question
    return None


def open_questions(payment: Payment) -> frozenset[str]:
    """Return which questions have no answer yet, asked in vain or not asked at all."""
    return frozenset(question for question in QUESTIONS if not _answered(payment, question))


def end_payment(
    session: Session,
    payment: Payment,
    *,
    outcome: str,
    now: datetime,
    amount_stopped: Decimal | None = None,
) -> None:
    """Record how a payment ended.

    Args:
        session: The open session; the caller commits.
        payment: The payment.
        outcome: One of ``PAYMENT_OUTCOMES``.
        now: The moment, aware.
        amount_stopped: How much was stopped or came back, in units of the payment's currency.

    Raises:
        ValueError: The outcome is not a known one, or the amount does not fit it.
    """
    if outcome not in PAYMENT_OUTCOMES:
        raise ValueError(f"{outcome!r} is no outcome: {', '.join(PAYMENT_OUTCOMES)}")
    lock_row(session, payment.case)
    lock_row(session, payment)
    if amount_stopped is not None and not _fits(payment, amount_stopped):
        raise ValueError(
            f"{amount_stopped} cannot have been stopped of {payment.amount}; "
            "give an amount between 0 and what was paid."
        )
    if amount_stopped is None and outcome in ("stopped", "returned"):
        amount_stopped = payment.amount
    payment.outcome, payment.amount_stopped = outcome, amount_stopped
    payment.closed = payment.closed or now
    payment.updated = max(payment.updated, now)
    add_event(session, payment.case, kind="payment_ended", now=now, payment=payment.id, how=outcome)


def _fits(payment: Payment, amount: Decimal) -> bool:
    return amount >= 0 and (payment.amount is None or amount <= payment.amount)


def _answered(payment: Payment, question: str) -> bool:
    """Whether a question has its answer, or does not fit the way that the payment went."""
    own = _OTHERWISE.get(payment.channel or "", {})
    names = own.get(question, QUESTIONS[question])
    return not names or any(getattr(payment, name) is not None for name in names)


def _keep_words(payment: Payment, words: str, *, now: datetime) -> None:
    said = storable(words).strip()[:WORDS_CHARACTERS]
    if said and all(said != one["text"] for one in payment.words):
        kept = {"at": now.isoformat(), "text": said}
        payment.words = [*payment.words, kept][-MOST_WORDS:]
