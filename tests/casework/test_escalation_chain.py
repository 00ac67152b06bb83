"""Who is asked, and what happens while nobody reads it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.cases import correct, record_assessment
from bot.casework.contacts import identify
from bot.casework.escalations import acknowledge, ask_next_due, escalate, resolve
from bot.casework.models import AccountManager, Case, CaseEvent, Escalation, OutboxMessage, Payment
from bot.casework.policy import Policy, load_policy
from bot.settings import Settings
from tests.casework.builders import EVENING, WEB, after, finding, open_case, person

POLICY = load_policy(Settings(_env_file=None).escalation_file)


def asked(escalation: Escalation) -> list[str]:
    return [step.account_manager.code for step in escalation.steps]


def told(session: Session) -> list[str]:
    """Who is owed a message of the bank's, in the order in which it was owed."""
    rows = select(OutboxMessage).where(OutboxMessage.escalation_id.is_not(None))
    return [row.recipient for row in session.scalars(rows.order_by(OutboxMessage.id))]


def in_danger(session: Session, *, exposure: str = "engaged", customer: str = "C-1002") -> Case:
    """A case of a customer who is not on call."""
    return open_case(session, customer=customer, exposure=exposure)


def pays(session: Session, case: Case, amount: str | None) -> None:
    money = Decimal(amount) if amount else None
    case.payments.append(Payment(amount=money, currency="CNY", created=EVENING, updated=EVENING))
    session.flush()


def deepen(session: Session, case: Case, exposure: str, *, at: datetime) -> None:
    record_assessment(session, case, assessment=finding(), exposure=exposure, now=at)


def sack(session: Session, codes: Iterable[str]) -> None:
    for code in codes:
        person(session, code).active = False
    session.flush()


def events(session: Session, kind: str) -> list[CaseEvent]:
    rows = select(CaseEvent).where(CaseEvent.kind == kind).order_by(CaseEvent.id)
    return list(session.scalars(rows))


def policy_with(**changes: object) -> Policy:
    """The demonstration's policy with one rule for every case."""
    rule = POLICY.policy[-1].model_copy(update=changes)
    return POLICY.model_copy(update={"policy": (rule,)})


@pytest.mark.parametrize(
    ("exposure", "minutes"),
    [("contacted", 30), ("engaged", 5), ("disclosed", 5), ("paid", 5)],
)
def test_how_long_a_person_has_follows_from_how_far_in_the_customer_is(
    session: Session, exposure: str, minutes: int
) -> None:
    escalation = escalate(
        session, in_danger(session, exposure=exposure), reason="engaged", now=EVENING
    )
    assert escalation.next_ask == after(minutes=minutes)
    assert [step.deadline for step in escalation.steps] == [after(minutes=minutes)]


def test_unread_escalation_goes_to_the_backup_after_five_minutes(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert ask_next_due(session, after(minutes=4, seconds=59)) == 0
    assert ask_next_due(session, after(minutes=5)) == 1
    assert asked(escalation) == told(session) == ["M-01", "M-02"]
    assert ask_next_due(session, after(minutes=5)) == 0


def test_unread_escalation_goes_to_the_duty_desk_after_five_minutes_where_there_is_no_backup(
    session: Session,
) -> None:
    sack(session, ["M-02"])
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    assert asked(escalation) == ["M-01", "D-01"]


def test_the_chain_is_manager_backup_duty_desk_leader(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    for minutes in (5, 10, 15):
        ask_next_due(session, after(minutes=minutes))
    assert [(step.link, step.account_manager.code) for step in escalation.steps] == [
        ("manager", "M-01"),
        ("backup", "M-02"),
        ("duty_desk", "D-01"),
        ("leader", "L-01"),
    ]


def test_the_next_one_reads_who_has_not_read_it(session: Session) -> None:
    escalate(session, in_danger(session), reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    late = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert late is not None
    assert "not read yet: Zhou Min (20:00)" in late.body["text"]
    [event] = events(session, "unread")
    assert event.detail["unread_by"] == ["M-01"]
    assert event.detail["asked"] == ["M-02"]


def test_clock_runs_at_night_and_on_holidays(session: Session) -> None:
    new_year_night = datetime(2023, 12, 31, 19, 0, tzinfo=UTC)  # Three in the morning there.
    escalation = escalate(session, in_danger(session), reason="engaged", now=new_year_night)
    assert ask_next_due(session, new_year_night + timedelta(minutes=5)) == 1
    assert len(escalation.steps) == 2


def test_a_chain_never_ends_before_somebody_answers(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    for minutes in range(5, 65, 5):
        assert ask_next_due(session, after(minutes=minutes)) == 1
    again = asked(escalation)[4:]
    assert again == ["D-01", "L-01"] * 9
    assert len(told(session)) == len(escalation.steps)
    assert len({row.dedupe_key for row in session.scalars(select(OutboxMessage))}) == 22
    assert sum(event.detail["again"] for event in events(session, "unread")) == 9
    acknowledge(session, escalation.id, "L-01", after(minutes=66))
    assert ask_next_due(session, after(hours=9)) == 0


@pytest.mark.parametrize("end", [acknowledge, resolve])
def test_reading_ends_the_asking(session: Session, end: object) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    end(session, escalation.id, "M-01", after(minutes=1))  # type: ignore[operator]
    assert escalation.next_ask is None
    assert ask_next_due(session, after(hours=1)) == 0
    assert asked(escalation) == ["M-01"]


def test_who_is_away_is_skipped_and_nobody_is_asked_twice_in_one_round(session: Session) -> None:
    sack(session, ["M-02", "D-01"])
    person(session, "M-01").role = "leader"
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    assert asked(escalation) == ["M-01", "L-01"]


def test_a_manager_who_was_replaced_is_never_asked(session: Session) -> None:
    gone = person(session, "M-03")
    case = in_danger(session)
    assert case.customer is not None
    case.customer.account_manager = gone
    session.flush()
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    assert asked(escalation) == ["M-01"]


def test_managers_who_replaced_each_other_in_a_circle_end_nobodys_chain(session: Session) -> None:
    one, other = person(session, "M-01"), person(session, "M-02")
    one.replaced_by_id, other.replaced_by_id = other.id, one.id
    session.flush()
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    for minutes in (5, 10, 15):
        ask_next_due(session, after(minutes=minutes))
    assert {"D-01", "L-01"} <= set(asked(escalation))


def test_outside_his_hours_the_manager_is_asked_and_the_next_one_at_the_same_time(
    session: Session,
) -> None:
    person(session, "M-01").working_pattern = "Mon-Fri 08:30-17:30"
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert asked(escalation) == told(session) == ["M-01", "M-02"]
    assert escalation.next_ask == after(minutes=5)


def test_where_nobody_is_at_work_all_the_chain_is_asked_at_once(session: Session) -> None:
    for code in ("M-01", "M-02", "D-01", "L-01"):
        person(session, code).working_pattern = "Mon-Fri 08:30-17:30"
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert asked(escalation) == ["M-01", "M-02", "D-01", "L-01"]


def test_outside_his_hours_the_manager_alone_is_asked_about_a_mere_contact(
    session: Session,
) -> None:
    person(session, "M-01").working_pattern = "Mon-Fri 08:30-17:30"
    case = in_danger(session, exposure="contacted")
    assert asked(escalate(session, case, reason="wants_a_person", now=EVENING)) == ["M-01"]


def test_hours_that_cannot_be_read_bring_in_somebody_else_as_well(session: Session) -> None:
    person(session, "M-01").working_pattern = "whenever"
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert asked(escalation) == ["M-01", "M-02"]


def test_the_hours_are_those_of_the_branch_and_not_of_the_server(session: Session) -> None:
    person(session, "M-01").working_pattern = "Thu 19:00-21:00"
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert asked(escalation) == ["M-01"]


def test_a_large_payment_asks_manager_and_duty_desk_together(session: Session) -> None:
    case = in_danger(session, exposure="paid")
    pays(session, case, "50000")
    escalation = escalate(session, case, reason="has_paid", now=EVENING)
    assert (escalation.rule, asked(escalation)) == ("large_payment_sent", ["M-01", "D-01"])


@pytest.mark.parametrize("amount", ["49999.99", None])
def test_a_smaller_or_unknown_payment_asks_one_after_the_other(
    session: Session, amount: str | None
) -> None:
    case = in_danger(session, exposure="paid")
    pays(session, case, amount)
    escalation = escalate(session, case, reason="has_paid", now=EVENING)
    assert (escalation.rule, asked(escalation)) == ("money_or_secret_gone", ["M-01"])


def test_an_amount_that_becomes_known_later_brings_in_the_duty_desk(session: Session) -> None:
    case = in_danger(session, exposure="paid")
    escalation = escalate(session, case, reason="has_paid", now=EVENING)
    pays(session, case, "1700000")
    escalate(session, case, reason="has_paid", now=after(minutes=2))
    assert asked(escalation) == ["M-01", "D-01"]
    assert [step.deadline for step in escalation.steps] == [after(minutes=5), after(minutes=7)]
    assert escalation.next_ask == after(minutes=5)


def test_who_is_on_call_for_a_customer_is_asked_by_every_method(session: Session) -> None:
    for customer, expected in (("C-1001", 2), ("C-1002", 1)):
        person(session, "M-01").notify = ["console", "mailto://bank.example"]
        case = open_case(session, customer=customer, address=f"web:{customer}", exposure="engaged")
        escalation = escalate(session, case, reason="engaged", now=EVENING)
        assert len(escalation.messages) == expected, customer


def test_words_of_self_harm_ask_manager_and_duty_desk_and_every_later_one_reads_them(
    session: Session,
) -> None:
    case = in_danger(session, exposure="contacted")
    escalation = escalate(session, case, reason="wants_a_person", now=EVENING)
    escalate(session, case, reason="may_hurt_themselves", now=after(minutes=1))
    assert asked(escalation) == ["M-01", "D-01"]
    assert escalation.next_ask == after(minutes=6)
    ask_next_due(session, after(minutes=6))
    assert asked(escalation)[-1] == "M-02"
    assert "may hurt themselves" in escalation.messages[-1].body["text"]


def test_a_worse_exposure_shortens_the_time_from_now_on(session: Session) -> None:
    case = in_danger(session, exposure="contacted")
    escalation = escalate(session, case, reason="wants_a_person", now=EVENING)
    deepen(session, case, "paid", at=after(minutes=10))
    escalate(session, case, reason="has_paid", now=after(minutes=10))
    assert escalation.next_ask == after(minutes=15)
    assert escalation.steps[0].deadline == after(minutes=15)


def test_a_worse_exposure_never_moves_a_deadline_later(session: Session) -> None:
    case = in_danger(session, exposure="contacted")
    escalation = escalate(session, case, reason="wants_a_person", now=EVENING)
    deepen(session, case, "paid", at=after(minutes=28))
    escalate(session, case, reason="has_paid", now=after(minutes=28))
    assert escalation.next_ask == after(minutes=30)


def test_a_corrected_exposure_slows_nobody_down(session: Session) -> None:
    case = in_danger(session)
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    correct(session, case, red_flags=[], exposure="contacted", now=after(minutes=1))
    escalate(session, case, reason="wants_a_person", now=after(minutes=1))
    assert (escalation.rule, escalation.next_ask) == ("engaged", after(minutes=5))


def test_everybody_asked_so_far_reads_that_it_has_become_worse(session: Session) -> None:
    case = in_danger(session)
    escalate(session, case, reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    deepen(session, case, "paid", at=after(minutes=6))
    escalate(session, case, reason="has_paid", now=after(minutes=6))
    assert told(session) == ["M-01", "M-02", "M-01", "M-02"]


def test_a_message_that_cannot_be_delivered_wakes_the_next_one_at_once(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    escalation.next_ask = after(minutes=1)
    session.flush()
    assert ask_next_due(session, after(minutes=1)) == 1
    assert asked(escalation) == ["M-01", "M-02"]
    assert escalation.steps[0].deadline == after(minutes=1)
    assert escalation.next_ask == after(minutes=6)


def test_a_worker_that_was_down_for_hours_asks_one_person_and_not_all(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    assert ask_next_due(session, after(hours=3)) == 1
    assert asked(escalation) == ["M-01", "M-02"]
    assert escalation.next_ask == after(hours=3, minutes=5)


def test_a_clock_that_goes_back_asks_nobody_twice(session: Session) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    ask_next_due(session, after(minutes=5))
    assert ask_next_due(session, after(minutes=-30)) == 0
    assert asked(escalation) == ["M-01", "M-02"]


def test_with_nobody_left_at_the_bank_the_desks_number_stands_in_event_and_log(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING)
    sack(session, [row.code for row in session.scalars(select(AccountManager))])
    with caplog.at_level(logging.ERROR):
        assert ask_next_due(session, after(minutes=5)) == 1
    [event] = events(session, "nobody_to_ask")
    assert event.detail["duty_desk_phone"] == "+86 101 0000 0001"
    assert "+86 101 0000 0001" in caplog.text
    assert escalation.case.reference in caplog.text
    person(session, "D-01").active = True
    session.flush()
    assert ask_next_due(session, after(minutes=10)) == 1
    assert asked(escalation)[-1] == "D-01"


def test_a_policy_without_desk_and_leader_still_ends_with_them(session: Session) -> None:
    policy = policy_with(ask=("manager",), minutes=5)
    escalation = escalate(session, in_danger(session), reason="engaged", now=EVENING, policy=policy)
    ask_next_due(session, after(minutes=5), policy=policy)
    assert asked(escalation) == ["M-01", "D-01", "L-01"]


def test_a_rule_that_was_taken_out_of_the_file_is_replaced_by_the_one_that_fits(
    session: Session,
) -> None:
    case = in_danger(session)
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    policy = policy_with(id="new_rule", minutes=7)
    ask_next_due(session, after(minutes=5), policy=policy)
    assert (escalation.rule, escalation.next_ask) == ("new_rule", after(minutes=12))


def test_an_escalation_that_cannot_be_moved_on_does_not_hold_up_the_others(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2):
        case = open_case(session, customer="C-1002", address=f"web:{number}", exposure="engaged")
        escalate(session, case, reason="engaged", now=EVENING)
    broken, whole = session.scalars(select(Escalation).order_by(Escalation.id))

    def titles(_script: str) -> dict[str, str]:
        if not calls:
            calls.append(1)
            raise LookupError("secret words")
        return {}

    calls: list[int] = []
    with caplog.at_level(logging.ERROR):
        assert ask_next_due(session, after(minutes=5), titles=titles) == 2
    assert "secret words" not in caplog.text
    assert (len(broken.steps), len(whole.steps)) == (1, 2)
    assert broken.next_ask == after(minutes=6)
    assert ask_next_due(session, after(minutes=6), titles=titles) == 1


def test_a_visitor_who_turns_out_to_be_a_customer_brings_in_his_manager_and_keeps_the_desk(
    session: Session,
) -> None:
    case = open_case(session, customer=None, exposure="engaged")
    escalation = escalate(session, case, reason="engaged", now=EVENING)
    assert asked(escalation) == ["D-01"]
    identify(session, WEB, "C-1002", after(minutes=1))
    escalate(session, case, reason="engaged", now=after(minutes=1))
    assert asked(escalation) == ["D-01", "M-01"]
    assert escalation.next_ask == after(minutes=5)
