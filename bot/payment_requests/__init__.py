"""Checking one payment request before anything leaves: signs, questions, the page for a signer.

Pure: texts and values in, values out. Who asks and what is kept is decided in ``casework``.
"""

from bot.payment_requests.questions import (
    ENOUGH_SIGNS,
    MOST_QUESTIONS,
    QUESTIONS,
    answer_in,
    question_after,
)
from bot.payment_requests.signs import ASKERS, SIGNS, Read, asker_in, signs_in

__all__ = [
    "ASKERS",
    "ENOUGH_SIGNS",
    "MOST_QUESTIONS",
    "QUESTIONS",
    "SIGNS",
    "Read",
    "answer_in",
    "asker_in",
    "question_after",
    "signs_in",
]
