"""What the customer is told, by a message of its own, about who knows of his case."""

from __future__ import annotations

from bot.casework.escalations import Truth
from bot.counsel.phrases import phrases

_KEYS = {
    "nobody": "if_told_nobody",
    "asked": "if_told_owed",
    "told": "if_told_sent",
    "unread": "news_unread",
    "read": "news_read",
}


def say_truth(truth: Truth) -> str:
    """Put a truth into words, in the language that it was made for.

    Args:
        truth: What may honestly be said.
    """
    return phrases(truth.language).say(
        _KEYS[truth.state],
        unread=_listed(truth),
        name=truth.person.name if truth.person else "",
        reference=truth.reference,
        time=truth.time,
        phone=truth.phone,
    )


def _listed(truth: Truth) -> str:
    comma = "、" if truth.language == "zh" else ", "
    return comma.join(person.name for person in truth.unread_by)
