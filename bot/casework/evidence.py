"""Evidence adds up over turns and days, and the customer may take it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.casework.base import storable
from bot.casework.events import add_event
from bot.casework.findings import Finding, higher_level, worse_exposure
from bot.casework.locks import lock_row
from bot.casework.models import Case, Evidence

QUOTE_CHARACTERS = 500


def record_assessment(
    session: Session,
    case: Case,
    *,
    assessment: Finding,
    now: datetime,
    exposure: str | None = None,
) -> bool:
    """Merge what one message showed into a case; level and exposure never fall here.

    Red flags that the customer took back count again when he says the same words again.

    Args:
        session: The open session; the caller commits.
        case: The open case.
        assessment: What the message showed.
        now: The moment, aware.
        exposure: What the talk showed beyond the message; the worse of both counts.

    Returns:
        Whether anything changed; then the timeline has an event.

    Raises:
        ValueError: The exposure is not a known one.
    """
    lock_row(session, case)
    before = _view(case)
    added = _merge_evidence(case, assessment, now=now)
    case.level = higher_level(case.level, assessment.level)
    found = worse_exposure(assessment.exposure, exposure or assessment.exposure)
    case.exposure = worse_exposure(case.exposure, found)
    case.score = max(case.score, assessment.score)
    _merge_scripts(case, assessment)
    case.turn_count += 1
    case.updated = max(case.updated, now)
    _count_evidence(case)
    changes = _changes(before, _view(case))
    if added:
        changes["red_flags"] = added
    if changes:
        add_event(session, case, kind="assessed", now=now, **changes)
    session.flush()
    return bool(changes)


def correct(
    session: Session,
    case: Case,
    *,
    red_flags: Collection[str] | None,
    now: datetime,
    level: str | None = None,
    exposure: str | None = None,
) -> list[Evidence]:
    """Take evidence back because the customer said that it was not so.

    This is the only way in which a level or an exposure falls: to what the caller assessed from
    the evidence that is left, or to ``clear`` when nothing is left.

    Args:
        session: The open session; the caller commits.
        case: The case.
        red_flags: Ids of the red flags to take back; None for all of them.
        now: The moment, aware.
        level: The level assessed anew; None keeps the present one while evidence is left.
        exposure: The exposure as the customer corrected it; None keeps the present one.

    Returns:
        The evidence taken back by this call.

    Raises:
        ValueError: The level or the exposure is not a known one.
    """
    lock_row(session, case)
    fresh = Finding(level=level or case.level, exposure=exposure or case.exposure)
    before = _view(case)
    retracted = [
        row
        for row in case.evidence
        if not row.retracted and (red_flags is None or row.red_flag in red_flags)
    ]
    for row in retracted:
        row.retracted = True
    _count_evidence(case)
    case.level, case.exposure = fresh.level, fresh.exposure
    if retracted and not case.evidence_count:
        case.level = level or "clear"
        case.score, case.scripts, case.leading_script, case.stage = 0.0, {}, None, None
    changes = _changes(before, _view(case))
    if retracted or changes:
        ids = sorted({row.red_flag for row in retracted})
        add_event(session, case, kind="corrected", now=now, red_flags=ids, **changes)
    session.flush()
    return retracted


def active_evidence(case: Case) -> list[Evidence]:
    """Return the evidence that still counts, oldest first."""
    return [row for row in case.evidence if not row.retracted]


def _merge_evidence(case: Case, finding: Finding, *, now: datetime) -> list[str]:
    """Add what is new and revive what was taken back; return the ids of those red flags."""
    known = {(row.red_flag, row.quote): row for row in case.evidence}
    added = []
    for red_flag, words in finding.red_flags:
        quote = storable(words).strip()[:QUOTE_CHARACTERS]
        row = known.get((red_flag, quote))
        if row is None:
            row = Evidence(red_flag=red_flag, quote=quote, at=now, retracted=False)
            case.evidence.append(row)
            known[red_flag, quote] = row
        elif row.retracted:
            row.retracted, row.at = False, now
        else:
            continue
        added.append(red_flag)
    return added


def _merge_scripts(case: Case, finding: Finding) -> None:
    """Keep each script's best score, lead with the best of all, and keep its furthest stage."""
    replaces = finding.whole_talk and bool(finding.scripts)
    scores = {} if replaces else dict(case.scripts)
    for script, score in finding.scripts:
        scores[script] = max(score, scores.get(script, 0.0))
    if scores != case.scripts:
        case.scripts = scores
    # The present leader stays on a tie, so that the counsel does not flicker.
    leading = max(scores, key=lambda s: (scores[s], s == case.leading_script), default=None)
    if leading != case.leading_script:
        case.leading_script, case.stage = leading, None
    stage = finding.stage
    if stage and stage["script"] == leading:
        reached = case.stage["step"] if case.stage else 0
        if stage["step"] > reached:
            case.stage = dict(stage)


def _count_evidence(case: Case) -> None:
    case.evidence_count = len(active_evidence(case))


def _view(case: Case) -> dict[str, Any]:
    """Return what a reader of the timeline wants to see change."""
    step = case.stage["step"] if case.stage else None
    return {
        "level": case.level,
        "exposure": case.exposure,
        "script": case.leading_script,
        "step": step,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: [before[key], after[key]] for key in after if before[key] != after[key]}
