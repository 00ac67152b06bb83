"""What recognition says of a text: two axes kept apart, with every reason quoted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

#: How surely it is a scam, rising. ``clear`` means that nothing was seen; it never means "safe".
LEVELS = ("clear", "unsure", "suspicious", "scam")

#: How far in the customer is, rising.
EXPOSURES = ("asking", "contacted", "engaged", "disclosed", "paid")

#: Levels at which the customer is warned.
WARNED = frozenset({"suspicious", "scam"})


@dataclass(frozen=True)
class Evidence:
    """One match of a red flag in the customer's own words.

    Args:
        id: The red flag.
        start: Offset of the first character in the input.
        end: Offset behind the last character.
        quote: ``text[start:end]``.
        why: Why it is a warning sign, in the text's language.
    """

    id: str
    start: int
    end: int
    quote: str
    why: str


@dataclass(frozen=True)
class ScriptScore:
    """A scam script and how well it fits, from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True)
class StageReached:
    """The furthest stage of the leading script for which there is evidence.

    Args:
        script: Script id.
        id: Stage id.
        step: Number of the stage, from 1.
        of: How many stages the script has.
    """

    script: str
    id: str
    step: int
    of: int


@dataclass(frozen=True)
class Assessment:
    """The whole answer for one text.

    Args:
        lang: Language of the text.
        level: One of ``LEVELS``.
        exposure: One of ``EXPOSURES``.
        score: Calibrated probability of a scam, 0 to 1.
        scripts: Ranked scripts, best first; empty when nothing was seen.
        stage: The stage reached, or ``None``.
        next: What the caller will say next, or ``None``.
        red_flags: The evidence in the order of the text.
    """

    lang: str
    level: str
    exposure: str
    score: float
    scripts: tuple[ScriptScore, ...]
    stage: StageReached | None
    next: str | None
    red_flags: tuple[Evidence, ...]

    @property
    def warned(self) -> bool:
        """Whether the customer is warned."""
        return self.level in WARNED

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as plain JSON types, in the documented order of keys."""
        return asdict(self)


def highest(order: tuple[str, ...], *values: str) -> str:
    """Return the value that comes last in ``order`` (``LEVELS`` or ``EXPOSURES``)."""
    return max(values, key=order.index)
