"""The hours of the large-value system, under all three regimes, to the second."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.recovery.payments import PACKS, clock_time, rails, rung, seed, window

CHINA = PACKS.jurisdiction("cn").zone

WINDOWS = [
    # Ordered at 20:00; how long until the rail opens.
    ("A, Monday to Tuesday", "2018-01-08", timedelta(hours=12, minutes=30)),
    ("B, Monday to Tuesday", "2018-03-05", timedelta(hours=3, minutes=30)),
    ("C, Monday to Tuesday", "2026-11-23", timedelta(minutes=30)),
    ("A, Friday to Monday", "2018-01-12", timedelta(hours=60, minutes=30)),
    ("B, Friday to Monday", "2018-03-09", timedelta(hours=51, minutes=30)),
    ("C, Friday to Monday", "2026-11-20", timedelta(hours=48, minutes=30)),
    ("C, Saturday to Monday", "2026-11-21", timedelta(hours=24, minutes=30)),
    ("C, Sunday to Monday", "2026-11-22", timedelta(minutes=30)),
    # 30 September 2026 is a Wednesday; 8 October is the first working day.
    ("C, eve of seven days off", "2026-09-30", timedelta(days=7, minutes=30)),
    ("C, last evening of seven days off", "2026-10-07", timedelta(minutes=30)),
    # Saturday 10 October 2026 makes up for a day off; Friday leads into a working day.
    ("C, Friday before a make-up Saturday", "2026-10-09", timedelta(minutes=30)),
    ("C, make-up Saturday to Monday", "2026-10-10", timedelta(days=1, minutes=30)),
    # Sunday 4 January 2026 makes up for the days off at New Year.
    ("C, Saturday before a make-up Sunday", "2026-01-03", timedelta(minutes=30)),
    # Eve of Spring Festival 2026: Saturday 14 February works; Tuesday the 24th is the next one.
    ("C, eve of Spring Festival", "2026-02-14", timedelta(days=9, minutes=30)),
    # Friday 19 January 2018 leads into Monday the 22nd, the first day of B.
    ("from A into B", "2018-01-19", timedelta(hours=51, minutes=30)),
    # Saturday 28 April 2018 was a working day; 2 May, the first day of C, came after days off.
    ("from B into C", "2018-04-28", timedelta(days=3, minutes=30)),
]


@pytest.mark.parametrize(("day", "left"), [row[1:] for row in WINDOWS], ids=[r[0] for r in WINDOWS])
def test_order_of_eight_in_the_evening_waits_until_the_rail_opens(
    day: str, left: timedelta
) -> None:
    view = seed(f"{day} 20:00")
    assert rails(view)["hvps"] == "likely"
    assert view.candidates[0].state == "waiting"
    assert rung(view, "cancel_inside_bank").state == "works_now"
    assert rung(view, "revoke_before_settlement").state == "works_now"
    assert window(view) == left
    assert view.rung.id == "cancel_inside_bank"


@pytest.mark.parametrize(
    ("clock", "left"),
    [
        ("17:14:59", None),
        ("17:15:00", timedelta(hours=3, minutes=15)),
        ("17:29:59", timedelta(hours=3, seconds=1)),
        ("20:29:59", timedelta(seconds=1)),
        ("20:30:00", None),
        ("23:59:59", None),
    ],
)
def test_cut_off_and_opening_count_to_the_second(clock: str, left: timedelta | None) -> None:
    view = seed(f"2026-11-23 {clock}")
    cancel = rung(view, "cancel_inside_bank")
    if left is None:
        assert (cancel.state, cancel.until) == ("unknown", None)
    else:
        assert (cancel.state, window(view)) == ("works_now", left)


def test_order_after_the_evening_opening_may_stay_in_a_bank_that_has_not_logged_in() -> None:
    """Under C, banks log in before 08:30 only if they wish."""
    view = seed("2026-11-23 21:00", now="2026-11-24 02:00", paying_bank="cmb")
    for name in ("cancel_inside_bank", "revoke_before_settlement"):
        step = rung(view, name, rail="hvps")
        assert step.state == "unknown"
        assert clock_time(step.perhaps_until, CHINA) == "2026-11-24 08:30:00"


def test_where_the_bank_is_not_named_its_own_hours_are_in_doubt() -> None:
    """Some banks send large payments only while tellers work; a named one may be without doubt."""
    any_bank = seed("2026-11-23 17:00", now="2026-11-23 17:10")
    named = seed("2026-11-23 17:00", now="2026-11-23 17:10", paying_bank="cmb")
    assert rung(any_bank, "cancel_inside_bank").state == "unknown"
    assert rung(named, "cancel_inside_bank").state == "no_longer"


def test_midnight_does_not_close_the_rail() -> None:
    view = seed("2026-11-24 00:00:00")
    assert view.candidates[0].state == "perhaps_in_bank"


def test_after_half_past_eight_the_order_is_settled_and_only_the_receiving_branch_can_help() -> (
    None
):
    view = seed("2026-11-23 20:00", now="2026-11-24 09:00")
    assert view.candidates[0].state == "settled"
    assert rung(view, "cancel_inside_bank").state == "no_longer"
    assert rung(view, "revoke_before_settlement").state == "no_longer"
    back = rung(view, "return_before_crediting")
    assert back.state == "unknown"
    assert clock_time(back.perhaps_until, CHINA) == "2026-11-24 12:00:00"
    assert view.rung.id == "return_before_crediting"


def test_police_stop_works_at_any_time() -> None:
    for now in ("2026-11-23 20:00", "2026-11-24 09:00", "2027-06-01 09:00"):
        view = seed("2026-11-23 20:00", now=now)
        assert rung(view, "police_stop_and_freeze").state == "works_now"


def test_bank_that_waits_for_a_teller_may_hold_an_order_beyond_the_opening() -> None:
    view = seed("2026-11-23 20:00", now="2026-11-23 20:31", paying_bank="abc")
    cancel = rung(view, "cancel_inside_bank", rail="hvps")
    assert cancel.state == "unknown"
    assert clock_time(cancel.perhaps_until, CHINA) == "2026-11-24 09:00:00"


def test_deadline_never_relies_on_a_bank_s_own_hours() -> None:
    """They are unconfirmed, and a deadline that is too late costs the money."""
    with_bank = seed("2026-11-23 20:00", paying_bank="abc")
    assert window(with_bank) == window(seed("2026-11-23 20:00")) == timedelta(minutes=30)


def test_year_without_its_decree_is_said_and_not_guessed() -> None:
    view = seed("2026-12-31 20:00")
    assert [note.given for note in view.notes if note.key == "calendar_not_known"] == [
        {"year": 2027}
    ]
    cancel = rung(view, "cancel_inside_bank", rail="hvps")
    # 1 January might be a working day for all we know: so this is the earliest possible opening.
    assert window(view) == timedelta(minutes=30)
    assert cancel.perhaps_until is None


def test_in_a_year_without_its_decree_nothing_is_sure_any_more() -> None:
    view = seed("2028-05-01 20:00", now="2028-05-03 20:00")
    assert rung(view, "cancel_inside_bank", rail="hvps").state == "unknown"
    assert "calendar_not_known" in [note.key for note in view.notes]
