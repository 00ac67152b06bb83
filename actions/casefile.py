"""From a turn to a situation: evidence is merged and people are told, in one transaction."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.care import company_representative, follow_up, who_knows
from actions.noted import Noted, note, noted_in
from actions.payment_requests import about_company, attend_request
from actions.payments import attend_payment, belongs_to_payment
from actions.rules import Topic, rule_for
from actions.services import Services
from actions.situations import (
    came_true,
    contact_of,
    manager_name,
    paid_ago,
    payment_moment,
    predicted_step,
    situation_of,
    without_case,
)
from actions.turn import Turn
from actions.word_work import attend_word, without_words
from actions.work import Work
from bot.casework.cards import contact_card
from bot.casework.cases import case_for, correct, find_open_case, record_assessment
from bot.casework.escalations import escalate
from bot.casework.findings import Finding, higher_level, worse_exposure
from bot.casework.models import Case, OutboxMessage
from bot.casework.said import note_said
from bot.counsel.replies import Known, Situation, Told
from bot.errors import SecondVoiceError
from bot.recognition.assessment import EXPOSURES, WARNED

logger = logging.getLogger("secondvoice.actions")

_LOSSES = frozenset(["gave_secret", "details_already_entered", "has_paid"])
_IN_DANGER = EXPOSURES.index("engaged")
_LONG_AWAY = timedelta(hours=3)


def attend(services: Services, turn: Turn, *, topic: str) -> Situation:
    """Record the turn, tell whom it concerns, and return the situation to speak about.

    When the store fails, the situation still carries what recognition said, and says honestly
    that nobody was told.
    """
    nothing_given = topic in ("nothing_lost", "asked_for_secret")
    topic = "tell_of_call" if topic == "asked_for_secret" else topic
    noted = noted_in(turn, topic)
    rule = rule_for(topic)
    if topic == "shares_screen" and "control" in noted.lost:
        rule = rule_for("gave_secret")  # Who moves the mouse has more than a look.
    finding = without_words(_finding(services, turn, rule))
    if nothing_given:
        finding = _without_losses(finding)
    try:
        with services.sessions.begin() as session:
            work = Work(services, session, turn, rule, services.now())
            situation = _record(work, finding, topic, noted)
        return situation  # noqa: RET504 - spoken of only after the commit
    except (SQLAlchemyError, SecondVoiceError) as error:
        logger.error("case of %s not recorded: %s", turn.address, type(error).__name__)
        failed = rule.always or rule.known or (finding.level in WARNED and bool(rule.reason))
        lonely = without_case(services, turn, finding, failed=failed)
        plan = topic == "everyday_plan"
        return replace(lonely, topic="ask_banking" if plan else topic, **_noted(noted))


def _record(work: Work, finding: Finding, topic: str, noted: Noted) -> Situation:
    exists = find_open_case(work.session, work.turn.address)
    if _needs_somebody(work, exists, topic):
        topic = "not_understood_twice"
        work = replace(work, rule=rule_for(topic))
    if topic == "everyday_plan":  # In a warned case no payment is one of every day.
        warned = exists is not None and exists.level in WARNED
        topic = "about_to_pay" if warned else "ask_banking"
        work = replace(work, rule=rule_for(topic))
    if exists is None and not work.rule.opens and finding.level == "clear":
        manager = manager_name(contact_of(work), work.turn.language)
        found = without_case(work.services, work.turn, finding, manager=manager, failed=False)
        return replace(found, topic=topic, **_noted(noted))
    returns = exists is not None and _returns(work, exists)
    # Read again under its lock: it may have been closed or changed since.
    case = case_for(work.session, work.turn.address, language=work.turn.language, now=work.now)
    if topic == "everyday_payment":
        topic, finding = _everyday(case, finding)
        work = replace(work, rule=rule_for(topic))
    if belongs_to_payment(work, case, topic):
        topic = "payment_told"
        work = replace(work, rule=rule_for(topic))
    before, step = case.exposure, predicted_step(case)
    taken_back = _merge(work, case, finding, topic)
    known = note(work.session, case, noted, topic=topic, now=work.now)
    sent_before = payment_moment(case)
    payment = attend_payment(work, case, topic)
    request = attend_request(work, case, finding, topic)
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
        company=about_company(case),
        request=request,
        word=attend_word(work, case, topic),
        silenced=silenced,
        returns=returns,
        came_true=came_true(work, case, step, topic),
        paid_ago=paid_ago(case, sent_before, now=work.now),
        **_noted(known),
        representative=company_representative(work.session, case, topic, now=work.now),
        known=_who_knows(work, case, topic),
    )


def _who_knows(work: Work, case: Case, topic: str) -> Known:
    """Return who knows of the case; looked up only where it is asked."""
    if topic != "ask_if_told":
        return Known(reference=case.reference)
    return who_knows(work.session, case, language=work.turn.language)


def _noted(noted: Noted) -> dict[str, Any]:
    return asdict(noted)


def _without_losses(finding: Finding) -> Finding:
    """Leave out what sounds like a loss, where the message says that nothing was given."""
    flags = [(flag, quote) for flag, quote in finding.red_flags if flag not in _LOSSES]
    if len(flags) == len(finding.red_flags):
        return finding
    level = finding.level if flags else "clear"
    return replace(finding, level=level, exposure="asking", red_flags=flags)


def _needs_somebody(work: Work, case: Case | None, topic: str) -> bool:
    """Whether a person is asked because the second message in a row was not understood.

    Nobody is woken for a talk that is no danger, nor for somebody whom the bank cannot ring; there
    a button offers it.
    """
    if topic != "not_understood" or work.turn.misses <= 1:
        return False
    contact = contact_of(work)
    if contact is None or contact.customer is None:
        return False
    if case is None:
        return False
    return case.level in WARNED or EXPOSURES.index(case.exposure) >= _IN_DANGER


def _returns(work: Work, case: Case) -> bool:
    """Whether the customer comes back to his case after hours or days."""
    if work.turn.silence is not None:
        return work.turn.silence >= _LONG_AWAY.total_seconds()
    own = [e.at for e in case.events if e.kind in ("opened", "assessed", "said", "noted")]
    return bool(own) and work.now - max(own) >= _LONG_AWAY


def _everyday(case: Case, finding: Finding) -> tuple[str, Finding]:
    """Believe in an honest payment only where nothing that was told speaks against it."""
    if case.level in WARNED or finding.level in WARNED or case.exposure == "paid":
        return "has_paid", replace(finding, exposure="paid")
    flags = [(flag, quote) for flag, quote in finding.red_flags if flag != "has_paid"]
    return "everyday_payment", replace(finding, exposure="asking", red_flags=flags)


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
    by_name = rule.known and case.customer is not None
    return rule.always or by_name or (case.level in WARNED and in_danger)


def _titles(work: Work, case: Case) -> dict[str, str]:
    if not case.leading_script:
        return {}
    return dict(work.services.recogniser.script(case.leading_script)["title"])
