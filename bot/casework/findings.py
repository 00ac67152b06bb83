"""What recognition hands to casework: plain values, so that neither imports the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LEVELS = ("clear", "unsure", "suspicious", "scam")
EXPOSURES = ("asking", "contacted", "engaged", "disclosed", "paid")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one message of a customer showed.

    Args:
        level: One of ``LEVELS``.
        exposure: One of ``EXPOSURES``.
        score: How strongly the leading script is supported, 0 to 1.
        scripts: Scam script ids with their scores.
        stage: ``{"script", "id", "step", "of"}`` of the leading script, or None.
        red_flags: Red flag ids, each with the customer's own words, already masked.
        language: Language code of the message.
        whole_talk: Whether scripts and stage were found in the whole talk so far; then they replace
            what single messages suggested.

    Raises:
        ValueError: The level or the exposure is not a known one.
    """

    level: str = "clear"
    exposure: str = "asking"
    score: float = 0.0
    scripts: Sequence[tuple[str, float]] = field(default=())
    stage: dict[str, Any] | None = None
    red_flags: Sequence[tuple[str, str]] = field(default=())
    language: str = "en"
    whole_talk: bool = False

    def __post_init__(self) -> None:
        _rank(LEVELS, self.level)
        _rank(EXPOSURES, self.exposure)


def higher_level(one: str, other: str) -> str:
    """Return the surer of two levels."""
    return max(one, other, key=lambda level: _rank(LEVELS, level))


def worse_exposure(one: str, other: str) -> str:
    """Return the deeper of two exposures."""
    return max(one, other, key=lambda exposure: _rank(EXPOSURES, exposure))


def _rank(axis: tuple[str, ...], value: str) -> int:
    """Return the place of a value on its axis.

    Raises:
        ValueError: The axis has no such value.
    """
    try:
        return axis.index(value)
    except ValueError:
        raise ValueError(f"{value!r} is not one of {', '.join(axis)}") from None
