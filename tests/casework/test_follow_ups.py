"""Nobody is left alone through the evening: planning, asking, silence, and being told to stop."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import load_bank
from bot.casework.cases import case_for, close_case, correct, record_assessment
from bot.casework.contacts import contact_for
from bot.casework.escalations import acknowledge
from bot.casework.follow_up_chores import ask_due, notice_silence
from bot.casework.follow_ups import (
    plan_follow_ups,
    record_answer,
    resume_messages,
    stop_messages,
)
from bot.casework.models import (
    AccountManager,
    Branch,
    Case,
    Customer,
    Escalation,
    FollowUp,
    OutboxMessage,
)
from bot.counsel.follow_ups import FollowUpPhrases
from bot.counsel.phrases import phrases
from bot.settings import Settings
from tests.casework.builders import WEB, finding, open_case, person

BANK = load_bank(Settings(_env_file=None).bank_file)
WORDS = FollowUpPhrases(BANK)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(wall: str, day: int = 14) -> datetime:
    """A moment by the clock on the customer's wall."""
    hour, minute = map(int, wall.split(":"))
    return datetime(2024, 3, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def endangered(
    session: Session, *, now: datetime, exposure: str = "engaged", **more: object
) -> Case:
    """A case in danger whose follow-ups are planned."""
    case = open_case(session, exposure=exposure, **more)
    plan_follow_ups(session, case, now=now)
    return case


def ask(session: Session, now: datetime) -> int:
    return ask_due(session, now, words=WORDS)


def statuses(session: Session, case: Case) -> dict[str, str]:
    """Kind and status of the latest round, as the wall clock orders them."""
    session.flush()
    rows = session.scalars(
        select(FollowUp).where(FollowUp.case_id == case.id).order_by(FollowUp.round, FollowUp.due)
    ).all()
    return {row.kind: row.status for row in rows if row.round == rows[-1].round}


def asked_in_the_chat(session: Session) -> Sequence[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.method == "chat").order_by(OutboxMessage.id)
    return session.scalars(query).all()


def events(session: Session, case: Case) -> list[str]:
    session.refresh(case, ["events"])
    return [event.kind for event in case.events]


# Planning


@pytest.mark.parametrize("exposure", ["engaged", "disclosed", "paid"])
def test_after_danger_four_times_are_planned_in_the_customers_zone(
    session: Session, exposure: str
) -> None:
    case = open_case(session, exposure=exposure)
    rows = plan_follow_ups(session, case, now=at("14:30"))
    assert [(row.kind, row.due) for row in rows] == [
        ("twenty_minutes", at("14:50")),
        ("one_hour", at("15:30")),
        ("evening", at("20:00")),
        ("morning", at("8:00", day=15)),
    ]
    assert "follow_ups_planned" in events(session, case)


def test_a_customer_abroad_is_asked_by_his_own_clock(session: Session) -> None:
    case = open_case(session, exposure="paid")
    assert case.customer is not None
    case.customer.timezone = "Europe/London"
    due = {row.kind: row.due for row in plan_follow_ups(session, case, now=at("18:30"))}
    assert due["evening"] == datetime(2024, 3, 14, 20, 0, tzinfo=UTC)


def test_a_visitor_is_asked_by_the_clock_of_the_branch(session: Session) -> None:
    session.scalars(select(Branch)).one().timezone = "Asia/Tokyo"
    case = open_case(session, customer=None, exposure="paid")
    due = {row.kind: row.due for row in plan_follow_ups(session, case, now=at("14:30"))}
    assert due["evening"] == datetime(2024, 3, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("level", "exposure", "danger"),
    [
        ("scam", "contacted", False),
        ("unsure", "engaged", False),
        ("suspicious", "engaged", True),
        ("clear", "paid", True),
        ("unsure", "disclosed", True),
    ],
)
def test_only_danger_is_followed_up(
    session: Session, level: str, exposure: str, danger: bool
) -> None:
    case = case_for(session, WEB, language="zh", now=at("14:00"))
    shown = finding(level=level, exposure=exposure)
    record_assessment(session, case, assessment=shown, now=at("14:00"))
    assert bool(plan_follow_ups(session, case, now=at("14:30"))) is danger


def test_planning_again_for_the_same_danger_plans_nothing(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    assert plan_follow_ups(session, case, now=at("14:30"), again=True) == []
    assert plan_follow_ups(session, case, now=at("14:35"), again=True) == []
    assert plan_follow_ups(session, case, now=at("17:30")) == []


def test_they_called_again_starts_a_new_round(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    plan_follow_ups(session, case, now=at("18:00"), again=True)
    first = session.scalars(select(FollowUp).where(FollowUp.round == 1)).all()
    assert [row.status for row in first] == ["asked", "cancelled", "cancelled", "cancelled"]
    assert list(statuses(session, case).values()) == ["planned"] * 4
    times = session.scalars(select(FollowUp.due).where(FollowUp.round == 2)).all()
    assert sorted(times)[0] == at("18:20")


def test_money_that_leaves_after_the_planning_is_a_new_danger(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    record_assessment(session, case, assessment=finding(exposure="paid"), now=at("14:33"))
    assert [row.round for row in plan_follow_ups(session, case, now=at("14:33"))] == [2] * 4


def test_a_clock_that_went_back_hides_no_new_danger(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    assert plan_follow_ups(session, case, now=at("11:00"), again=True)


def test_nothing_is_planned_for_a_closed_case_and_closing_cancels(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    close_case(session, case, outcome="no_loss", now=at("14:40"))
    assert set(statuses(session, case).values()) == {"cancelled"}
    assert plan_follow_ups(session, case, now=at("15:00"), again=True) == []
    assert ask(session, at("16:00")) == 0


# Asking


def test_when_it_is_due_the_chat_asks_with_three_answers_in_his_language(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    assert ask(session, at("14:49")) == 0
    assert ask(session, at("14:50")) == 1
    [message] = asked_in_the_chat(session)
    assert message.recipient == WEB
    assert message.body["lang"] == "zh"
    titles = [button["title"] for button in message.body["buttons"]]
    buttons = phrases("zh").buttons
    assert titles == [buttons["fine"], buttons["they_called_again"], buttons["paid"]]
    assert statuses(session, case)["twenty_minutes"] == "asked"


def test_the_question_is_asked_in_the_language_last_written_in(session: Session) -> None:
    endangered(session, now=at("14:30"))
    contact_for(session, WEB, language="en", now=at("14:40"))
    ask(session, at("14:50"))
    assert asked_in_the_chat(session)[0].body["lang"] == "en"


def test_an_identified_customers_own_methods_lead_to_the_chat_and_tell_nothing(
    session: Session,
) -> None:
    customer = session.scalars(select(Customer).where(Customer.code == "C-1001")).one()
    customer.notify = ["console", "json://sms:hunter2@gateway.example"]
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    notices = session.scalars(
        select(OutboxMessage).where(OutboxMessage.recipient == "C-1001")
    ).all()
    assert [message.method for message in notices] == customer.notify
    for message in notices:
        said = f"{message.subject} {message.body['text']} {message.dedupe_key}"
        for secret in (case.reference, "诈骗", "骗", "hunter2", customer.name):
            assert secret not in said
        assert BANK.hotline in said


def test_a_visitor_is_asked_in_the_chat_alone(session: Session) -> None:
    endangered(session, now=at("14:30"), customer=None)
    ask(session, at("14:50"))
    assert [message.method for message in session.scalars(select(OutboxMessage))] == ["chat"]


def test_each_follow_up_is_asked_once_even_when_the_clock_goes_back(session: Session) -> None:
    endangered(session, now=at("14:30"))
    moments = [at("14:50"), at("14:30"), at("14:51"), at("13:00"), at("14:50")]
    assert [ask(session, moment) for moment in moments] == [1, 0, 0, 0, 0]
    assert len(asked_in_the_chat(session)) == 1


def test_after_everything_was_down_only_the_latest_is_asked(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    assert ask(session, at("20:40")) == 3
    assert statuses(session, case) == {
        "twenty_minutes": "cancelled",
        "one_hour": "cancelled",
        "evening": "asked",
        "morning": "planned",
    }
    assert len(asked_in_the_chat(session)) == 1
    assert events(session, case).count("follow_up_cancelled") == 2


def test_what_is_late_gives_way_to_the_next_that_comes_within_ten_minutes(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("15:25"))
    assert asked_in_the_chat(session) == []
    ask(session, at("15:30"))
    assert statuses(session, case)["one_hour"] == "asked"


def test_nobody_is_woken_for_the_evening_that_was_missed(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("23:30"))
    assert asked_in_the_chat(session) == []
    assert statuses(session, case)["evening"] == "cancelled"
    ask(session, at("8:00", day=15))
    assert statuses(session, case)["morning"] == "asked"


def test_shortly_after_a_danger_in_the_night_he_is_asked(session: Session) -> None:
    case = endangered(session, now=at("23:00"))
    ask(session, at("23:20"))
    record_answer(session, case, answer="fine", now=at("23:21"))
    ask(session, at("0:00", day=15))
    assert statuses(session, case) == {
        "twenty_minutes": "answered",
        "one_hour": "asked",
        "morning": "planned",
    }


def test_what_the_night_forbids_waits_for_seven_where_nothing_else_is_planned(
    session: Session,
) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("23:00", day=15))
    assert asked_in_the_chat(session) == []
    assert ask(session, at("6:59", day=16)) == 0
    ask(session, at("7:00", day=16))
    assert statuses(session, case)["morning"] == "asked"


# Answering


def test_fine_keeps_the_later_ones_because_he_may_fall_back(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    answered = record_answer(session, case, answer="fine", now=at("14:52"))
    assert answered is not None
    assert (answered.answer, answered.answered) == ("fine", at("14:52"))
    assert list(statuses(session, case).values()) == ["answered", *["planned"] * 3]


def test_the_second_fine_in_the_morning_ends_the_round(session: Session) -> None:
    case = endangered(session, now=at("2:00"))
    for wall in ("2:20", "8:00"):
        ask(session, at(wall))
        record_answer(session, case, answer="fine", now=at(wall))
    assert statuses(session, case)["evening"] == "cancelled"


def test_the_first_fine_ends_nothing_even_in_the_morning(session: Session) -> None:
    case = endangered(session, now=at("2:00"))
    ask(session, at("2:20"))
    record_answer(session, case, answer="other", now=at("2:20"))
    ask(session, at("8:00"))
    record_answer(session, case, answer="fine", now=at("8:00"))
    assert statuses(session, case)["evening"] == "planned"


def test_any_message_is_no_silence_and_a_button_then_says_more(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    record_answer(session, case, answer="other", now=at("14:51"))
    assert notice_silence(session, at("15:20")) == 0
    better = record_answer(session, case, answer="called_again", now=at("14:53"))
    assert better is not None
    assert better.answer == "called_again"
    assert record_answer(session, case, answer="fine", now=at("14:54")) is None


def test_an_answer_to_nothing_is_no_answer(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    assert record_answer(session, case, answer="other", now=at("14:31")) is None
    with pytest.raises(ValueError, match="fine, called_again"):
        record_answer(session, case, answer="great", now=at("14:31"))


def test_who_answers_late_is_silent_no_more(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    notice_silence(session, at("15:05"))
    record_answer(session, case, answer="fine", now=at("15:10"))
    assert statuses(session, case)["twenty_minutes"] == "answered"
    assert "follow_up_silent" in events(session, case)


# Silence


def test_silence_after_danger_brings_in_a_person_after_fifteen_minutes(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    assert notice_silence(session, at("15:04")) == 0
    assert notice_silence(session, at("15:05")) == 1
    assert statuses(session, case)["twenty_minutes"] == "silent"
    [escalation] = session.scalars(select(Escalation)).all()
    assert (escalation.reason, escalation.status) == ("silent", "pending")
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "M-01")).first()
    assert told is not None
    assert "没有回复" in told.body["text"]


def test_in_the_morning_he_may_sleep_an_hour_longer(session: Session) -> None:
    endangered(session, now=at("22:30"))
    ask(session, at("8:00", day=15))
    assert notice_silence(session, at("8:59", day=15)) == 0
    assert notice_silence(session, at("9:00", day=15)) == 1


def test_each_silence_is_noticed_once(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    assert [notice_silence(session, at("15:10")) for _ in range(2)] == [1, 0]
    [escalation] = session.scalars(select(Escalation)).all()
    acknowledge(session, escalation.id, "M-01", at("15:11"))
    ask(session, at("15:30"))
    notice_silence(session, at("15:45"))
    assert len(session.scalars(select(Escalation)).all()) == 2
    assert events(session, case).count("follow_up_silent") == 2


def test_silence_after_a_mere_contact_brings_in_nobody(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    correct(session, case, red_flags=None, level="clear", exposure="contacted", now=at("14:55"))
    assert notice_silence(session, at("15:05")) == 1
    assert session.scalars(select(Escalation)).all() == []
    ask(session, at("15:30"))
    assert notice_silence(session, at("19:00")) == 0


def test_silence_and_escalation_are_one_commit(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        endangered(session, now=at("14:30"))
        ask(session, at("14:50"))
    with sessions() as session:
        notice_silence(session, at("15:05"))
        session.rollback()
    with sessions() as session:
        assert session.scalars(select(Escalation)).all() == []
        assert "silent" not in session.scalars(select(FollowUp.status)).all()


def test_where_nobody_can_be_asked_silence_is_tried_again_and_holds_up_no_other(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    session.execute(update(AccountManager).values(active=False))
    with caplog.at_level(logging.ERROR):
        assert notice_silence(session, at("15:05")) == 0
    assert case.reference in caplog.text
    assert statuses(session, case)["twenty_minutes"] == "asked"
    session.execute(update(AccountManager).values(active=True))
    assert notice_silence(session, at("15:06")) == 1


# Stopping


def test_stop_messaging_me_is_obeyed_and_the_manager_is_told_what_it_means(
    session: Session,
) -> None:
    case = endangered(session, now=at("14:30"))
    ask(session, at("14:50"))
    assert stop_messages(session, case, now=at("14:51"))
    assert set(statuses(session, case).values()) == {"cancelled"}
    assert asked_in_the_chat(session) == []  # What had not gone out yet does not go out.
    for moment in (at("15:30"), at("20:00"), at("8:00", day=15)):
        assert ask(session, moment) == 0
    assert notice_silence(session, at("20:00")) == 0
    [message] = session.scalars(select(OutboxMessage)).all()
    assert (message.recipient, message.method) == ("M-01", "console")
    assert case.reference in message.subject
    assert "您可以给客户打电话" in message.body["text"]


def test_stopping_twice_tells_the_manager_once(session: Session) -> None:
    person(session, "M-01").notify = ["console", "json://a:hunter2@b.example"]
    case = endangered(session, now=at("14:30"))
    assert [stop_messages(session, case, now=at("14:31")) for _ in range(2)] == [True, False]
    messages = session.scalars(select(OutboxMessage)).all()
    assert len(messages) == 2
    assert "hunter2" not in "".join(message.dedupe_key for message in messages)


def test_danger_told_later_plans_nothing_until_he_asks_for_messages_again(session: Session) -> None:
    case = endangered(session, now=at("14:30"))
    stop_messages(session, case, now=at("14:31"))
    record_assessment(session, case, assessment=finding(exposure="paid"), now=at("16:00"))
    assert plan_follow_ups(session, case, now=at("16:00"), again=True) == []
    assert resume_messages(session, case, now=at("16:05"))
    assert not resume_messages(session, case, now=at("16:05"))
    assert len(plan_follow_ups(session, case, now=at("16:05"), again=True)) == 4


# Trouble


def test_a_case_that_fails_holds_up_no_other_and_is_tried_again(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    bad = endangered(session, now=at("14:30"), address="web:bad", customer=None)
    endangered(session, now=at("14:30"), address="web:good")
    branch = session.scalars(select(Branch)).one()
    branch.timezone = "Nowhere/Lost"  # A visitor's clock is the branch's; the customer has his own.
    with caplog.at_level(logging.ERROR):
        ask(session, at("14:50"))
    assert [message.recipient for message in asked_in_the_chat(session)] == ["web:good"]
    assert bad.reference in caplog.text
    branch.timezone = "Asia/Shanghai"
    assert ask(session, at("14:50")) == 0
    assert ask(session, at("14:51")) == 1
