"""What is said to a customer, within what WhatsApp takes of one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.notify.messengers.parts import Part, Rendering
from bot.notify.messengers.sentences import split
from bot.notify.messengers.words import words

MOST = 4000
"""Characters of a text; WhatsApp takes 4096."""
MOST_WITH_BUTTONS = 1000
"""Characters of a text with buttons beneath; WhatsApp takes 1024."""
MOST_ROWS = 10
"""Rows of a list."""

_BREAK = "\u200b"


class WhatsAppRendering:
    """Turns messages to a customer into parts.

    Args:
        rendering: Makes the parts that every messenger has.
    """

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def parts(self, message: Mapping[str, Any], *, now: datetime) -> list[Part]:
        """Return the parts of one message, each short enough; see ``Rendering.parts``."""
        language = str(message.get("lang") or "")
        found = self._rendering.parts(message, now=now)
        return [piece for part in found for piece in self._fitting(part, language)]

    def _fitting(self, part: Part, language: str) -> list[Part]:
        if part.phone:
            return [part]
        text = _untappable(part)
        pieces = [Part(text=piece) for piece in split(text, most=MOST)]
        if not part.buttons:
            return pieces
        last = [Part(text=piece) for piece in split(pieces[-1].text, most=MOST_WITH_BUTTONS)]
        titles = tuple(dict.fromkeys(part.buttons))
        chunks = [titles[at : at + MOST_ROWS] for at in range(0, len(titles), MOST_ROWS)]
        last[-1] = replace(last[-1], buttons=chunks[0])
        more = [Part(text=words(language).texts["choose"], buttons=chunk) for chunk in chunks[1:]]
        return [*pieces[:-1], *last, *more]


def _untappable(part: Part) -> str:
    """Return the words with strangers' addresses broken, so that nobody opens one with a tap.

    WhatsApp has no mark-up for this: an invisible break behind each full stop is all there is.
    """
    text = part.text
    for start, size in reversed(part.dead):
        address = text[start : start + size]
        broken = address.replace("://", f"://{_BREAK}").replace(".", f".{_BREAK}")
        text = text[:start] + broken + text[start + size :]
    return text
