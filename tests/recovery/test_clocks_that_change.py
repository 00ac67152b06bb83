"""Daylight saving elsewhere: deadlines follow the wall clock, and lengths are real hours."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.recovery import Payment, rail_clock
from tests.recovery.payments import PACKS, rung, utc, view_of

CASES = [
    # London: clocks go back on Sunday 25 October 2026; Friday evening to Monday 06:00 GMT.
    ("gb", "2026-10-23 20:00", "2026-10-26 06:00"),
    # and forward on Sunday 29 March 2026: Monday 06:00 is 05:00 UTC.
    ("gb", "2026-03-27 20:00", "2026-03-30 05:00"),
    # Frankfurt: the same nights; 07:00 is 06:00 UTC in winter and 05:00 UTC in summer.
    ("eu", "2026-10-23 20:00", "2026-10-26 06:00"),
    ("eu", "2026-03-27 20:00", "2026-03-30 05:00"),
    # Good Friday and Easter Monday close TARGET: Thursday evening to Tuesday.
    ("eu", "2026-04-02 20:00", "2026-04-07 05:00"),
    # New York: Fedwire opens at 21:00 of the evening before, also of the Sunday the clocks change.
    ("us", "2026-10-30 20:00", "2026-11-02 02:00"),
    ("us", "2026-03-06 20:00", "2026-03-09 01:00"),
    # The day after Thanksgiving is a working day; the evening of the holiday opens it.
    ("us", "2026-11-25 20:00", "2026-11-27 02:00"),
    # 4 July 2026 is a Saturday, which leaves the Friday open at the Federal Reserve.
    ("us", "2026-07-02 20:00", "2026-07-03 01:00"),
    # Hong Kong changes no clock, but keeps Good Friday and, in 2026, the Tuesday after Easter.
    ("hk", "2026-04-02 20:00", "2026-04-08 00:30"),
]
LARGE = {"gb": "chaps", "eu": "target", "us": "fedwire", "hk": "chats"}


@pytest.mark.parametrize(("country", "ordered", "opens"), CASES)
def test_large_rail_opens_by_the_wall_clock(country: str, ordered: str, opens: str) -> None:
    view = view_of(ordered, jurisdiction=country, channel="counter")
    candidate = next(one for one in view.candidates if one.rail_id == LARGE[country])
    assert candidate.leaves is not None
    assert candidate.leaves.earliest == utc(opens)


@pytest.mark.parametrize(("ordered", "hours"), [("2026-10-23 20:00", 59), ("2026-03-27 20:00", 57)])
def test_time_to_an_opening_over_a_change_of_clocks_is_counted_in_real_hours(
    ordered: str, hours: int
) -> None:
    view = view_of(ordered, jurisdiction="gb", channel="counter")
    until = rung(view, "revoke_before_settlement", rail="chaps").until
    assert until is not None
    assert until - view.now == timedelta(hours=hours)


def test_the_same_moment_gives_the_same_answer_in_every_zone() -> None:
    def ask(moment: str) -> object:
        at = utc(moment)
        answers = set()
        for country in PACKS.jurisdictions:
            there = at.astimezone(PACKS.jurisdiction(country).zone)
            payment = Payment(
                jurisdiction="cn", amount=Decimal(1_700_000), submitted_at=there, channel="online"
            )
            answers.add(rail_clock(payment, PACKS, now=there).deadline)
        return answers

    assert ask("2026-11-23 12:00") == {utc("2026-11-23 12:30")}


def test_bank_may_delay_a_payment_in_the_uk_to_the_end_of_the_fourth_business_day() -> None:
    view = view_of("2026-12-23 12:00", jurisdiction="gb", channel="online", amount=Decimal(900))
    cancel = rung(view, "cancel_inside_bank", rail="faster_payments")
    assert cancel.state == "unknown"
    # Christmas Eve, then 29, 30 and 31 December: the days between are holidays.
    assert cancel.perhaps_until == utc("2027-01-01 00:00")
