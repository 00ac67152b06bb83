"""From a turn to a situation: evidence is merged and people are told, in one transaction."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.care import company_representative, follow_up, who_knows
from actions.payments import attend_payment, belongs_to_payment
from actions.services import Services
from actions.situations import contact_of, manager_name, situation_of, without_case
from actions.topics import Topic, rule_for
from actions.turn import Turn
from actions.work import Work
from bot.casework.cards import contact_card
from bot.casework.cases import case_for, correct, find_open_case, record_assessment
from bot.casework.escalations import escalate
from bot.casework.findings import Finding, higher_level, worse_exposure
from bot.casework.models import Case, OutboxMessage
from bot.casework.said import note_said
from bot.counsel.replies import Situation, Told
from bot.errors import SecondVoiceError
from bot.recognition.assessment import EXPOSURES, WARNED

logger = logging.getLogger("secondvoice.actions")

_IN_DANGER = EXPOSURES.index("engaged")


def attend(services: Services, turn: Turn, *, topic: str) -> Situation:
    """Record the turn, tell whom it concerns, and return the situation to speak about.

    When the store fails, the situation still carries what recognition said, and says honestly
    that nobody was told.
    """
    rule = rule_for(topic)
    finding = _finding(services, turn, rule)
    try:
        with services.sessions.begin() as session:
            work = Work(services, session, turn, rule, services.now())
            situation = _record(work, finding, topic)
        return situation  # noqa: RET504 - spoken of only after the commit
    except (SQLAlchemyError, SecondVoiceError) as error:
        logger.error("case of %s not recorded: %s", turn.address, type(error).__name__)
        failed = rule.always or (finding.level in WARNED and bool(rule.reason))
        return replace(without_case(services, turn, finding, failed=failed), topic=topic)


def _record(work: Work, finding: Finding, topic: str) -> Situation:
    exists = find_open_case(work.session, work.turn.address) is not None
    if not exists and not work.rule.opens and finding.level == "clear":
        manager = manager_name(contact_of(work), work.turn.language)
        found = without_case(work.services, work.turn, finding, manager=manager, failed=False)
        return replace(found, topic=topic)
    # Read again under its lock: it may have been closed or changed since.
    case = case_for(work.session, work.turn.address, language=work.turn.language, now=work.now)
    if belongs_to_payment(work, case, topic):
        topic = "payment_told"
        work = replace(work, rule=rule_for(topic))
    before = case.exposure
    taken_back = _merge(work, case, finding, topic)
    payment = attend_payment(work, case, topic)
    told = _tell(work, case, topic, news=case.exposure != before)
    note_said(work.session, case, topic=topic, now=work.now)
    silenced = follow_up(work.session, case, topic, now=work.now)
    return situation_of(
        work,
        case,
        finding,
        taken_back=taken_back,
        topic=topic,
        told=told,
        payment=payment,
        silenced=silenced,
        representative=company_representative(work.session, case, topic, now=work.now),
        known=who_knows(work.session, case, language=work.turn.language),
    )


def _finding(services: Services, turn: Turn, rule: Topic) -> Finding:
    """Return what this message shows; scripts and stage speak for the whole talk so far."""
    if turn.button or not turn.assessment or not rule.evidence:  # Our own words are no evidence.
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


def _merge(work: Work, case: Case, finding: Finding, topic: str) -> list[tuple[str, str]]:
    """Merge the message into the case; return the quotes that it takes back."""
    session, now = work.session, work.now
    if topic == "correct":
        rows = correct(session, case, red_flags=None, now=now, level="clear", exposure="contacted")
        return [(row.quote, "") for row in rows]
    if topic == "not_paid" and case.exposure == "paid":
        level = case.level
        correct(session, case, red_flags=["has_paid"], now=now, level=level, exposure="engaged")
    else:
        record_assessment(session, case, assessment=finding, now=now)
    return []


def _tell(work: Work, case: Case, topic: str, *, news: bool) -> Told | None:
    """Ask a person where the case calls for it; say who knows already where it does not.

    Args:
        work: The turn and the open transaction.
        case: The case, with what the message showed merged already.
        topic: What the message is about.
        news: Whether the customer is further in than before; then it is said again who was told.
    """
    fresh = False
    if _calls_for_person(work.rule, case):
        first = not case.escalations
        before = _messages_owed(work.session, case)
        titles = _titles(work, case)
        escalate(work.session, case, reason=work.rule.reason, now=work.now, script_titles=titles)
        # A detail that brings in one more desk is no news to somebody whose hands shake.
        fresh = (first or news) and _messages_owed(work.session, case) > before
    elif not case.escalations and topic != "ask_manager_contact":
        return None
    card = contact_card(work.session, case, language=work.turn.language)
    return Told(reference=case.reference, card=card.to_dict(), fresh=fresh)


def _messages_owed(session: Session, case: Case) -> int:
    """Count what is owed to the bank's people; what the customer is sent himself is not counted."""
    owed = select(func.count()).where(
        OutboxMessage.case_id == case.id, OutboxMessage.escalation_id.is_not(None)
    )
    return session.scalar(owed) or 0


def _calls_for_person(rule: Topic, case: Case) -> bool:
    if not rule.reason:
        return False
    in_danger = EXPOSURES.index(case.exposure) >= _IN_DANGER
    return rule.always or (case.level in WARNED and in_danger)


def _titles(work: Work, case: Case) -> dict[str, str]:
    if not case.leading_script:
        return {}
    return dict(work.services.recogniser.script(case.leading_script)["title"])
