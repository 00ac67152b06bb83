from __future__ import annotations

from decimal import Decimal

import pytest

from bot.casework.tiers import tier_for


@pytest.mark.parametrize(
    ("balance", "tier"),
    [
        ("500000.01", "on_call"),
        ("500000", "monthly"),
        ("200000", "monthly"),
        ("199999.99", "quarterly"),
        ("0", "quarterly"),
    ],
)
def test_tier_follows_the_balance_and_both_bounds_are_monthly(balance: str, tier: str) -> None:
    assert tier_for(Decimal(balance)) == tier
