"""The leaders' numbers: once a day, by the clock of the branch, without names or words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.digest import Digest, digest_for
from bot.casework.digest_messages import digest_text, owe_digests
from bot.casework.escalations import acknowledge, escalate
from bot.casework.models import Branch, Case, Customer, FollowUp, OutboxMessage, Payment
from bot.casework.policy import load_policy
from bot.settings import Settings
from tests.casework.builders import EVENING, after, open_case, person

AT = load_policy(Settings(_env_file=None).escalation_file).digest_at
MORNING = datetime(2024, 3, 15, 0, 30, tzinfo=UTC)
"""Half past eight on the next day at the branch."""


def branch(session: Session) -> Branch:
    return session.scalars(select(Branch).where(Branch.code == "B-01")).one()


def digest(session: Session, day: date = date(2024, 3, 15)) -> Digest:
    session.flush()
    return digest_for(session, branch(session), day=day, at=AT)


def case_of(session: Session, number: int, exposure: str, customer: str | None = "C-1002") -> Case:
    return open_case(session, customer=customer, address=f"web:{number}", exposure=exposure)


def owed(session: Session) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("digest:"))
    return list(session.scalars(rows.order_by(OutboxMessage.id)))


def test_new_cases_are_counted_by_level_and_exposure_visitors_with_the_first_branch(
    session: Session,
) -> None:
    first = case_of(session, 1, "paid")
    second = case_of(session, 2, "engaged", customer=None)
    found = digest(session)
    assert found.new == (first.reference, second.reference)
    assert (found.levels, found.exposures) == ({"scam": 2}, {"paid": 1, "engaged": 1})


def test_the_day_begins_and_ends_at_the_digests_time(session: Session) -> None:
    case = case_of(session, 1, "engaged")
    for opened, counts in (
        (MORNING - timedelta(days=1), True),
        (MORNING - timedelta(seconds=1), True),
        (MORNING, False),
        (MORNING - timedelta(days=1, seconds=1), False),
    ):
        case.opened = opened
        assert bool(digest(session).new) is counts, opened


def test_what_nobody_read_in_time_is_counted_until_it_is_read(session: Session) -> None:
    late, prompt, unread = (case_of(session, number, "engaged") for number in range(3))
    for case, minutes in ((late, 6), (prompt, 4), (unread, None)):
        asked = escalate(session, case, reason="engaged", now=EVENING)
        if minutes:
            acknowledge(session, asked.id, "M-01", after(minutes=minutes))
    assert digest(session).unread == (late.reference, unread.reference)
    assert digest(session, date(2024, 3, 16)).unread == (unread.reference,)


def test_money_that_left_is_added_up_by_currency(session: Session) -> None:
    cases = [case_of(session, number, "paid") for number in range(3)]
    told = [("1700000", "CNY"), ("300000", "CNY"), ("900", "USD"), (None, None)]
    for number, (amount, currency) in enumerate(told):
        cases[number % 3].payments.append(
            Payment(
                amount=Decimal(amount) if amount else None,
                currency=currency,
                created=EVENING,
                updated=EVENING,
            )
        )
    cases[0].payments.append(
        Payment(amount=Decimal(5), outcome="not_paid", created=EVENING, updated=EVENING)
    )
    found = digest(session)
    assert found.paid == tuple(case.reference for case in cases)
    assert found.amounts == {"CNY": Decimal(2_000_000), "USD": Decimal(900)}


def test_silent_customers_and_dead_messages_are_counted(session: Session) -> None:
    silent, closed = case_of(session, 1, "engaged"), case_of(session, 2, "engaged")
    for case in (silent, closed):
        case.follow_ups.append(
            FollowUp(
                round=1,
                kind="one_hour",
                status="silent",
                due=EVENING,
                danger=EVENING,
                exposure="engaged",
            )
        )
    escalate(session, silent, reason="engaged", now=EVENING).messages[0].status = "dead"
    closed.status = "closed"
    found = digest(session)
    assert (found.silent, found.dead) == ((silent.reference,), 1)


def test_overdue_visits_are_those_of_the_branch(session: Session) -> None:
    visited_by_tier = session.scalars(select(Customer)).all()
    expected = sum(customer.tier != "on_call" for customer in visited_by_tier)
    assert digest(session).visits == expected > 0


def test_the_digest_holds_no_name_and_no_word_of_a_customer(session: Session) -> None:
    case = case_of(session, 1, "paid", customer="C-1001")
    escalate(session, case, reason="has_paid", now=EVENING)
    for language in ("en", "zh"):
        text = digest_text(digest(session), language=language).text
        assert case.reference in text
        for private in ("Chen", "陈伟", "Hengtai", "恒泰", "C-1001", "sue me"):
            assert private not in text


def test_each_leader_gets_it_once_a_day_at_half_past_eight(session: Session) -> None:
    case_of(session, 1, "paid")
    assert owe_digests(session, MORNING - timedelta(seconds=1)) == 0
    assert owe_digests(session, MORNING) == 1
    assert owe_digests(session, MORNING + timedelta(hours=9)) == 0
    assert owe_digests(session, MORNING + timedelta(days=1)) == 1
    assert [message.recipient for message in owed(session)] == ["L-01", "L-01"]
    assert owed(session)[0].subject == "江畔银行古渡支行：过去24小时，2024-03-15"


def test_a_worker_that_was_down_in_the_morning_makes_up_for_it_the_same_day(
    session: Session,
) -> None:
    case_of(session, 1, "paid")
    assert owe_digests(session, MORNING + timedelta(hours=5)) == 1
    assert "2024-03-15" in owed(session)[0].subject


def test_a_leader_who_is_away_gets_none_and_a_bank_without_cases_has_nothing_to_tell(
    session: Session,
) -> None:
    assert owe_digests(session, MORNING) == 0
    case_of(session, 1, "paid")
    person(session, "L-01").active = False
    session.flush()
    assert owe_digests(session, MORNING) == 0


def test_the_time_is_that_of_the_branch(session: Session) -> None:
    case_of(session, 1, "paid")
    branch(session).timezone = "Europe/London"
    session.flush()
    assert owe_digests(session, MORNING) == 0
    assert owe_digests(session, MORNING + timedelta(hours=8)) == 1


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2024, 10, 27)])
def test_a_day_on_which_clocks_change_still_ends_at_half_past_eight(
    session: Session, day: date
) -> None:
    branch(session).timezone = "Europe/London"
    case = case_of(session, 1, "engaged")
    end = datetime.combine(day, AT, tzinfo=ZoneInfo("Europe/London"))
    case.opened = end - timedelta(seconds=1)
    assert digest(session, day).new == (case.reference,)
    assert digest(session, day + timedelta(days=1)).new == ()
