"""How closely a bank cares for a customer, by average daily balance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.errors import ConfigurationError

Tier = Literal["on_call", "monthly", "quarterly"]


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """The two bounds between the tiers; a balance on a bound belongs to the middle one.

    Source: the practice of the branch in the seed story: above 500,000 on call, 200,000 to
    500,000 a visit a month, below 200,000 a visit a quarter.

    Args:
        on_call_above: Yuan; who has more is on call, who has exactly this much is not.
        monthly_from: Yuan; who has this much or more is visited monthly.

    Raises:
        ConfigurationError: The bounds are negative or the wrong way round.
    """

    on_call_above: Decimal = Decimal(500_000)
    monthly_from: Decimal = Decimal(200_000)

    def __post_init__(self) -> None:
        if not 0 <= self.monthly_from <= self.on_call_above:
            raise ConfigurationError(
                f"A monthly visit from {self.monthly_from} yuan and on call above "
                f"{self.on_call_above} leave no tier between them; set "
                "SECONDVOICE_TIER_MONTHLY_FROM to at most SECONDVOICE_TIER_ON_CALL_ABOVE."
            )


DEFAULT_TIERS = Tiers()


def tier_for(balance: Decimal, tiers: Tiers = DEFAULT_TIERS) -> Tier:
    """Return the tier of a customer.

    Args:
        balance: Average daily balance in yuan.
        tiers: The bank's bounds.
    """
    if balance > tiers.on_call_above:
        return "on_call"
    if balance >= tiers.monthly_from:
        return "monthly"
    return "quarterly"
