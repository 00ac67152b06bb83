"""What is said when nothing else works; it needs no other process."""

from __future__ import annotations

from bot.bank import Bank
from bot.counsel.phrases import phrases

#: What an action says when it cannot answer; the gateway puts the safe answer in its place.
SAFE_ANSWER_MARKER = "[[safe_answer]]"


def safe_answer(language: str, bank: Bank) -> str:
    """Return the answer for a customer whom no part behind the gateway can serve.

    Args:
        language: Language that the customer reads.
        bank: Gives the numbers.
    """
    return phrases(language).say("safe_answer", **bank.fields(language))
