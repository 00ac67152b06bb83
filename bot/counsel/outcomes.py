"""What a customer reads when it is known how his payment ended."""

from __future__ import annotations

from bot.bank import Bank
from bot.casework.payment_outcomes import Ended
from bot.counsel.phrases import phrases


class OutcomePhrases:
    """The words of outcomes in every language; they promise nothing.

    Args:
        bank: Gives names and numbers.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def __call__(self, ended: Ended) -> str:
        """Say how it ended, warn of the second scam, and name somebody who listens.

        Args:
            ended: How it ended.
        """
        words = phrases(ended.language)
        fields = self._bank.fields(words.language)
        stopped = words.say("outcome_whole")
        if ended.stopped is not None:
            figures = f"{ended.stopped:,.2f}".removesuffix(".00")
            stopped = f"{ended.currency or self._bank.currency} {figures}"
        news = words.say(
            f"outcome_{ended.outcome}", reference=ended.reference, stopped=stopped, **fields
        )
        after = (words.say(key, **fields) for key in ("paid_warning", "paid_support"))
        return "\n".join([news, *after])
