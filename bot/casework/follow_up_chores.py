"""The worker's part of follow-ups: asking what is due, and noticing who stays silent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.casework import outbox
from bot.casework.escalations import escalate
from bot.casework.events import add_event
from bot.casework.follow_up_times import MERGED_WITHIN, end_of_night, may_be_asked, silent_after
from bot.casework.follow_ups import (
    DEDUPE_PREFIX,
    cancel_follow_ups,
    digest_of,
    in_danger,
    planned,
    zone_of,
)
from bot.casework.models import Case, FollowUp
from bot.casework.policy import Policy
from bot.casework.pushes import push
from bot.errors import SecondVoiceError

logger = logging.getLogger("secondvoice.casework")

MOST_CASES = 50
"""Cases that one round deals with; the others have their turn in the next one."""

PAUSE_AFTER_ERROR = timedelta(minutes=1)

Titles = Callable[[str], Mapping[str, str]]
"""Title of a scam script by language code."""


class Asking(Protocol):
    """How a customer is asked in his chat."""

    @property
    def text(self) -> str:
        """The words, with one question."""

    @property
    def buttons(self) -> Sequence[str]:
        """Titles of the answers."""

    @property
    def language(self) -> str:
        """The language of both."""


class FollowUpWords(Protocol):
    """The words of follow-ups, which come from outside."""

    def asking(self, kind: str, language: str) -> Asking:
        """Return how a customer is asked.

        Args:
            kind: The follow-up's kind.
            language: The language that he reads.
        """

    def notice(self, language: str) -> tuple[str, str]:
        """Return subject and text that lead a customer to his chat and betray nothing of it."""


def ask_due(session: Session, now: datetime, *, words: FollowUpWords) -> int:
    """Ask the customers whose follow-ups are due.

    Of several that are due, because everything was down, only the latest is asked. At night nobody
    is woken but shortly after a danger: what would wake him is left to the next one planned, or
    waits for the morning where there is none.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        words: What is said.

    Returns:
        How many follow-ups were asked, cancelled or put off.
    """
    wanted = (FollowUp.status == "planned") & (FollowUp.due <= now)

    def ask(case: Case) -> int:
        return _ask(session, case, now=now, words=words)

    return _for_each_case(session, wanted, ask, by=FollowUp.due, now=now)


def notice_silence(
    session: Session,
    now: datetime,
    *,
    titles: Titles | None = None,
    policy: Policy | None = None,
) -> int:
    """Bring in a person where a customer in danger has not answered in time.

    Args:
        session: The open session; the caller commits.
        now: The moment, aware.
        titles: Gives a script's title by language code, from its id.
        policy: Who is asked and how; None for the one that the settings name.

    Returns:
        How many follow-ups have turned out silent.
    """
    wanted = (FollowUp.status == "asked") & (FollowUp.silent_from <= now)

    def note(case: Case) -> int:
        return _note_silence(session, case, now=now, titles=titles, policy=policy)

    return _for_each_case(session, wanted, note, by=FollowUp.silent_from, now=now)


def _for_each_case(
    session: Session,
    wanted: ColumnElement[bool],
    act: Callable[[Case], int],
    *,
    by: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    now: datetime,
) -> int:
    """Deal with each case apart, so that one that fails holds up no other; return what moved.

    Args:
        session: The open session.
        wanted: Which follow-ups bring a case in.
        act: Deals with one locked case.
        by: The moment from which a follow-up is wanted.
        now: The moment, aware.
    """
    moved = 0
    for case in _locked_cases(session, wanted, by=by):
        case_id, reference = case.id, case.reference
        try:
            with session.begin_nested():
                moved += act(case)
        except Exception as error:
            # Texts of other libraries' errors may quote customers' words.
            reason = error if isinstance(error, SecondVoiceError) else type(error).__name__
            logger.error("follow-ups of case %s failed, again in a minute: %s", reference, reason)
            session.execute(
                update(FollowUp)
                .where(FollowUp.case_id == case_id, wanted)
                .values({by.key: now + PAUSE_AFTER_ERROR})
            )
    return moved


def _locked_cases(
    session: Session,
    wanted: ColumnElement[bool],
    *,
    by: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> list[Case]:
    """Lock the cases with such follow-ups, all but those that somebody is changing just now."""
    first = select(FollowUp.case_id).where(wanted).order_by(by).limit(MOST_CASES)
    query = select(Case).where(Case.id.in_(first)).order_by(Case.id)
    locking = query.with_for_update(of=Case, skip_locked=True, key_share=True)
    return list(session.scalars(locking.execution_options(populate_existing=True)))


def _ask(session: Session, case: Case, *, now: datetime, words: FollowUpWords) -> int:
    if case.status != "open" or case.follow_ups_stopped:
        return cancel_follow_ups(session, case, now=now, why="closed or stopped")
    rows = planned(session, case)
    due = [row for row in rows if row.due <= now]
    if not due:  # Another worker was faster.
        return 0
    *missed, latest = due
    for row in missed:
        _cancel(session, case, row, now=now, why="missed")
    coming = next((row for row in rows if row.due > now), None)
    zone = zone_of(session, case)
    if coming is not None and coming.due - now <= MERGED_WITHIN:
        _cancel(session, case, latest, now=now, why="merged")
    elif may_be_asked(latest.kind, due=latest.due, now=now, zone=zone):
        _ask_one(session, case, latest, now=now, words=words)
    elif coming is not None:
        _cancel(session, case, latest, now=now, why="night")
    else:
        latest.due = end_of_night(now, zone=zone)
        _tell(session, case, latest, kind="follow_up_put_off", now=now)
    return len(due)


def _ask_one(
    session: Session, case: Case, row: FollowUp, *, now: datetime, words: FollowUpWords
) -> None:
    row.status, row.asked = "asked", now
    # Whom somebody has merely contacted may leave a question unanswered.
    row.silent_from = now + silent_after(row.kind) if in_danger(case) else None
    asking = words.asking(row.kind, case.contact.language)
    push(
        session,
        case.contact,
        dedupe_key=f"{DEDUPE_PREFIX}{row.id}",
        text=asking.text,
        lang=asking.language,
        buttons=asking.buttons,
        now=now,
        case=case,
    )
    _lead_to_the_chat(session, case, row, now=now, words=words)
    _tell(session, case, row, kind="follow_up_asked", now=now)


def _lead_to_the_chat(
    session: Session, case: Case, row: FollowUp, *, now: datetime, words: FollowUpWords
) -> None:
    """Tell an identified customer by his own methods; somebody else may be reading there."""
    customer = case.customer
    if customer is None:
        return
    subject, text = words.notice(customer.language)
    for method in customer.notify:
        outbox.put(
            session,
            dedupe_key=f"{DEDUPE_PREFIX}{row.id}:{digest_of(method)}",
            method=method,
            recipient=customer.code,
            subject=subject,
            body={"text": text, "language": customer.language},
            now=now,
            case=case,
        )


def _note_silence(
    session: Session,
    case: Case,
    *,
    now: datetime,
    titles: Titles | None,
    policy: Policy | None,
) -> int:
    rows = session.scalars(
        select(FollowUp)
        .where(FollowUp.case_id == case.id, FollowUp.status == "asked", FollowUp.silent_from <= now)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.status = "silent"
        _tell(session, case, row, kind="follow_up_silent", now=now)
    if rows and case.status == "open" and in_danger(case):
        known = titles(case.leading_script) if titles and case.leading_script else {}
        escalate(session, case, reason="silent", now=now, script_titles=known, policy=policy)
    return len(rows)


def _cancel(session: Session, case: Case, row: FollowUp, *, now: datetime, why: str) -> None:
    row.status = "cancelled"
    _tell(session, case, row, kind="follow_up_cancelled", now=now, why=why)


def _tell(
    session: Session, case: Case, row: FollowUp, *, kind: str, now: datetime, **detail: str
) -> None:
    add_event(session, case, kind=kind, now=now, follow_up=row.id, **detail)
