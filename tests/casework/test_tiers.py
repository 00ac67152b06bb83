from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.casework.care import customer_by_code
from bot.casework.database import make_engine, session_factory
from bot.casework.tiers import Tiers, tier_for
from bot.errors import ConfigurationError
from bot.settings import Settings


@pytest.mark.parametrize(
    ("balance", "tier"),
    [
        ("500000.01", "on_call"),
        ("500000", "monthly"),
        ("499999.99", "monthly"),
        ("200000.01", "monthly"),
        ("200000", "monthly"),
        ("199999.99", "quarterly"),
        ("0", "quarterly"),
    ],
)
def test_tier_follows_the_balance_and_both_bounds_are_monthly(balance: str, tier: str) -> None:
    assert tier_for(Decimal(balance)) == tier


def test_a_bank_sets_its_own_bounds_and_they_too_belong_to_the_middle() -> None:
    settings = _settings(tier_on_call_above="1000000", tier_monthly_from="50000")
    bounds = ("1000000.01", "1000000", "50000", "49999.99")
    assert [tier_for(Decimal(balance), settings.tiers) for balance in bounds] == [
        "on_call",
        "monthly",
        "monthly",
        "quarterly",
    ]


def test_equal_bounds_leave_one_amount_in_the_middle() -> None:
    tiers = Tiers(on_call_above=Decimal(100), monthly_from=Decimal(100))
    found = [tier_for(Decimal(balance), tiers) for balance in ("100.01", "100", "99.99")]
    assert found == ["on_call", "monthly", "quarterly"]


def test_bounds_the_wrong_way_round_are_refused_with_both_names() -> None:
    settings = _settings(tier_on_call_above="1", tier_monthly_from="2")
    with pytest.raises(ConfigurationError, match=r"TIER_MONTHLY_FROM.*TIER_ON_CALL_ABOVE"):
        _ = settings.tiers


@pytest.mark.parametrize("amount", ["-1", "much"])
def test_a_bound_is_an_amount(amount: str) -> None:
    with pytest.raises(ValidationError):
        _settings(tier_monthly_from=amount)


def test_a_customers_tier_follows_the_bounds_that_the_edge_gave_its_sessions(url: str) -> None:
    engine = make_engine(url)
    tiers = Tiers(on_call_above=Decimal(1_000_000), monthly_from=Decimal(640_000))
    with session_factory(engine, tiers=tiers)() as session:
        found = {code: customer_by_code(session, code).tier for code in ("C-1001", "C-2001")}
        assert found == {"C-1001": "on_call", "C-2001": "monthly"}
        assert customer_by_code(session, "C-1002").tier == "quarterly"
    engine.dispose()


def test_without_other_bounds_the_documented_ones_count(session: Session) -> None:
    assert customer_by_code(session, "C-2002").average_daily_balance == 200_000
    assert customer_by_code(session, "C-2002").tier == "monthly"


def _settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)
