"""From a recorded case to the situation that counsel speaks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from actions.services import Services
from actions.turn import Turn
from actions.work import Work
from bot.casework.cases import active_evidence
from bot.casework.findings import Finding, higher_level
from bot.casework.models import Case, Contact
from bot.casework.payments import payment_of
from bot.casework.people import current_manager
from bot.casework.said import topics_said
from bot.counsel.replies import Situation

#: What was sent in the night before is treated as yesterday's; six days are called a week.
_A_DAY = timedelta(hours=15)
_A_WEEK = timedelta(days=6)


def situation_of(
    work: Work,
    case: Case,
    finding: Finding,
    *,
    taken_back: Sequence[tuple[str, str]] = (),
    **values: Any,
) -> Situation:
    """Return the situation of a case.

    Args:
        work: The turn and the open transaction.
        case: The case, with what the message showed merged already.
        finding: What the message showed.
        taken_back: Quotes that the customer took back with it.
        values: What else the situation has: who was told, the payment and so on.
    """
    language = work.turn.language
    script = _script(work.services, case.leading_script or _by_topic(values["topic"]))
    said = _reasons(work.services, finding.red_flags, case.leading_script, language)
    return Situation(
        language=language,
        bank=work.services.bank,
        level=case.level,
        exposure=case.exposure,
        script=script,
        next=_next(script, case.stage, language),
        evidence=taken_back or _evidence(work, case, finding),
        said=said,
        manager=manager_name(case.contact, language),
        misses=work.turn.misses,
        goes_on=bool(work.turn.earlier) and case.turn_count > 1,
        sent=(*work.turn.earlier, work.turn.text),
        **values,
    )


def without_case(
    services: Services, turn: Turn, finding: Finding, *, failed: bool, manager: str | None = None
) -> Situation:
    """Return the situation of a message that belongs to no case, or whose case failed.

    Args:
        services: The parts of the action server.
        turn: The message.
        finding: What it showed.
        failed: Whether somebody should have been told but could not be.
        manager: Name of the account manager, where the customer is known.
    """
    script = _script(services, finding.scripts[0][0] if finding.scripts else None)
    return Situation(
        language=turn.language,
        bank=services.bank,
        level=higher_level("clear", finding.level),
        exposure=finding.exposure,
        script=script,
        next=_next(script, finding.stage, turn.language),
        evidence=_apart(_reasons(services, finding.red_flags, None, turn.language)),
        manager=manager,
        failed=failed,
        misses=turn.misses,
        sent=(*turn.earlier, turn.text),
    )


def predicted_step(case: Case) -> tuple[str, int] | None:
    """Return the script and the step whose next move the customer was told; None before that."""
    stage = case.stage
    if stage is None or case.leading_script is None or not topics_said(case):
        return None
    return case.leading_script, int(stage["step"])


def came_true(work: Work, case: Case, before: tuple[str, int] | None, topic: str) -> str | None:
    """Return the prediction that has come true with this message, in the customer's language.

    Args:
        work: The turn and the open transaction.
        case: The case, with what the message showed merged already.
        before: What :func:`predicted_step` said before the message.
        topic: What the message is about.
    """
    if before is None or case.leading_script != before[0]:
        return None
    further = case.stage is not None and int(case.stage["step"]) > before[1]
    says_so = work.turn.asked == "next_happened" and topic == "about_to_pay"
    if not further and not says_so:
        return None
    script = work.services.recogniser.script(before[0])
    words: str = script["stages"][before[1] - 1]["next"][work.turn.language]
    return words


def payment_moment(case: Case) -> datetime | None:
    """Return when the latest payment was sent, as far as it is known."""
    payment = payment_of(case)
    return payment.submitted if payment is not None else None


def paid_ago(case: Case, before: datetime | None, *, now: datetime) -> str:
    """Return ``day`` or ``week`` where this message told that the payment is so old; or nothing.

    Args:
        case: The case.
        before: What :func:`payment_moment` said before the message.
        now: The moment, aware.
    """
    sent = payment_moment(case)
    if sent is None or sent == before or now - sent < _A_DAY:
        return ""
    return "week" if now - sent >= _A_WEEK else "day"


def contact_of(work: Work) -> Contact | None:
    """Return the contact that is writing, if it has been met before."""
    return work.session.scalar(select(Contact).where(Contact.address == work.turn.address))


def manager_name(contact: Contact | None, language: str) -> str | None:
    """Return the account manager of an identified customer, as the customer reads the name."""
    if contact is None or contact.customer is None:
        return None
    return current_manager(contact.customer.account_manager).name_in(language)


def _evidence(work: Work, case: Case, finding: Finding) -> list[tuple[str, str]]:
    """Return quotes with their reasons, this message's first, the weightiest first."""
    kept = [(row.red_flag, row.quote) for row in active_evidence(case)]
    leading = case.leading_script
    fresh = _reasons(work.services, finding.red_flags, leading, work.turn.language)
    older = _reasons(work.services, kept, leading, work.turn.language)
    return _apart([*fresh, *older])


def _reasons(
    services: Services, flags: Sequence[tuple[str, str]], leading: str | None, language: str
) -> list[tuple[str, str]]:
    """Return ``(quote, why)`` of red flags, the weightiest first; own situations are no reason."""
    recogniser = services.recogniser
    counted = [(f, quote) for f, quote in flags if not recogniser.is_situation(f)]
    counted.sort(key=lambda item: -recogniser.weight(item[0], leading))
    return [(quote, recogniser.why(flag_id, language)) for flag_id, quote in counted]


def _apart(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out quotes that mostly repeat an earlier one, and reasons given already."""
    kept: list[tuple[str, str]] = []
    for quote, why in pairs:
        if not any(why == reason or _alike(quote, other) for other, reason in kept):
            kept.append((quote, why))
    return kept


def _alike(one: str, other: str) -> bool:
    match = SequenceMatcher(None, one, other).find_longest_match()
    return match.size * 2 > min(len(one), len(other))


def _by_topic(topic: str) -> str | None:
    """Return the script whose counsel fits a cry that names no other."""
    return "family_emergency" if topic == "family_cry" else None


def _script(services: Services, script_id: str | None) -> dict[str, Any] | None:
    return services.recogniser.script(script_id) if script_id else None


def _next(script: dict[str, Any] | None, stage: dict[str, Any] | None, language: str) -> str | None:
    if script is None:
        return None
    step = stage["step"] if stage else 1
    words: str = script["stages"][step - 1]["next"][language]
    return words
