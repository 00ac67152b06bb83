"""How payments end: recorded, told to the desk, and told to the customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bank import Bank
from bot.casework.models import Case, Payment
from bot.casework.packets import Titles, no_titles, owe_packet
from bot.casework.payments import end_payment
from bot.casework.pushes import push
from bot.errors import DataError, NotFoundError
from bot.recovery import RailPacks


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What the customer is told of.

    Args:
        reference: Of the case.
        language: The language that he reads.
        outcome: One of ``PAYMENT_OUTCOMES``, other than ``not_paid``.
        stopped: How much was stopped or came back; None where nobody knows.
        currency: ISO 4217 code; None where nobody knows.
    """

    reference: str
    language: str
    outcome: str
    stopped: Decimal | None
    currency: str | None


def conclude(
    session: Session,
    payment: Payment,
    *,
    outcome: str,
    amount_stopped: Decimal | None,
    now: datetime,
    bank: Bank,
    packs: RailPacks,
    words: Callable[[Ended], str],
    titles: Titles = no_titles,
) -> bool:
    """Record how a payment ended, and owe the news to the desk and to the customer's chat.

    Who wants no messages gets none. A second call with another outcome corrects the first one.

    Args:
        session: The open session; the caller commits.
        payment: The payment.
        outcome: One of ``PAYMENT_OUTCOMES``.
        amount_stopped: How much was stopped or came back; None for all of it, or for unknown.
        now: The moment, aware.
        bank: Has the desk.
        packs: What is known of the payment rails.
        words: What the customer reads; injected, since casework has no such words.
        titles: Titles of scam scripts.

    Returns:
        Whether a message to the customer is owed.

    Raises:
        DataError: The outcome is not a known one, or the amount does not fit it.
    """
    if problem := _problem(payment, outcome, amount_stopped):
        raise DataError([problem])
    try:
        end_payment(session, payment, outcome=outcome, now=now, amount_stopped=amount_stopped)
    except ValueError as error:
        raise DataError([f"outcome: {error}"]) from error
    owe_packet(session, payment, now=now, bank=bank, packs=packs, titles=titles)
    if outcome == "not_paid":  # The customer said so himself.
        return False
    case = payment.case
    ended = Ended(
        reference=case.reference,
        language=case.contact.language,
        outcome=outcome,
        stopped=payment.amount_stopped,
        currency=payment.currency,
    )
    return push(
        session,
        case.contact,
        dedupe_key=f"outcome:{payment.id}:{outcome}:{payment.amount_stopped}",
        text=words(ended),
        lang=ended.language,
        now=now,
        case=case,
    )


def payment_to_end(session: Session, case: Case, number: int | None) -> Payment:
    """Return the payment of a case that somebody means.

    Args:
        session: The open session.
        case: The case.
        number: The payment's number; None where only one can be meant.

    Raises:
        NotFoundError: There is none, or there are several and no number.
    """
    payments = list(
        session.scalars(select(Payment).where(Payment.case_id == case.id).order_by(Payment.id))
    )
    if number is not None:
        found = [payment for payment in payments if payment.id == number]
    else:
        found = [payment for payment in payments if payment.closed is None] or payments
    if len(found) == 1:
        return found[0]
    known = ", ".join(str(payment.id) for payment in payments) or "none"
    raise NotFoundError(
        f"Case {case.reference} has these payments: {known}; name one with --payment."
        if payments
        else f"Case {case.reference} has no payment."
    )


def _problem(payment: Payment, outcome: str, amount: Decimal | None) -> str | None:
    if outcome == "partly_stopped" and amount is None:
        return "stopped: say how much was stopped, such as --stopped 500000"
    if outcome in ("lost", "not_paid") and amount:
        return f"stopped: {amount} contradicts {outcome}; give another outcome, or no amount"
    whole = payment.amount is not None and amount == payment.amount
    if outcome == "partly_stopped" and (whole or amount == 0):
        return f"stopped: {amount} is not a part of it; give another outcome, or another amount"
    if amount is not None and (not amount.is_finite() or amount != round(amount, 2)):
        return f"stopped: {amount} is not an amount; write one such as 500000 or 1234.50"
    return None
