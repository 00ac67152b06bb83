"""What is asked about a payment request: three things at most, and only what was not told."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.payment_requests.signs import pattern_of, wordings

MOST_QUESTIONS = 3
ENOUGH_SIGNS = 4
"""With so many signs the answer is clear, and a question more would only cost time."""

#: What is asked, in this order, and the signs that answer it. A yes is always the good answer; a
#: no is the first of the signs.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "account": ("new_account",),
    "callback": ("no_callback",),
    "approval": ("approval_skipped",),
    "way": ("unusual_way",),
    "name": ("name_mismatch", "private_account"),
}


def question_after(
    there: Collection[str], absent: Collection[str], asked: Collection[str]
) -> str | None:
    """Return what to ask next, a key of `QUESTIONS`; None when enough is known.

    Args:
        there: The signs that are there.
        absent: The signs that are denied.
        asked: The questions that were put already, answered or not.
    """
    if len(asked) >= MOST_QUESTIONS or len(there) >= ENOUGH_SIGNS:
        return None
    known = {*there, *absent}
    for question, signs in QUESTIONS.items():
        if question not in asked and not known & set(signs):
            return question
    return None


def answer_in(text: str) -> bool | None:
    """Return whether an answer says yes or no; None where it says neither."""
    if _says("no", text):
        return False
    return True if _says("yes", text) else None


def _says(what: str, text: str) -> bool:
    patterns = [one for words in wordings() for one in words["answer"][what]]
    return bool(pattern_of(patterns).search(text))
