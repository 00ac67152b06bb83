"""What the customer is told when somebody of the bank says that it is not he who is calling."""

from __future__ import annotations

from bot.bank import Bank
from bot.counsel.phrases import phrases


def say_denial(name: str, language: str, *, bank: Bank) -> str:
    """Put it into words.

    Args:
        name: Who is not calling, as the customer reads it.
        language: The customer's language code.
        bank: Gives the numbers.
    """
    return phrases(language).say("identity_denied", name=name, **bank.fields(language))
