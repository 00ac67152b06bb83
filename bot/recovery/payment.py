"""A payment as far as it is known: what the rail clock is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.errors import DataError

#: Where the order was given.
CHANNELS = ("counter", "online", "corporate_online", "mobile", "atm", "third_party")
#: Ways that no payment rail carries: the clock knows nothing of them.
OFF_RAILS = ("cash", "gift_card", "crypto")
#: When the customer asked for it to arrive.
ARRIVALS = ("real_time", "ordinary", "next_day")


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What is known of one payment; None means that nobody has said it yet.

    Args:
        jurisdiction: Id of the pack of the paying bank's country (``cn``).
        amount: In units of the currency (yuan, not fen), above zero.
        currency: ISO 4217 code; None is the jurisdiction's own.
        submitted_at: When the customer gave the order; aware of its zone.
        channel: One of `CHANNELS`.
        arrival: One of `ARRIVALS`.
        paying_bank: Code of a bank of the jurisdiction's pack.
        receiving_bank: Code of a bank of any pack; in another one's, the payment goes abroad.

    Raises:
        DataError: With everything that makes no sense in itself, each as ``field: problem``.
    """

    jurisdiction: str
    amount: Decimal | None = None
    currency: str | None = None
    submitted_at: datetime | None = None
    channel: str | None = None
    arrival: str | None = None
    paying_bank: str | None = None
    receiving_bank: str | None = None

    def __post_init__(self) -> None:
        problems = [
            *_amount_problems(self.amount),
            *_time_problems("submitted_at", self.submitted_at),
            *_choice_problems("channel", self.channel, CHANNELS),
            *_choice_problems("arrival", self.arrival, ARRIVALS),
        ]
        if problems:
            raise DataError(problems)


def check_moment(name: str, moment: datetime) -> None:
    """Refuse a moment without a zone.

    Raises:
        DataError: It is naive.
    """
    if problems := _time_problems(name, moment):
        raise DataError(problems)


def _amount_problems(amount: Decimal | None) -> list[str]:
    if amount is None:
        return []
    if not isinstance(amount, Decimal):
        kind = type(amount).__name__
        return [f"amount: {amount!r} is a {kind}; give a Decimal, because money is counted exactly"]
    if not amount.is_finite() or amount <= 0:
        return [f"amount: {amount} is not a payment; give a number above zero"]
    return []


def _time_problems(name: str, moment: datetime | None) -> list[str]:
    if moment is None:
        return []
    if not isinstance(moment, datetime):
        return [f"{name}: {moment!r} is not a date and time"]
    if moment.utcoffset() is None:
        return [f"{name}: {moment.isoformat()} has no time zone; say where that clock hangs"]
    if not 2000 <= moment.year <= 2200:
        return [f"{name}: {moment.isoformat()} lies outside the years 2000 to 2200; correct it"]
    return []


def _choice_problems(name: str, value: str | None, choices: tuple[str, ...]) -> list[str]:
    if value is None or value in choices:
        return []
    return [f"{name}: {value!r} is not known; choose one of {', '.join(choices)}"]
