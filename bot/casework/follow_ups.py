"""Follow-ups: planned after a danger, answered by the customer, ended when he wants no more.

The worker asks them and notices silence; that is in :mod:`bot.casework.follow_up_chores`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework import outbox
from bot.casework.events import add_event
from bot.casework.findings import worse_exposure
from bot.casework.follow_up_times import MERGED_WITHIN, follow_up_times
from bot.casework.locks import lock_row
from bot.casework.models import Case, FollowUp
from bot.casework.people import branch_for, responsible_for
from bot.casework.pushes import withdraw
from bot.casework.words import words_for

ANSWERS = ("fine", "called_again", "paid", "other")

DEDUPE_PREFIX = "follow_up:"
"""What the dedupe keys of messages that ask the customer begin with."""


def plan_follow_ups(
    session: Session,
    case: Case,
    *,
    now: datetime,
    again: bool = False,
    resumed: bool = False,
) -> list[FollowUp]:
    """Plan when the customer is asked again, if the case is a danger and he has not stopped us.

    A first danger, a deeper exposure than the last one, or a danger told anew begins a round: what
    was still planned is cancelled and planned from now on. Within ten minutes a danger told anew is
    still the same one, so the call may come with every message that tells of danger.

    Args:
        session: The open session; the caller commits.
        case: The case, with what this message showed merged already.
        now: The moment, aware.
        again: Whether this very message tells of danger (on the phone, about to pay, called again).
        resumed: Whether the customer wants messages again, so that the same danger is planned anew.

    Returns:
        What was planned by this call; nothing where the danger is one that is planned for already.
    """
    lock_row(session, case)
    if case.status != "open" or case.follow_ups_stopped or not in_danger(case):
        return []
    last = _last_round(session, case)
    if last is not None and not resumed and not _is_new(last, case, now=now, again=again):
        return []
    replaced = _cancel(planned(session, case))
    number = last.round + 1 if last else 1
    rows = [
        FollowUp(
            case_id=case.id,
            round=number,
            danger=now,
            exposure=case.exposure,
            kind=time.kind,
            status="planned",
            due=time.due,
        )
        for time in follow_up_times(now, zone=zone_of(session, case))
    ]
    session.add_all(rows)
    times = {row.kind: row.due.isoformat() for row in rows}
    add_event(
        session,
        case,
        kind="follow_ups_planned",
        now=now,
        round=number,
        replaced=len(replaced),
        times=times,
    )
    return rows


def record_answer(session: Session, case: Case, *, answer: str, now: datetime) -> FollowUp | None:
    """Record what the customer answered to the latest follow-up; every message is an answer.

    He may fall back an hour later, so "fine" leaves planned what is planned; only the second
    "fine" of a round, given in the morning, ends it. Danger in the answer is not planned for here:
    the caller merges it into the case and calls :func:`plan_follow_ups`.

    Args:
        session: The open session; the caller commits.
        case: The case.
        answer: ``fine``, ``called_again``, ``paid``, or ``other`` for any other message.
        now: The moment, aware.

    Returns:
        The follow-up that was answered; None where none was waiting for this answer.

    Raises:
        ValueError: The answer is not a known one.
    """
    if answer not in ANSWERS:
        raise ValueError(f"{answer!r} is not one of {', '.join(ANSWERS)}")
    lock_row(session, case)
    asked = _asked(session, case)
    if not asked:
        return None
    *earlier, latest = asked
    for row in earlier:
        if row.status == "asked":  # Who speaks now was not silent then.
            _answer(row, "other", now=now)
    if not _waits_for(latest, answer):
        return None
    _answer(latest, answer, now=now)
    add_event(session, case, kind="follow_up_answered", now=now, follow_up=latest.id, answer=answer)
    if answer == "fine" and latest.kind == "morning" and _fine_before(asked, latest):
        cancel_follow_ups(session, case, now=now, why="fine")
    return latest


def cancel_follow_ups(session: Session, case: Case, *, now: datetime, why: str) -> int:
    """Cancel what is planned, and do not wait any longer for answers to what was asked.

    Args:
        session: The open session; the caller commits.
        case: The case.
        now: The moment, aware.
        why: One word for the timeline, such as ``closed``.

    Returns:
        How many follow-ups were cancelled.
    """
    lock_row(session, case)
    waiting = [row for row in _asked(session, case) if row.status == "asked"]
    cancelled = _cancel([*planned(session, case), *waiting])
    withdraw(session, case, prefix=DEDUPE_PREFIX)
    if cancelled:
        ids = [row.id for row in cancelled]
        add_event(session, case, kind="follow_ups_cancelled", now=now, why=why, follow_ups=ids)
    return len(cancelled)


def stop_messages(session: Session, case: Case, *, now: datetime) -> bool:
    """Obey "stop messaging me", and tell the responsible person, who may still ring.

    It holds for this case until the customer himself asks for messages again, whatever he tells of
    meanwhile: who was made to say it by a caller must not learn that his word counts for nothing.
    People are brought in as before.

    Args:
        session: The open session; the caller commits.
        case: The case.
        now: The moment, aware.

    Returns:
        Whether he had not stopped us before.

    Raises:
        NotFoundError: The bank has imported nobody who could be told.
    """
    lock_row(session, case)
    if case.follow_ups_stopped:
        return False
    cancel_follow_ups(session, case, now=now, why="stopped")
    case.follow_ups_stopped = True
    event = add_event(session, case, kind="messages_stopped", now=now)
    _tell_that_messages_stopped(session, case, number=event.id, now=now)
    return True


def resume_messages(session: Session, case: Case, *, now: datetime) -> bool:
    """Let messages come again because the customer himself asked for them.

    Args:
        session: The open session; the caller commits, and plans anew where there is danger.
        case: The case.
        now: The moment, aware.

    Returns:
        Whether he had stopped us before.
    """
    lock_row(session, case)
    if not case.follow_ups_stopped:
        return False
    case.follow_ups_stopped = False
    add_event(session, case, kind="messages_resumed", now=now)
    return True


def in_danger(case: Case) -> bool:
    """Tell whether a case is one in which the customer must not be left alone."""
    if case.exposure in ("disclosed", "paid"):
        return True
    return case.exposure == "engaged" and case.level in ("suspicious", "scam")


def planned(session: Session, case: Case) -> Sequence[FollowUp]:
    """Return what is still planned for a locked case, the earliest first."""
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.case_id == case.id, FollowUp.status == "planned")
        .order_by(FollowUp.due, FollowUp.id)
        .execution_options(populate_existing=True)
    ).all()


def zone_of(session: Session, case: Case) -> ZoneInfo:
    """Return the customer's time zone; that of the branch where he has none.

    Raises:
        NotFoundError: The bank has imported no branch.
    """
    own = case.customer.timezone if case.customer else ""
    return ZoneInfo(own or branch_for(session, case).timezone)


def digest_of(method: str) -> str:
    """Name a method inside a dedupe key; hashed, because its URL may hold a password."""
    return hashlib.sha256(method.encode()).hexdigest()[:12]


def _last_round(session: Session, case: Case) -> FollowUp | None:
    """Return one follow-up of the latest round."""
    return session.scalar(
        select(FollowUp)
        .where(FollowUp.case_id == case.id)
        .order_by(FollowUp.round.desc(), FollowUp.id)
        .limit(1)
    )


def _is_new(last: FollowUp, case: Case, *, now: datetime, again: bool) -> bool:
    """Tell whether a case's danger is another one than that of its last round."""
    deeper = worse_exposure(last.exposure, case.exposure) != last.exposure
    # A clock that went back far must not make new dangers look like the old one.
    return deeper or (again and abs(now - last.danger) >= MERGED_WITHIN)


def _asked(session: Session, case: Case) -> Sequence[FollowUp]:
    """Return the follow-ups that were asked, the latest last."""
    return session.scalars(
        select(FollowUp)
        .where(
            FollowUp.case_id == case.id,
            FollowUp.asked.is_not(None),
            FollowUp.status != "cancelled",
        )
        .order_by(FollowUp.round, FollowUp.due, FollowUp.id)
        .execution_options(populate_existing=True)
    ).all()


def _waits_for(row: FollowUp, answer: str) -> bool:
    """Tell whether an answer says more than what is known; a button may be pressed twice."""
    if row.status in ("asked", "silent"):
        return True
    return row.answer == "other" and answer != "other"


def _answer(row: FollowUp, answer: str, *, now: datetime) -> None:
    row.status, row.answer, row.answered = "answered", answer, now


def _fine_before(asked: Sequence[FollowUp], latest: FollowUp) -> bool:
    return any(
        row.answer == "fine" and row.round == latest.round for row in asked if row is not latest
    )


def _cancel(rows: Sequence[FollowUp]) -> Sequence[FollowUp]:
    for row in rows:
        row.status = "cancelled"
    return rows


def _tell_that_messages_stopped(
    session: Session, case: Case, *, number: int, now: datetime
) -> None:
    person = responsible_for(session, case)
    words = words_for(person.language)
    stopped = words.messages_stopped
    who = words.visitor
    if case.customer is not None:
        who = f"{case.customer.name_in(person.language)} ({case.customer.code})"
    text = stopped.text.format(
        who=who, reference=case.reference, exposure=words.exposures[case.exposure]
    )
    for method in person.notify or ["console"]:
        outbox.put(
            session,
            dedupe_key=f"messages_stopped:{number}:{person.code}:{digest_of(method)}",
            method=method,
            recipient=person.code,
            subject=stopped.subject.format(reference=case.reference),
            body={"text": text, "case": case.reference, "language": person.language},
            now=now,
            case=case,
        )
