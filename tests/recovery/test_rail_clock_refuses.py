"""What makes no sense is refused with all problems: which field, what is wrong, what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import DataError
from bot.recovery import Payment, rail_clock
from tests.recovery.payments import PACKS, local

NOW = local("2026-11-23 20:00")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"amount": Decimal(0)}, "amount: 0 is not a payment; give a number above zero"),
        ({"amount": Decimal(-1)}, "amount: -1 is not a payment; give a number above zero"),
        ({"amount": Decimal("NaN")}, "amount: NaN is not a payment; give a number above zero"),
        ({"amount": 1.5}, "amount: 1.5 is a float; give a Decimal, because money is counted"),
        ({"channel": "fax"}, "channel: 'fax' is not known; choose one of counter, online"),
        ({"arrival": "soon"}, "arrival: 'soon' is not known; choose one of real_time"),
        (
            {"submitted_at": datetime(2026, 11, 23, 20)},
            "submitted_at: 2026-11-23T20:00:00 has no time zone",
        ),
        (
            {"submitted_at": datetime(1926, 11, 23, 20, tzinfo=UTC)},
            "submitted_at: 1926-11-23T20:00:00+00:00 lies outside the years 2000 to 2200",
        ),
    ],
)
def test_payment_that_makes_no_sense(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(DataError) as refused:
        Payment(jurisdiction="cn", **given)
    assert refused.value.problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"jurisdiction": "fr"}, "jurisdiction: no pack is called 'fr'; choose one of au, cn"),
        ({"jurisdiction": "swift"}, "jurisdiction: no pack is called 'swift'; choose one of"),
        ({"currency": "XXX"}, "currency: 'XXX' is not known; choose one of AED"),
        ({"paying_bank": "nobank"}, "paying_bank: payment_rails/cn.yml has no bank 'nobank'"),
        ({"receiving_bank": "nobank"}, "receiving_bank: no file of payment_rails has a bank"),
        ({"submitted_at": NOW + timedelta(minutes=6)}, "submitted_at: 2026-11-23T20:06:00+08:00"),
    ],
)
def test_payment_that_the_packs_do_not_know(given: dict[str, Any], problem: str) -> None:
    payment = Payment(**{"jurisdiction": "cn", **given})
    with pytest.raises(DataError) as refused:
        rail_clock(payment, PACKS, now=NOW)
    assert refused.value.problems[0].startswith(problem)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(DataError) as refused:
        Payment(jurisdiction="cn", amount=Decimal(-1), channel="fax", arrival="soon")
    assert len(refused.value.problems) == 3
    payment = Payment(jurisdiction="cn", currency="XXX", paying_bank="x", receiving_bank="y")
    with pytest.raises(DataError) as unknown:
        rail_clock(payment, PACKS, now=NOW)
    assert len(unknown.value.problems) == 3


def test_moment_of_asking_needs_a_zone() -> None:
    with pytest.raises(DataError, match=r"now: .* has no time zone"):
        rail_clock(Payment(jurisdiction="cn"), PACKS, now=NOW.replace(tzinfo=None))


def test_clocks_that_differ_by_a_few_minutes_are_no_error() -> None:
    payment = Payment(jurisdiction="cn", submitted_at=NOW + timedelta(minutes=4))
    assert rail_clock(payment, PACKS, now=NOW).now == payment.submitted_at
