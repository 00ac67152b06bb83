"""Clean what a customer typed, so that it is plain text and can command nothing."""

from __future__ import annotations

import re
import unicodedata

# Full-width and other slashes are read as "/" once a text is normalised.
_LEADING_SLASHES = re.compile(r"^[\s/\uff0f\u2044\u2215\u29f8\u2571\\\uff3c]+")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    """Return the text without control and invisible characters, trimmed.

    Line breaks stay; tabs become spaces. Half surrogates go too: JSON can carry them, UTF-8 cannot.

    Args:
        text: What arrived in the request.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ").replace("\r", "\n")
    kept = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _DROPPED)
    return "".join(kept).strip()


def without_command(text: str) -> str:
    """Return the text without leading slashes.

    Rasa takes a message that starts with ``/`` for an intent with its entities; a customer who
    could send one could claim anything about himself or restart the conversation.

    Args:
        text: Cleaned text.
    """
    return _LEADING_SLASHES.sub("", text)
