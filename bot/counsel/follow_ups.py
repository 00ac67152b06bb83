"""What a customer in danger is asked again later, and what leads him back to his chat."""

from __future__ import annotations

from dataclasses import dataclass

from bot.bank import Bank
from bot.counsel.phrases import phrases

_ANSWERS = ("fine", "they_called_again", "paid")


@dataclass(frozen=True)
class Question:
    """One question that comes to the chat by itself.

    Args:
        text: The words.
        buttons: Titles of the answers; typed as text they mean the same.
        language: The language of both.
    """

    text: str
    buttons: tuple[str, ...]
    language: str


class FollowUpPhrases:
    """The words of follow-ups in every language.

    Args:
        bank: Gives names and numbers.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def asking(self, kind: str, language: str) -> Question:
        """Return how a customer is asked in his chat.

        Args:
            kind: The follow-up's kind, such as ``evening``.
            language: The language that he reads.
        """
        words = phrases(language)
        text = words.say(f"follow_up_{kind}", **self._bank.fields(words.language))
        return Question(text, tuple(words.buttons[name] for name in _ANSWERS), words.language)

    def notice(self, language: str) -> tuple[str, str]:
        """Return subject and text that lead to the chat; whoever else reads them learns nothing."""
        words = phrases(language)
        fields = self._bank.fields(words.language)
        return words.say("follow_up_notice_subject", **fields), words.say(
            "follow_up_notice", **fields
        )
