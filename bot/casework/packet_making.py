"""Making stop-payment packets from what is recorded of a payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import recovery
from bot.bank import Bank
from bot.casework.evidence import active_evidence
from bot.casework.follow_ups import zone_of
from bot.casework.models import AccountManager, Case, PayeeAccount, Payment
from bot.casework.payments import payment_of
from bot.casework.people import branch_for, manager_in_charge
from bot.casework.words import languages
from bot.recovery import RailPacks
from bot.recovery.document_words import document_languages, document_words
from bot.recovery.imprecise import clock_between, span_of
from bot.recovery.packet import DETAILS, Customer, Packet, Payee, Person, Said
from bot.recovery.words import clock_words

MOST_EVIDENCE = 40

Titles = Callable[[str], Mapping[str, str]]
"""Returns the title of a scam script by language code; injected, as casework knows no scripts."""

rail_packs = cache(recovery.load_rail_packs)
"""The rail packs, read once in a process, at first use."""


def prepare(bank: Bank) -> None:
    """Read at start what would make the first customer wait.

    Args:
        bank: Has the country whose rails count.

    Raises:
        DataError: The packs do not know the bank's country.
    """
    rail_packs().jurisdiction(bank.jurisdiction)
    for language in document_languages():
        document_words(language)
        clock_words(language)


def no_titles(_script: str) -> Mapping[str, str]:
    """Return no title, where nobody has injected any."""
    return {}


def packet_of(
    session: Session,
    payment: Payment,
    packs: RailPacks,
    *,
    now: datetime,
    bank: Bank,
    titles: Titles = no_titles,
) -> Packet:
    """Return the packet about a payment as it stands now; any detail may be missing.

    Args:
        session: The open session; nothing is written.
        payment: The payment.
        packs: What is known of the payment rails.
        now: The moment, aware.
        bank: Names, numbers, and the country whose rails count.
        titles: Titles of scam scripts.

    Raises:
        DataError: The packs do not know the bank's country.
    """
    case = payment.case
    zone = zone_of(session, case)
    span = None
    if payment.submitted is not None:
        span = span_of(payment.submitted, payment.precise_to, zone=zone, told=payment.created)
    kept = _is_kept(session, payment)
    desk = bank.operations_desk
    return Packet(
        payment=payment.id,
        version=payment.packet_version,
        made=now,
        reference=case.reference,
        opened=case.opened,
        level=case.level,
        exposure=case.exposure,
        script=dict(titles(case.leading_script)) if case.leading_script else {},
        bank=dict(bank.names),
        desk=dict(desk.names) if desk else dict(bank.names),
        desk_phone=desk.phone if desk else bank.hotline,
        police=bank.emergency.police,
        customer=_customer(case),
        manager=_manager(session, case),
        amount=payment.amount,
        currency=payment.currency,
        currency_assumed=bool(payment.currency_assumed),
        paying_bank=payment.paying_bank,
        submitted=payment.submitted,
        precise_to=payment.precise_to if payment.submitted else None,
        span=span,
        channel=payment.channel,
        arrival=payment.arrival,
        account_kind=payment.account_kind,
        caller_there=payment.caller_there,
        payee=Payee(
            name=payment.payee_name,
            bank=payment.payee_bank,
            bank_code=_bank_code(payment.payee_bank, packs),
            account_ending=payment.payee_account_ending,
            account_kept=kept,
        ),
        clock=clock_of(session, payment, packs, now=now, bank=bank),
        evidence=tuple(
            Said(at=row.at, text=row.quote, red_flag=row.red_flag)
            for row in active_evidence(case)[-MOST_EVIDENCE:]
        ),
        words=tuple(
            Said(at=datetime.fromisoformat(one["at"]), text=one["text"]) for one in payment.words
        ),
        unknown=tuple(_unknown(payment, kept=kept)),
        asked_in_vain=tuple(payment.unknown),
        outcome=payment.outcome,
        amount_stopped=payment.amount_stopped,
    )


def clock_of(
    session: Session, payment: Payment, packs: RailPacks, *, now: datetime, bank: Bank
) -> recovery.ClockView:
    """Return what the rail clock shows of a payment; what it cannot use counts as unknown.

    Args:
        session: The open session; nothing is written.
        payment: The payment.
        packs: What is known of the payment rails.
        now: The moment, aware.
        bank: Names, and the country whose rails count.

    Raises:
        DataError: The packs do not know the bank's country.
    """
    pack = packs.jurisdiction(bank.jurisdiction)
    usable = payment.currency is None or payment.currency in packs.currencies
    amount = payment.amount if usable and payment.amount and payment.amount > 0 else None
    names = [payment.paying_bank] if payment.paying_bank else bank.names.values()
    own = (pack.bank_named(name) for name in names)
    asked = recovery.Payment(
        jurisdiction=bank.jurisdiction,
        amount=amount,
        currency=payment.currency if usable else None,
        channel=payment.channel if payment.channel in recovery.CHANNELS else None,
        arrival=payment.arrival if payment.arrival in recovery.ARRIVALS else None,
        paying_bank=next((code for code in own if code), None),
        receiving_bank=_bank_code(payment.payee_bank, packs),
    )
    if payment.channel in recovery.OFF_RAILS:
        return recovery.off_rails(asked, packs, state=recovery.NO_LONGER, why="no_rail", now=now)
    if payment.paying_bank and asked.paying_bank is None:
        # Of a bank that is not on the list no hours are known, perhaps not even the country.
        return recovery.off_rails(
            asked, packs, state=recovery.UNKNOWN, why="paying_bank_unknown", now=now
        )
    submitted = payment.submitted
    if submitted is None or submitted > now or not 2001 <= submitted.year <= now.year:
        return recovery.rail_clock(asked, packs, now=now)
    earliest, latest = span_of(
        submitted, payment.precise_to, zone=zone_of(session, payment.case), told=payment.created
    )
    if payment.precise_to != "day":  # The middle of a day would look like a time of day.
        asked = replace(asked, submitted_at=submitted)
    return clock_between(asked, packs, earliest=earliest, latest=min(latest, now), now=now)


def clock_lines(
    session: Session, case: Case, packs: RailPacks, *, now: datetime, bank: Bank, language: str
) -> list[str]:
    """Return what the rail clock tells staff of a case's running payment; nothing where none runs.

    Args:
        session: The open session; nothing is written.
        case: The case.
        packs: What is known of the payment rails.
        now: The moment, aware.
        bank: Names, and the country whose rails count.
        language: The reader's language code.

    Raises:
        DataError: The packs do not know the bank's country.
    """
    payment = payment_of(case)
    if payment is None:
        return []
    known = language if language in document_languages() else document_languages()[0]
    return recovery.staff_lines(clock_of(session, payment, packs, now=now, bank=bank), known)


def _customer(case: Case) -> Customer | None:
    customer = case.customer
    if customer is None:
        return None
    companies = {code: customer.company_in(code) or "" for code in languages()}
    return Customer(
        code=customer.code,
        names={code: customer.name_in(code) for code in languages()},
        kind=customer.kind,
        companies=companies if any(companies.values()) else {},
        legal_representative=customer.legal_representative or "",
        second_signer=customer.second_signer or "",
    )


def _manager(session: Session, case: Case) -> Person | None:
    manager: AccountManager | None = None
    if case.customer is not None:
        manager = manager_in_charge(case.customer)
    if manager is not None:
        return Person(
            names={code: manager.name_in(code) for code in languages()}, phone=manager.mobile
        )
    branch = branch_for(session, case)
    return Person(
        names={code: branch.name_in(code) for code in languages()}, phone=branch.duty_desk_phone
    )


def _is_kept(session: Session, payment: Payment) -> bool:
    kept = select(PayeeAccount.id).where(
        PayeeAccount.payment_id == payment.id, PayeeAccount.ciphertext.is_not(None)
    )
    return session.scalar(kept) is not None


def _bank_code(name: str | None, packs: RailPacks) -> str | None:
    found = (pack.bank_named(name) for pack in packs) if name else iter(())
    return next((code for code in found if code), None)


def _unknown(payment: Payment, *, kept: bool) -> list[str]:
    missing = [
        name for name in DETAILS if name != "payee_account" and getattr(payment, name) is None
    ]
    if not kept:
        missing.append("payee_account")
    return [name for name in DETAILS if name in missing]
