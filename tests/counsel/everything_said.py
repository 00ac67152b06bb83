"""Every text that the product can say to a customer, with the place where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.education import AUDIENCES, lesson, script_ids
from bot.settings import PROJECT_ROOT

_BRACES = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」")
_CJK = re.compile("[\u4e00-\u9fff]")
MOST_WORDS = 80
MOST_CHARACTERS = 120


@dataclass(frozen=True)
class Said:
    """One text.

    Args:
        place: Where it stands: ``path: key``.
        language: Its language.
        text: The words, with their fields still in braces.
    """

    place: str
    language: str
    text: str

    @property
    def fields(self) -> frozenset[str]:
        """What is filled in."""
        return frozenset(_BRACES.findall(self.text))


def length_problem(text: str, language: str) -> str:
    """Return what is wrong with a message's length; empty when nothing is."""
    if language == "zh":
        count = len(_CJK.findall(text)) + len(re.findall(r"[A-Za-z0-9]+", text))
        return f"{count} characters" if count > MOST_CHARACTERS else ""
    count = len(text.split())
    return f"{count} words" if count > MOST_WORDS else ""


def questions(text: str) -> int:
    """Count the questions of a message; what it quotes of somebody asks nobody."""
    own = _QUOTED.sub("", text)
    return own.count("?") + own.count("？")


@cache
def everything() -> tuple[Said, ...]:
    """Return all that can be said, in every language."""
    parts = (_phrases(), _responses(), _scripts(), _page(), _messengers(), _education())
    return tuple(said for part in parts for said in part)


def _phrases() -> Iterator[Said]:
    for path in sorted((PROJECT_ROOT / "bot" / "counsel" / "phrases").glob("*/*.yml")):
        document = _yaml(path)
        for part in ("texts", "buttons"):
            for key, text in document.get(part, {}).items():
                yield Said(f"phrases/{path.name}: {part}/{key}", path.parent.name, text)


def _responses() -> Iterator[Said]:
    for name, variations in _yaml(PROJECT_ROOT / "domain.yml").get("responses", {}).items():
        for variation in variations:
            conditions = variation.get("condition", [])
            wanted = [one["value"] for one in conditions if one["name"] == "language"]
            yield Said(f"domain.yml: {name}", wanted[0] if wanted else "en", variation["text"])


def _scripts() -> Iterator[Said]:
    for path in sorted((PROJECT_ROOT / "scam_scripts").glob("*.yml")):
        document = _yaml(path)
        parts: dict[str, dict[str, str]] = {}
        for flag in document.get("red_flags", []):
            parts[f"red_flags/{flag['id']}/why"] = flag["why"]
        for exposure, words in document.get("counsel", {}).items():
            parts[f"counsel/{exposure}"] = words
        for stage in document.get("stages", []):
            parts[f"stages/{stage['id']}/next"] = stage["next"]
        for key in ("title", "honest_way"):
            if key in document:
                parts[key] = document[key]
        for key, words in parts.items():
            for language, text in words.items():
                yield Said(f"{path.name}: {key}", language, text)


def _page() -> Iterator[Said]:
    strings = _yaml(PROJECT_ROOT / "bot" / "gateway" / "strings.yml")
    for language, block in strings.items():
        for part in ("chat", "greeting", "errors"):
            for key, text in _leaves(block[part]):
                yield Said(f"gateway/strings.yml: {part}/{key}", language, text)


def _messengers() -> Iterator[Said]:
    for path in sorted((PROJECT_ROOT / "bot" / "notify" / "messengers" / "words").glob("*.yml")):
        for key, text in _leaves(_yaml(path)):
            yield Said(f"messengers/words: {key}", path.stem, text)


def _education() -> Iterator[Said]:
    """Yield the words around lessons and quizzes, and every lesson as it is told."""
    for path in sorted((PROJECT_ROOT / "bot" / "education" / "words").glob("*.yml")):
        document = _yaml(path)
        said = {**document["lesson"], **document["quiz"]}
        said |= {f"wrong_moves/{at}": v for at, v in enumerate(said.pop("wrong_moves"))}
        for key, text in said.items():
            yield Said(f"education/words: {key}", path.stem, text)
        for script_id in script_ids():
            for audience in AUDIENCES:
                for at, text in enumerate(lesson(script_id, audience, path.stem)):
                    yield Said(f"education/{script_id}: {audience}/{at}", path.stem, text)


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, entry in value.items():
            if name != "buttons":  # Keys of the phrases' buttons.
                yield from _leaves(entry, f"{key}/{name}".strip("/"))


def _yaml(path: Any) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
