from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casework.care import customer_by_code
from bot.casework.education import education_of, record_education
from bot.casework.models import Education, Visit
from bot.casework.visits import due_visits, record_visit
from bot.errors import ConflictError, DataError, NotFoundError
from tests.casework.builders import EVENING, after, person

TODAY = date(2024, 3, 14)
SCRIPTS = ("fake_card_debt", "police_impersonation")


def visited(session: Session, code: str, day: date, **more: str) -> Visit:
    return record_visit(session, code, day=day, now=after(days=400), **more)


def due(session: Session, on: date = TODAY, **more: object) -> list[str]:
    found = due_visits(session, now=EVENING, on=on, **more)  # type: ignore[arg-type]
    return [visit.customer.code for visit in found]


def test_who_was_never_visited_is_due_at_once_and_monthly_before_quarterly(
    session: Session,
) -> None:
    assert due(session) == ["C-1002", "C-2002", "C-1003", "C-2003"]
    assert {visit.overdue for visit in due_visits(session, now=EVENING)} == {0}


@pytest.mark.parametrize(
    ("code", "last", "first_due"),
    [
        ("C-1002", date(2024, 2, 14), date(2024, 3, 14)),
        ("C-1002", date(2024, 1, 31), date(2024, 2, 29)),
        ("C-1002", date(2023, 1, 31), date(2023, 2, 28)),
        ("C-2002", date(2023, 12, 31), date(2024, 1, 31)),
        ("C-1003", date(2023, 12, 14), date(2024, 3, 14)),
        ("C-2003", date(2023, 11, 30), date(2024, 2, 29)),
    ],
)
def test_the_next_visit_is_due_one_or_three_calendar_months_after_the_last(
    session: Session, code: str, last: date, first_due: date
) -> None:
    visited(session, code, last)
    day_before = date.fromordinal(first_due.toordinal() - 1)
    assert code not in due(session, on=day_before)
    [found] = [v for v in due_visits(session, now=EVENING, on=first_due) if v.customer.code == code]
    assert (found.last, found.due, found.overdue) == (last, first_due, 0)


def test_the_most_overdue_comes_first_after_those_never_visited(session: Session) -> None:
    visited(session, "C-1002", date(2024, 2, 10))
    visited(session, "C-1003", date(2023, 10, 1))
    visited(session, "C-2002", date(2024, 1, 2))
    assert due(session) == ["C-2003", "C-1003", "C-2002", "C-1002"]
    found = due_visits(session, now=EVENING, on=TODAY)
    assert [visit.overdue for visit in found] == [0, 73, 41, 4]


def test_who_is_on_call_has_no_interval_and_is_listed_on_request_with_the_last_visit(
    session: Session,
) -> None:
    visited(session, "C-1001", date(2020, 1, 1))
    assert "C-1001" not in due(session)
    found = due_visits(session, now=EVENING, on=TODAY, with_on_call=True)[-2:]
    assert [(v.customer.code, v.last, v.due, v.overdue) for v in found] == [
        ("C-2001", None, None, 0),
        ("C-1001", date(2020, 1, 1), None, 0),
    ]


def test_at_exactly_500_000_the_customer_is_visited_monthly(session: Session) -> None:
    customer_by_code(session, "C-1001").average_daily_balance = Decimal(500_000)
    assert "C-1001" in due(session)


def test_the_day_turns_at_the_branch(session: Session) -> None:
    visited(session, "C-1002", date(2024, 2, 15))
    # 15:59 in UTC is 23:59 at the branch, still the 14th; two minutes later the 15th begins.
    before = due_visits(session, now=after(hours=3, minutes=59))
    then = due_visits(session, now=after(hours=4, minutes=1))
    assert [len(before), len(then)] == [3, 4]


def test_a_managers_list_has_his_customers_and_those_he_took_over(session: Session) -> None:
    assert due(session, by="M-01") == ["C-1002", "C-2002"]
    assert due(session, by="M-03") == ["C-1002", "C-2002"]
    assert due(session, by="M-02") == ["C-1003", "C-2003"]
    with pytest.raises(NotFoundError, match="M-77"):
        due(session, by="M-77")


def test_a_visit_is_made_by_the_present_manager_where_nobody_else_is_named(
    session: Session,
) -> None:
    assert visited(session, "C-2002", TODAY).account_manager.code == "M-01"
    assert visited(session, "C-2002", TODAY, by="M-02").account_manager.code == "M-02"


def test_the_same_visit_is_recorded_once_and_a_later_note_replaces_the_first(
    session: Session,
) -> None:
    visited(session, "C-2002", TODAY, note="first")
    visited(session, "C-2002", TODAY, note="better")
    visited(session, "C-2002", TODAY)
    [visit] = session.scalars(select(Visit)).all()
    assert visit.note == "better"


def test_a_visit_that_has_not_happened_is_not_recorded(session: Session) -> None:
    with pytest.raises(ConflictError, match="2024-03-15 has not come yet"):
        record_visit(session, "C-2002", day=date(2024, 3, 15), now=EVENING)
    with pytest.raises(NotFoundError, match="C-9999"):
        record_visit(session, "C-9999", day=TODAY, now=EVENING)
    with pytest.raises(DataError, match="501 characters, 500 are kept"):
        record_visit(session, "C-2002", day=TODAY, note="n" * 501, now=EVENING)
    assert session.scalar(select(func.count()).select_from(Visit)) == 0


def learned(session: Session, *topics: str, day: date = TODAY) -> list[Education]:
    return record_education(session, "C-2002", topics, known=SCRIPTS, day=day, now=EVENING)


def test_education_is_kept_per_customer_with_day_and_teacher_the_latest_first(
    session: Session,
) -> None:
    learned(session, "police_impersonation", day=date(2024, 1, 2))
    learned(session, "fake_card_debt", "police_impersonation", "fake_card_debt")
    learned(session, "fake_card_debt")
    found = education_of(session, "C-2002")
    assert [(row.day, row.topic) for row in found] == [
        (TODAY, "fake_card_debt"),
        (TODAY, "police_impersonation"),
        (date(2024, 1, 2), "police_impersonation"),
    ]
    assert {row.account_manager for row in found} == {person(session, "M-01")}
    assert education_of(session, "C-1001") == []


def test_education_about_an_unknown_scam_is_refused_with_the_known_ids(session: Session) -> None:
    with pytest.raises(NotFoundError, match="id nonsense; the ids are fake_card_debt, police"):
        learned(session, "fake_card_debt", "nonsense")
    assert education_of(session, "C-2002") == []


def test_what_a_customer_learned_by_himself_needs_his_consent_and_has_no_teacher(
    session: Session,
) -> None:
    day = EVENING.date()
    with pytest.raises(ConflictError, match="consent"):
        record_education(
            session, "C-2002", ["fake_card_debt"], known=SCRIPTS, day=day, how="quiz", now=EVENING
        )
    for how in ("lesson", "quiz", "quiz"):
        record_education(
            *(session, "C-2002", ["fake_card_debt"]),
            known=SCRIPTS,
            day=day,
            how=how,
            consented=EVENING,
            now=EVENING,
        )
    record_education(session, "C-2002", ["fake_card_debt"], known=SCRIPTS, day=day, now=EVENING)
    found = education_of(session, "C-2002")
    assert sorted(row.how for row in found) == ["lesson", "quiz", "told"]
    for row in found:
        assert (row.account_manager is None) == (row.how != "told") == (row.consented is not None)
