"""From a turn to a situation: evidence is merged and people are told, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.services import Services
from actions.topics import Topic, rule_for
from actions.turn import Turn
from bot.casework.cards import contact_card
from bot.casework.cases import active_evidence, case_for, correct, find_open_case, record_assessment
from bot.casework.escalations import escalate
from bot.casework.events import add_event
from bot.casework.findings import Finding, higher_level, worse_exposure
from bot.casework.models import Case, Contact, OutboxMessage
from bot.counsel.replies import Situation, Told
from bot.errors import SecondVoiceError
from bot.recognition.assessment import EXPOSURES, WARNED

logger = logging.getLogger("secondvoice.actions")

_IN_DANGER = EXPOSURES.index("engaged")


@dataclass(frozen=True)
class _Work:
    """What one turn needs while its transaction is open."""

    services: Services
    session: Session
    turn: Turn
    rule: Topic
    now: datetime


def attend(services: Services, turn: Turn, *, topic: str) -> Situation:
    """Record the turn, tell whom it concerns, and return the situation to speak about.

    When the store fails, the situation still carries what recognition said, and says honestly
    that nobody was told.
    """
    rule = rule_for(topic)
    finding = _finding(services, turn, rule)
    try:
        with services.sessions.begin() as session:
            work = _Work(services, session, turn, rule, services.now())
            situation = _record(work, finding, topic)
        return situation  # noqa: RET504 - spoken of only after the commit
    except (SQLAlchemyError, SecondVoiceError) as error:
        logger.error("case of %s not recorded: %s", turn.address, type(error).__name__)
        failed = rule.always or (finding.level in WARNED and bool(rule.reason))
        return _without_case(services, turn, finding, failed=failed)


def _record(work: _Work, finding: Finding, topic: str) -> Situation:
    exists = find_open_case(work.session, work.turn.address) is not None
    if not exists and not work.rule.opens and finding.level == "clear":
        manager = _manager_name(_contact(work), work.turn.language)
        return _without_case(work.services, work.turn, finding, manager=manager, failed=False)
    # Read again under its lock: it may have been closed or changed since.
    case = case_for(work.session, work.turn.address, language=work.turn.language, now=work.now)
    taken_back: list[tuple[str, str]] = []
    if topic == "correct":
        taken_back = _take_back(work, case)
    elif topic == "not_paid" and case.exposure == "paid":
        correct(
            work.session,
            case,
            red_flags=["has_paid"],
            now=work.now,
            level=case.level,
            exposure="engaged",
        )
    else:
        record_assessment(work.session, case, assessment=finding, now=work.now)
    if topic == "payment_told":
        add_event(work.session, case, kind="payment_told", now=work.now, words=work.turn.text)
    told = _tell(work, case, topic)
    return _situation(work, case, finding, taken_back=taken_back, told=told)


def _finding(services: Services, turn: Turn, rule: Topic) -> Finding:
    """Return what this message shows; scripts and stage speak for the whole talk so far."""
    if turn.button or not turn.assessment:  # Our own words are no evidence.
        return Finding(language=turn.language, exposure=rule.exposure)
    found = dict(turn.assessment)
    if turn.earlier and turn.text:
        talk = services.recogniser.assess(
            "\n".join([*turn.earlier, turn.text]), language=turn.language
        ).to_dict()
        found |= {key: talk[key] for key in ("scripts", "stage")}
        found["level"] = higher_level(found["level"], talk["level"])
        found["score"] = max(found["score"], talk["score"])
    return Finding(
        level=found["level"],
        exposure=worse_exposure(found["exposure"], rule.exposure),
        score=found["score"],
        scripts=[(item["id"], item["score"]) for item in found["scripts"]],
        stage=found["stage"],
        red_flags=[(item["id"], item["quote"]) for item in found["red_flags"]],
        language=turn.language,
        whole_talk=bool(turn.earlier),
    )


def _take_back(work: _Work, case: Case) -> list[tuple[str, str]]:
    rows = correct(
        work.session, case, red_flags=None, now=work.now, level="clear", exposure="contacted"
    )
    return [(row.quote, "") for row in rows]


def _tell(work: _Work, case: Case, topic: str) -> Told | None:
    """Ask a person where the case calls for it; say who knows already where it does not."""
    fresh = False
    if _calls_for_person(work.rule, case):
        before = _messages_owed(work.session, case)
        titles = _titles(work, case)
        escalate(work.session, case, reason=work.rule.reason, now=work.now, script_titles=titles)
        fresh = _messages_owed(work.session, case) > before
    elif not case.escalations and topic != "ask_manager_contact":
        return None
    card = contact_card(work.session, case, language=work.turn.language)
    return Told(reference=case.reference, card=card.to_dict(), fresh=fresh)


def _messages_owed(session: Session, case: Case) -> int:
    owed = select(func.count()).where(OutboxMessage.case_id == case.id)
    return session.scalar(owed) or 0


def _calls_for_person(rule: Topic, case: Case) -> bool:
    if not rule.reason:
        return False
    in_danger = EXPOSURES.index(case.exposure) >= _IN_DANGER
    return rule.always or (case.level in WARNED and in_danger)


def _titles(work: _Work, case: Case) -> dict[str, str]:
    if not case.leading_script:
        return {}
    return dict(work.services.recogniser.script(case.leading_script)["title"])


def _evidence(work: _Work, case: Case, finding: Finding) -> list[tuple[str, str]]:
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


def _situation(
    work: _Work,
    case: Case,
    finding: Finding,
    *,
    taken_back: list[tuple[str, str]],
    told: Told | None,
) -> Situation:
    evidence = taken_back or _evidence(work, case, finding)
    said = _reasons(work.services, finding.red_flags, case.leading_script, work.turn.language)
    script = _script(work.services, case.leading_script)
    return Situation(
        language=work.turn.language,
        bank=work.services.bank,
        level=case.level,
        exposure=case.exposure,
        script=script,
        next=_next(script, case.stage, work.turn.language),
        evidence=evidence,
        said=said,
        manager=_manager_name(case.contact, work.turn.language),
        told=told,
        misses=work.turn.misses,
        goes_on=bool(work.turn.earlier) and case.turn_count > 1,
    )


def _without_case(
    services: Services, turn: Turn, finding: Finding, *, failed: bool, manager: str | None = None
) -> Situation:
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
    )


def _script(services: Services, script_id: str | None) -> dict[str, Any] | None:
    return services.recogniser.script(script_id) if script_id else None


def _next(script: dict[str, Any] | None, stage: dict[str, Any] | None, language: str) -> str | None:
    if script is None:
        return None
    step = stage["step"] if stage else 1
    words: str = script["stages"][step - 1]["next"][language]
    return words


def _manager_name(contact: Contact | None, language: str) -> str | None:
    """Return the account manager of an identified customer, as the customer reads the name."""
    if contact is None or contact.customer is None:
        return None
    return contact.customer.account_manager.name_in(language)


def _contact(work: _Work) -> Contact | None:
    return work.session.scalar(select(Contact).where(Contact.address == work.turn.address))
