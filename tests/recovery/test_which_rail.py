"""Which rail a payment is on: by amount, bank, channel and wish; unsure where sources differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.recovery.payments import PACKS, clock_time, rails, rung, view_of

CHINA = PACKS.jurisdiction("cn").zone


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"amount": Decimal(50_000), "channel": "mobile", "paying_bank": "icbc"},
            {"ibps": "likely", "beps": "likely", "hvps": "possible", "inside_bank": "possible"},
        ),
        (
            {"amount": Decimal("50000.01"), "channel": "mobile", "paying_bank": "icbc"},
            {"ibps": "possible", "beps": "possible", "hvps": "possible", "inside_bank": "possible"},
        ),
        (
            {"amount": Decimal("1000000.01"), "channel": "online"},
            {"ibps": "unlikely", "beps": "unlikely", "hvps": "likely", "inside_bank": "possible"},
        ),
        (
            {"paying_bank": "icbc", "receiving_bank": "icbc"},
            {"ibps": "unlikely", "beps": "unlikely", "hvps": "unlikely", "inside_bank": "likely"},
        ),
        (
            {"paying_bank": "icbc", "receiving_bank": "abc"},
            {"ibps": "unlikely", "beps": "unlikely", "hvps": "likely", "inside_bank": "unlikely"},
        ),
        ({"channel": "third_party"}, {"wallet": "likely"}),
        ({"currency": "USD"}, {"swift": "likely"}),
    ],
)
def test_rail_follows_from_what_is_known(given: dict[str, Any], expected: dict[str, str]) -> None:
    assert rails(view_of("2026-11-23 20:00", **given)) == expected


def test_cap_of_january_2020_held_for_its_days_only() -> None:
    inside = rails(view_of("2020-01-25 12:00", channel="counter"))
    after = rails(view_of("2020-02-03 12:00", channel="counter"))
    assert (inside["beps"], after["beps"]) == ("likely", "unlikely")


def test_small_amount_leaves_in_seconds_at_any_hour() -> None:
    given = {"amount": Decimal(30_000), "channel": "mobile", "arrival": "real_time"}
    view = view_of("2026-11-21 03:00", now="2026-11-21 03:01", **given)
    assert rung(view, "cancel_inside_bank", rail="ibps").state == "no_longer"
    assert rung(view, "return_before_crediting", rail="ibps").state == "no_longer"


def test_nothing_known_but_the_country_is_answered_with_what_always_helps() -> None:
    view = view_of(None, now="2026-11-21 03:00", amount=None)
    assert view.rung.id == "cancel_inside_bank"
    assert {one.id: one.state for one in view.ladder} == {
        "cancel_inside_bank": "unknown",
        "revoke_before_settlement": "unknown",
        "return_before_crediting": "unknown",
        "police_stop_and_freeze": "works_now",
        "trace": "works_now",
    }


def test_where_nothing_fits_no_rail_is_ruled_out_and_it_is_said() -> None:
    """A machine does not pay 1.7 million between two banks: something was said wrongly."""
    given = {"channel": "atm", "paying_bank": "icbc", "receiving_bank": "abc"}
    view = view_of("2026-11-23 20:00", **given)
    assert view.ruled_out == ()
    assert view.notes[0].key == "nothing_fits"


@pytest.mark.parametrize(
    ("arrival", "ordered", "until"),
    [
        ("ordinary", "2026-11-23 12:00", "2026-11-23 14:00:00"),
        ("next_day", "2026-11-23 12:00", "2026-11-24 00:00:00"),
        ("ordinary", "2026-11-23 19:00", "2026-11-23 21:00:00"),
        ("ordinary", "2026-11-23 16:00", "2026-11-23 20:30:00"),
        ("ordinary", "2026-11-23 23:30", "2026-11-24 01:30:00"),
    ],
)
def test_wish_for_arrival_keeps_an_order_in_its_bank(
    arrival: str, ordered: str, until: str
) -> None:
    view = view_of(ordered, channel="online", arrival=arrival)
    cancel = rung(view, "cancel_inside_bank")
    assert (cancel.state, clock_time(cancel.until, CHINA)) == ("works_now", until)


def test_wish_that_nobody_asked_about_leaves_doubt_and_no_deadline() -> None:
    view = view_of("2026-11-23 12:00", now="2026-11-23 12:10", channel="online")
    cancel = rung(view, "cancel_inside_bank", rail="hvps")
    assert (cancel.state, cancel.until) == ("unknown", None)
    assert clock_time(cancel.perhaps_until, CHINA) == "2026-11-24 12:00:00"


@pytest.mark.parametrize(
    ("ordered", "arrival", "state"),
    [
        ("2018-05-10 12:00", None, "works_now"),
        ("2018-05-10 12:00", "real_time", "works_now"),
        ("2019-04-10 12:00", None, "unknown"),
        ("2019-04-10 12:00", "real_time", "no_longer"),
    ],
)
def test_machine_transfers_wait_24_hours_until_2019_and_not_surely_since(
    ordered: str, arrival: str | None, state: str
) -> None:
    given = {"amount": Decimal(20_000), "channel": "atm", "arrival": arrival}
    view = view_of(ordered, now=ordered.replace("12:00", "12:01"), **given)
    assert rung(view, "cancel_inside_bank", rail="beps").state == state


def test_payment_company_has_its_own_rung_and_its_own_words_for_the_customer() -> None:
    view = view_of("2026-11-23 20:00", channel="third_party")
    assert "payment company" in rung(view, "cancel_inside_bank").who["en"]


def test_payment_abroad_asks_for_stop_and_recall_and_the_police_of_the_own_country() -> None:
    view = view_of("2026-11-23 20:00", currency="USD", channel="online")
    assert "Stop and Recall" in rung(view, "revoke_before_settlement").rule["en"]
    assert "110" in rung(view, "police_stop_and_freeze").who["en"]
