"""The handover summary: what an account manager must know before he calls, in his language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.casework.evidence import active_evidence
from bot.casework.models import Case, Customer, EscalationStep, Payment
from bot.casework.people import branch_for
from bot.casework.policy import latest_payment
from bot.casework.said import topics_said
from bot.casework.words import Words, words_for

MOST_QUOTES = 8
DEEP_EXPOSURES = ("engaged", "disclosed", "paid")


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The summary: a subject without personal data, and the text."""

    subject: str
    text: str


def handover_summary(
    session: Session,
    case: Case,
    *,
    language: str,
    reason: str | None = None,
    script_title: str | None = None,
    unread_by: Sequence[EscalationStep] = (),
    large_from: Decimal | None = None,
    clock: Sequence[str] = (),
) -> Handover:
    """Write the summary of a case for the person who takes over.

    Args:
        session: The open session; nothing is written.
        case: The case.
        language: The reader's language code.
        reason: Why he is asked: a key of the words' ``reasons``, or a text shown as it is.
        script_title: Title of the leading script in the reader's language; None shows its id.
        unread_by: Who was asked before him and has not read it.
        large_from: From which amount on a remittance is a large one; None leaves that line out.
        clock: What the rail clock tells staff at this moment, see
            :func:`bot.casework.packets.clock_lines`.
    """
    words = words_for(language)
    zone = ZoneInfo(branch_for(session, case).timezone)
    lines = [
        *([words.lines.reason.format(reason=words.reasons.get(reason, reason))] if reason else []),
        *_unread(unread_by, words, language=language, zone=zone),
        *_who(case, words, language=language),
        *_what(case, words, zone=zone, script_title=script_title),
        *_payment(case, words, zone=zone, large_from=large_from),
        *clock,
        *_evidence(case, words),
        *_said(case, words),
        *_next_step(case, words),
    ]
    subject = words.subject.format(
        reference=case.reference,
        exposure=words.exposures[case.exposure],
        level=words.levels[case.level],
    )
    return Handover(subject=subject, text="\n".join(lines))


def money(amount: Decimal, currency: str | None) -> str:
    """Return an amount as people read it: ``1,700,000 CNY``."""
    figures = f"{amount:,.2f}".removesuffix(".00")
    return f"{figures} {currency}" if currency else figures


def _unread(
    unread_by: Sequence[EscalationStep], words: Words, *, language: str, zone: ZoneInfo
) -> Iterator[str]:
    if unread_by:
        people = ", ".join(
            f"{step.account_manager.name_in(language)} ({step.asked.astimezone(zone):%H:%M})"
            for step in unread_by
        )
        yield words.lines.unread_by.format(people=people)


def _who(case: Case, words: Words, *, language: str) -> Iterator[str]:
    customer = case.customer
    claimed = case.contact.says_he_is
    if claimed is not None:
        yield words.lines.says_he_is.format(name=claimed.name_in(language), code=claimed.code)
    elif customer is None:
        yield words.visitor
    else:
        yield from _customer(customer, words, language=language)
    yield words.lines.channel.format(channel=case.contact.address.partition(":")[0])


def _customer(customer: Customer, words: Words, *, language: str) -> Iterator[str]:
    yield words.lines.customer.format(
        name=customer.name_in(language), code=customer.code, kind=words.kinds[customer.kind]
    )
    company = customer.company_in(language)
    if company:
        yield words.lines.company.format(company=company)
    yield words.lines.tier.format(tier=words.tiers[customer.tier])


def _what(case: Case, words: Words, *, zone: ZoneInfo, script_title: str | None) -> Iterator[str]:
    opened = case.opened.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    yield words.lines.case.format(reference=case.reference, opened=opened)
    yield words.lines.level.format(level=words.levels[case.level])
    yield words.lines.exposure.format(exposure=words.exposures[case.exposure])
    if case.leading_script:
        yield words.lines.script.format(script=script_title or case.leading_script)
    if case.stage:
        yield words.lines.stage.format(step=case.stage["step"], of=case.stage["of"])


def _payment(
    case: Case, words: Words, *, zone: ZoneInfo, large_from: Decimal | None
) -> Iterator[str]:
    payment = latest_payment(case)
    if payment is None:
        return
    details = ", ".join(_payment_details(payment, words, zone=zone))
    yield words.lines.payment.format(details=details)
    if large_from is not None and payment.amount is not None and payment.amount >= large_from:
        amount = money(payment.amount, payment.currency)
        yield words.lines.large_remittance.format(amount=amount, mark=money(large_from, None))


def _payment_details(payment: Payment, words: Words, *, zone: ZoneInfo) -> Iterator[str]:
    if payment.amount is None:
        yield words.payment.unknown_amount
    else:
        yield money(payment.amount, payment.currency)
    if payment.submitted is not None:
        time = payment.submitted.astimezone(zone)
        shape = "%Y-%m-%d" if payment.precise_to == "day" else "%Y-%m-%d %H:%M"
        yield words.payment.at.format(time=time.strftime(shape))
    if payment.channel:
        yield words.channels.get(payment.channel, payment.channel)
    if payment.payee_name:
        yield words.payment.to.format(name=payment.payee_name)
    if payment.payee_bank:
        yield payment.payee_bank
    if payment.payee_account_ending:
        yield words.payment.account.format(ending=payment.payee_account_ending)


def _evidence(case: Case, words: Words) -> Iterator[str]:
    rows = active_evidence(case)
    if not rows:
        yield words.lines.no_evidence
        return
    yield words.lines.evidence
    # One sentence often carries several red flags; the reader needs it once.
    quotes = list(dict.fromkeys(row.quote for row in rows))
    for quote in quotes[-MOST_QUOTES:]:
        yield words.lines.quote.format(quote=quote)


def _said(case: Case, words: Words) -> Iterator[str]:
    topics = topics_said(case)
    things = dict.fromkeys(words.said[topic] for topic in topics if topic in words.said)
    if things:
        yield words.lines.said.format(things="; ".join(things))


def _next_step(case: Case, words: Words) -> Iterator[str]:
    yield words.lines.ask_first.format(question=words.ask_first[case.exposure])
    customer = case.customer
    if customer is None or case.exposure not in DEEP_EXPOSURES:
        return
    # In a company's case these people can stop a payment that the cashier cannot.
    if customer.legal_representative and customer.legal_representative_phone:
        yield words.lines.legal_representative.format(
            name=customer.legal_representative, phone=customer.legal_representative_phone
        )
    if customer.second_signer and customer.second_signer_phone:
        yield words.lines.second_signer.format(
            name=customer.second_signer, phone=customer.second_signer_phone
        )
