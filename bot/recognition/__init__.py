"""Text in, assessment out: red flags, ranked scam scripts, the stage reached, what comes next.

The package knows neither Rasa nor the database; it is imported by both Python environments. Its
names are looked up at first use: a process that only asks for a language or an order of levels
needs neither NumPy nor the catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.recognition.assessment import (
        EXPOSURES,
        LEVELS,
        Assessment,
        Evidence,
        ScriptScore,
        StageReached,
        highest,
    )
    from bot.recognition.catalogue import Catalogue, load_catalogue
    from bot.recognition.recogniser import Recogniser

_HOMES = {
    "EXPOSURES": "assessment",
    "LEVELS": "assessment",
    "Assessment": "assessment",
    "Evidence": "assessment",
    "ScriptScore": "assessment",
    "StageReached": "assessment",
    "highest": "assessment",
    "Catalogue": "catalogue",
    "load_catalogue": "catalogue",
    "Recogniser": "recogniser",
}

__all__ = [
    "EXPOSURES",
    "LEVELS",
    "Assessment",
    "Catalogue",
    "Evidence",
    "Recogniser",
    "ScriptScore",
    "StageReached",
    "highest",
    "load_catalogue",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
