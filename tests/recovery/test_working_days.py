"""Working days: the library's are the decreed ones, and what is not decreed yet is not known."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import DataError
from bot.recovery.calendars import AnnouncedYear, Calendar
from tests.recovery.payments import PACKS

CHINA = PACKS.jurisdiction("cn").calendars["working_days"]

MAKE_UP_DAYS = [
    *("2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29".split()),
    *("2024-10-12 2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11".split()),
    *("2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10".split()),
]


@pytest.mark.parametrize("day", MAKE_UP_DAYS)
def test_make_up_days_of_china_are_working_days(day: str) -> None:
    made_up = date.fromisoformat(day)
    assert made_up.weekday() >= 5
    assert CHINA.is_working_day(made_up) is True


@pytest.mark.parametrize("day", ["2024-02-12", "2025-10-08", "2026-02-23", "2026-10-07"])
def test_days_of_long_holidays_are_not(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert CHINA.is_working_day(date.fromisoformat(day)) is False


def test_china_of_2028_is_not_known_yet() -> None:
    assert CHINA.is_working_day(date(2028, 5, 2)) is None


def test_year_entered_by_hand_from_its_decree_is_known() -> None:
    year = AnnouncedYear(off=frozenset({date(2028, 5, 1)}), works=frozenset({date(2028, 5, 6)}))
    calendar = Calendar(source="decree", country="CN", decreed=True, announced={2028: year})
    days = [calendar.is_working_day(date(2028, 5, day)) for day in (1, 2, 6, 7)]
    assert days == [False, True, True, False]


def test_calendar_past_its_last_sure_day_is_not_known() -> None:
    calendar = PACKS.jurisdiction("gb").calendars["working_days"]
    assert calendar.is_working_day(date(2027, 12, 31)) is True
    assert calendar.is_working_day(date(2028, 1, 4)) is None


def test_calendar_that_the_library_lacks_is_refused() -> None:
    with pytest.raises(DataError, match="no calendar 'ATLANTIS'"):
        Calendar(source="x", market="ATLANTIS").check()
