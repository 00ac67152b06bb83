"""When a customer in danger is asked again, by the clock on his own wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.follow_up_times import (
    MERGED_WITHIN,
    end_of_night,
    follow_up_times,
    is_night,
    may_be_asked,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = sorted(available_timezones() - {"localtime"})

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def walls(local: str, zone: ZoneInfo = SHANGHAI, *, fold: int = 0) -> dict[str, str]:
    """Plan for a danger at a local time, and return what the wall clock shows then."""
    danger = datetime.fromisoformat(local).replace(tzinfo=zone, fold=fold)
    times = follow_up_times(danger, zone=zone)
    return {one.kind: one.due.astimezone(zone).strftime("%d %H:%M") for one in times}


def test_after_a_danger_in_the_afternoon_he_is_asked_four_times_until_the_next_morning() -> None:
    assert walls("2024-03-14 14:30") == {
        "twenty_minutes": "14 14:50",
        "one_hour": "14 15:30",
        "evening": "14 20:00",
        "morning": "15 08:00",
    }


def test_an_evening_that_has_passed_is_left_out() -> None:
    assert walls("2024-03-14 20:00") == {
        "twenty_minutes": "14 20:20",
        "one_hour": "14 21:00",
        "morning": "15 08:00",
    }


def test_a_danger_in_the_night_belongs_to_the_evening_before() -> None:
    assert walls("2024-03-15 02:00") == {
        "twenty_minutes": "15 02:20",
        "one_hour": "15 03:00",
        "morning": "15 08:00",
        "evening": "15 20:00",
    }


@pytest.mark.parametrize(
    ("danger", "kept", "gone"),
    [
        ("2024-03-14 18:55", "one_hour", "evening"),
        ("2024-03-14 19:10", "evening", "one_hour"),
        ("2024-03-14 19:30", "twenty_minutes", "evening"),
        ("2024-03-14 19:45", "evening", "twenty_minutes"),
        ("2024-03-15 06:55", "one_hour", "morning"),
    ],
)
def test_of_two_within_ten_minutes_the_earlier_one_is_kept(
    danger: str, kept: str, gone: str
) -> None:
    planned = walls(danger)
    assert kept in planned
    assert gone not in planned


def test_nobody_is_asked_in_the_minutes_in_which_he_tells_us() -> None:
    assert "evening" not in walls("2024-03-14 19:52")
    assert walls("2024-03-14 07:55")["morning"] == "15 08:00"


def test_eight_in_the_evening_stays_eight_when_the_clocks_change_in_between() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert walls("2024-03-30 23:30", berlin)["morning"] == "31 08:00"
    assert walls("2024-10-27 00:30", berlin)["evening"] == "27 20:00"


def test_one_hour_is_an_hour_although_the_clocks_jump() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert walls("2024-03-31 01:30", berlin)["one_hour"] == "31 03:30"
    assert walls("2024-10-27 02:30", berlin, fold=0)["one_hour"] == "27 02:30"
    assert walls("2024-10-27 02:30", berlin, fold=1)["one_hour"] == "27 03:30"


def test_a_morning_on_a_day_that_the_calendar_leaves_out_comes_on_the_day_after() -> None:
    apia = ZoneInfo("Pacific/Apia")  # It skipped 30 December 2011.
    assert walls("2011-12-29 15:00", apia)["morning"] == "31 08:00"


@given(danger=moments, zone=zones)
def test_all_times_lie_ahead_in_order_apart_and_none_comes_twice(
    danger: datetime, zone: ZoneInfo
) -> None:
    times = follow_up_times(danger, zone=zone)
    assert times[0].due - danger <= timedelta(minutes=20)
    assert all(one.due.tzinfo is UTC for one in times)
    moments = [danger, *(one.due for one in times)]
    assert all(later - earlier > MERGED_WITHIN for earlier, later in pairwise(moments))
    assert len({one.kind for one in times}) == len(times)
    assert moments[-1] - danger < timedelta(hours=51)  # A skipped day is the longest of all.


@given(danger=moments, zone=zones)
def test_the_wall_clock_shows_what_was_promised(danger: datetime, zone: ZoneInfo) -> None:
    times = dict(follow_up_times(danger, zone=zone))
    for kind, wall in (("evening", time(20)), ("morning", time(8))):
        if kind in times:
            shown = times[kind].astimezone(zone)
            skipped = datetime.combine(shown.date(), wall, zone).astimezone(UTC).astimezone(zone)
            assert shown.time() == wall or shown == skipped
    for kind, minutes in (("twenty_minutes", 20), ("one_hour", 60)):
        if kind in times:
            assert times[kind] - danger == timedelta(minutes=minutes)


@given(danger=moments, zone=zones)
def test_what_is_left_out_has_passed_or_has_a_neighbour(danger: datetime, zone: ZoneInfo) -> None:
    times = dict(follow_up_times(danger, zone=zone))
    local = danger.astimezone(zone)
    evening = datetime.combine(local.date(), time(20), zone).astimezone(UTC)
    if "evening" not in times and evening > danger:
        near = [danger, *times.values()]
        assert any(abs(evening - one) <= MERGED_WITHIN for one in near)
    if "morning" not in times:
        assert local.time() < time(7, 0)


def test_the_night_is_from_ten_to_seven() -> None:
    def night(wall: str) -> bool:
        return is_night(
            datetime.fromisoformat(f"2024-03-14 {wall}").replace(tzinfo=SHANGHAI), zone=SHANGHAI
        )

    assert [night(wall) for wall in ("21:59", "22:00", "06:59", "07:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_only_an_early_follow_up_wakes_somebody_and_only_soon_after_its_time() -> None:
    due = datetime(2024, 3, 14, 23, 20, tzinfo=SHANGHAI)

    def may(kind: str, **late: int) -> bool:
        return may_be_asked(kind, due=due, now=due + timedelta(**late), zone=SHANGHAI)

    assert may("twenty_minutes", minutes=1)
    assert may("one_hour", minutes=60)
    assert not may("one_hour", minutes=61)
    assert not may("evening", minutes=1)
    assert may("evening", hours=9)


@given(now=moments, zone=zones)
def test_after_the_night_it_is_night_no_more(now: datetime, zone: ZoneInfo) -> None:
    if is_night(now, zone=zone):
        end = end_of_night(now, zone=zone)
        assert end > now
        assert not is_night(end, zone=zone)
