"""Builders of turns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from actions.services import Services
from actions.turn import Turn

EVENING = datetime(2024, 3, 14, 12, 0, tzinfo=UTC)
"""Eight in the evening at the branch; a Thursday."""

TELLING = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)


def turn(text: str = "", **values: Any) -> Turn:
    """Return a turn of an English visitor."""
    known = {
        "address": "web:c1",
        "text": text,
        "language": "en",
        "intent": "tell_of_call",
        "assessment": {},
        "earlier": (),
        "asked": "",
        "misses": 0,
    }
    return Turn(**{**known, **values})


def told_turn(services: Services, text: str, **values: Any) -> Turn:
    """Return a turn with the assessment that Rasa would have added."""
    assessment = services.recogniser.assess(text, language="en").to_dict()
    return turn(text, assessment=assessment, **values)
