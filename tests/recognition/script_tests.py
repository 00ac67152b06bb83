"""The labelled sentences of ``tests/scripts``, and what the trained recogniser makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.recognition import Assessment, Recogniser
from bot.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "tests" / "scripts"
KNOWN_FAILURES = FOLDER / "known_failures.yml"
MARGIN = 0.005
FILES = sorted(FOLDER.glob("*/*.yml"))


@dataclass(frozen=True)
class Expectation:
    """One sentence and what must be said of it.

    Args:
        file: ``<language>/<script>.yml``.
        text: The sentence.
        warned: Whether the customer must be warned.
        exposure: How far in he is, where the file says so.
        flags: Red flags that must be found.
    """

    file: str
    text: str
    warned: bool
    exposure: str | None = None
    flags: tuple[str, ...] = ()

    def failure(self, assessment: Assessment) -> str:
        """Return what is wrong with an assessment; empty when it is as expected."""
        if assessment.warned is not self.warned:
            return "warned" if assessment.warned else "not warned"
        if self.exposure and assessment.exposure != self.exposure:
            return f"exposure {assessment.exposure} instead of {self.exposure}"
        missing = sorted(set(self.flags) - {flag.id for flag in assessment.red_flags})
        return f"without red flag {', '.join(missing)}" if missing else ""


@cache
def recogniser() -> Recogniser:
    """Return the trained recogniser."""
    return Recogniser.load()


def expectations(path: Path) -> Iterator[Expectation]:
    """Yield all sentences of a file."""
    document: dict[str, list[Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for kind in ("caught", "left_alone"):
        for item in document[kind]:
            known = item if isinstance(item, dict) else {"text": item}
            yield Expectation(
                file=file_name(path),
                text=known["text"],
                warned=kind == "caught",
                exposure=known.get("exposure"),
                flags=tuple(known.get("flags", ())),
            )


def failures(path: Path) -> dict[str, str]:
    """Return the sentences of a file that fail, each with what is wrong.

    What stands on the threshold itself is no failure: another processor's rounding may move it.
    """
    found = {one.text: one.failure(recogniser().assess(one.text)) for one in expectations(path)}
    return {text: why for text, why in found.items() if why and not on_the_threshold(text)}


def on_the_threshold(text: str) -> bool:
    """Whether a score is too close to the threshold of a warning to tell the sides apart."""
    least = recogniser().calibration(text).thresholds["suspicious"]
    return abs(recogniser().assess(text).score - least) < MARGIN


def known_failures() -> list[dict[str, str]]:
    """Return the failures that are listed: file, text and why."""
    if not KNOWN_FAILURES.exists():
        return []
    listed: list[dict[str, str]] = yaml.safe_load(KNOWN_FAILURES.read_text(encoding="utf-8")) or []
    return listed


def file_name(path: Path) -> str:
    """Return how the list of known failures names a file."""
    return path.relative_to(FOLDER).as_posix()
