"""The handover summary: what an account manager must know before he calls, in his language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.casework.evidence import active_evidence
from bot.casework.models import Case, Customer
from bot.casework.people import branch_for
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
) -> Handover:
    """Write the summary of a case for the person who takes over.

    Args:
        session: The open session; nothing is written.
        case: The case.
        language: The reader's language code.
        reason: Why he is asked: a key of the words' ``reasons``, or a text shown as it is.
        script_title: Title of the leading script in the reader's language; None shows its id.
    """
    words = words_for(language)
    lines = [
        *([words.lines.reason.format(reason=words.reasons.get(reason, reason))] if reason else []),
        *_who(case, words, language=language),
        *_what(session, case, words, script_title=script_title),
        *_evidence(case, words),
        *_next_step(case, words),
    ]
    subject = words.subject.format(
        reference=case.reference,
        exposure=words.exposures[case.exposure],
        level=words.levels[case.level],
    )
    return Handover(subject=subject, text="\n".join(lines))


def _who(case: Case, words: Words, *, language: str) -> Iterator[str]:
    customer = case.customer
    if customer is None:
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


def _what(session: Session, case: Case, words: Words, *, script_title: str | None) -> Iterator[str]:
    zone = ZoneInfo(branch_for(session, case).timezone)
    opened = case.opened.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    yield words.lines.case.format(reference=case.reference, opened=opened)
    yield words.lines.level.format(level=words.levels[case.level])
    yield words.lines.exposure.format(exposure=words.exposures[case.exposure])
    if case.leading_script:
        yield words.lines.script.format(script=script_title or case.leading_script)
    if case.stage:
        yield words.lines.stage.format(step=case.stage["step"], of=case.stage["of"])


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


def _next_step(case: Case, words: Words) -> Iterator[str]:
    yield words.lines.ask_first.format(question=words.ask_first[case.exposure])
    customer = case.customer
    # In a company's case the legal representative can stop a payment that the cashier cannot.
    if (
        customer is not None
        and customer.legal_representative
        and customer.legal_representative_phone
        and case.exposure in DEEP_EXPOSURES
    ):
        yield words.lines.legal_representative.format(
            name=customer.legal_representative, phone=customer.legal_representative_phone
        )
