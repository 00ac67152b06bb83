"""How closely a bank cares for a customer, by average daily balance."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

Tier = Literal["on_call", "monthly", "quarterly"]

ON_CALL_ABOVE = Decimal(500_000)
MONTHLY_FROM = Decimal(200_000)


def tier_for(balance: Decimal) -> Tier:
    """Return the tier of a customer.

    Source: the practice of the branch in the seed story: above 500,000 on call, 200,000 to
    500,000 a visit a month, below 200,000 a visit a quarter; both bounds belong to the middle.

    Args:
        balance: Average daily balance in yuan.
    """
    if balance > ON_CALL_ABOVE:
        return "on_call"
    if balance >= MONTHLY_FROM:
        return "monthly"
    return "quarterly"
