"""Making the page for whoever signs for a company, from what is recorded of a payment request."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.bank import Bank
from bot.casework.follow_ups import zone_of
from bot.casework.models import PaymentRequest
from bot.casework.people import branch_for, manager_in_charge
from bot.casework.words import languages
from bot.payment_requests import QUESTIONS
from bot.payment_requests.sheet import Sheet


def sheet_of(session: Session, request: PaymentRequest, *, now: datetime, bank: Bank) -> Sheet:
    """Return the page's values as they stand now; any detail may be missing.

    Args:
        session: The open session; nothing is written.
        request: The payment request.
        now: The moment, aware.
        bank: Names and numbers.
    """
    case, customer = request.case, request.case.customer
    branch = branch_for(session, case)
    manager = manager_in_charge(customer) if customer else None
    signs = {one["sign"]: one["quote"] for one in request.signs}
    settled = {*signs, *request.absent}
    companies = (
        {code: (customer.company_in(code) or "") for code in languages()} if customer else {}
    )
    return Sheet(
        reference=case.reference,
        made=now,
        zone=zone_of(session, case),
        bank=dict(bank.names),
        hotline=bank.hotline,
        police=bank.emergency.police,
        manager={code: (manager or branch).name_in(code) for code in languages()},
        manager_phone=manager.mobile if manager else branch.duty_desk_phone,
        customer={code: customer.name_in(code) for code in languages()} if customer else {},
        company=companies,
        addressee=(customer.legal_representative or "") if customer else "",
        asker=request.asker,
        amount=request.amount,
        currency=request.currency,
        payee_name=request.payee_name,
        payee_bank=request.payee_bank,
        payee_account_ending=request.payee_account_ending,
        signs=tuple(signs.items()),
        unanswered=tuple(one for one in request.asked if not settled & set(QUESTIONS[one])),
    )
