"""The catalogue of scam scripts: all that is known of each scam, read from ``scam_scripts/``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from bot.errors import DataError
from bot.recognition.patterns import parse_pattern
from bot.recognition.unfinished import unfinished

_HERE = Path(__file__).resolve().parent
SCRIPTS_FOLDER = _HERE.parent.parent / "scam_scripts"
INTENTS_FOLDER = _HERE.parent.parent / "data" / "nlu"
ORDINARY_FOLDER = _HERE.parent.parent / "speech" / "ordinary"
LANGUAGES_FOLDER = _HERE / "languages"
_SHARED_FILE = "_shared.yml"
#: Intents whose examples are honest talk; the other ones may tell of a scam.
_HONEST_INTENTS = (
    "affirm ask_banking change_language deny dont_know goodbye greet is_fine "
    "leave_me_alone out_of_scope small_talk thank who_are_you"
).split()
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Words = Mapping[str, str]
Lists = Mapping[str, list[str]]


@dataclass(frozen=True)
class RedFlag:
    """A warning sign: why it matters, how it is worded, examples per language."""

    id: str
    why: Words
    patterns: Lists
    examples: Lists
    weight: float = 2.0
    exposure: str | None = None


@dataclass(frozen=True)
class Stage:
    """One step of the caller's plan and what he says after it."""

    id: str
    name: Words
    red_flags: tuple[str, ...]
    next: Words


@dataclass(frozen=True)
class LookAlike:
    """An honest call that resembles the scam, and how to tell."""

    title: Words
    tell: Words
    examples: Lists


@dataclass(frozen=True)
class ScamScript:
    """All that is known of one scam.

    Args:
        weights: Weight of every red flag that may occur in it, its own and the shared ones.
    """

    id: str
    title: Words
    status: str
    reviewed: str
    impersonates: Lists
    summary: Words
    stages: tuple[Stage, ...]
    red_flags: tuple[RedFlag, ...]
    weights: Mapping[str, float]
    counsel: Mapping[str, Words]
    look_alikes: tuple[LookAlike, ...]
    honest_way: Words
    false_positives: Lists
    reports: Lists
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Language:
    """What recognition must know of a language beyond its words in the scripts."""

    code: str
    name: Words
    called: tuple[str, ...]
    irregular: Mapping[str, str]
    negation_reach: int
    negation_words: tuple[str, ...]
    framing: Lists


@dataclass(frozen=True)
class Catalogue:
    """Every scam script that is in force, the shared red flags and the languages."""

    scripts: Mapping[str, ScamScript]
    shared: Mapping[str, RedFlag]
    languages: Mapping[str, Language]
    ordinary: Mapping[str, list[str]] = field(default_factory=dict)

    @cached_property
    def red_flags(self) -> Mapping[str, RedFlag]:
        """Return all red flags by id, the shared ones first."""
        flags = dict(self.shared)
        for script in self.scripts.values():
            flags.update({flag.id: flag for flag in script.red_flags})
        return flags


def load_catalogue(
    folder: Path = SCRIPTS_FOLDER,
    *,
    languages_folder: Path = LANGUAGES_FOLDER,
    ordinary_folder: Path = ORDINARY_FOLDER,
    intents_folder: Path = INTENTS_FOLDER,
) -> Catalogue:
    """Read and check every file.

    Raises:
        DataError: With all problems of all files, each as ``path: problem``.
    """
    languages = {
        path.stem: _language(_read(path)) for path in sorted(languages_folder.glob("*.yml"))
    }
    problems: list[str] = []
    shared: dict[str, RedFlag] = {}
    scripts: dict[str, ScamScript] = {}
    for path, document in _documents(folder, problems):
        if path.name == _SHARED_FILE:
            shared = {item["id"]: RedFlag(**item) for item in document["red_flags"]}
        else:
            scripts[path.stem] = _script(document)
    catalogue = Catalogue(
        scripts={k: s for k, s in scripts.items() if s.status != "retired"},
        shared=shared,
        languages=languages,
        ordinary=_ordinary(ordinary_folder, intents_folder, problems),
    )
    problems += _cross_problems(catalogue, folder)
    if problems:
        raise DataError(problems)
    return catalogue


def source_files(
    folder: Path = SCRIPTS_FOLDER,
    *,
    languages_folder: Path = LANGUAGES_FOLDER,
    ordinary_folder: Path = ORDINARY_FOLDER,
    intents_folder: Path = INTENTS_FOLDER,
) -> list[Path]:
    """Return every file that the trained artefact depends on, in a stable order."""
    code = _HERE.glob("*.py")
    honest = [path for path in intents_folder.rglob("*.yml") if path.stem in _HONEST_INTENTS]
    knowledge = [*folder.glob("*.yml"), *languages_folder.glob("*.yml")]
    return sorted([*knowledge, *ordinary_folder.rglob("*.yml"), *honest, *code])


def digest(files: list[Path]) -> str:
    """Return one digest of the names and contents of files; it changes when any of them does."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(path: Path) -> Any:
    with path.open("rb") as file:
        return yaml.load(file, Loader=_OnceLoader)  # noqa: S506 - a safe loader, made stricter


class _OnceLoader(_LOADER):  # type: ignore[misc]
    """A safe loader that refuses a key given twice, where YAML would silently keep the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise yaml.YAMLError(f"the key {key.value!r} is given twice, again in line {line}")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _documents(folder: Path, problems: list[str]) -> Iterator[tuple[Path, Any]]:
    """Yield each file that keeps to the schema; note the problems of the others."""
    schema = json.loads((_HERE / "schema.json").read_text(encoding="utf-8"))
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        problems.append(f"{folder}: holds no scam script (*.yml)")
    for path in paths:
        try:
            document = _dates_as_text(_read(path))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(f"{path}: is not valid YAML: {' '.join(str(error).split())}")
            continue
        if path.name == _SHARED_FILE:
            part = {"$ref": "#/$defs/shared", "$defs": schema["$defs"]}
            validator = Draft202012Validator(part)
        else:
            validator = Draft202012Validator(schema)
        found = [
            f"{path}: {_place(error)}: {error.message[:200]}"
            for error in validator.iter_errors(document)
        ]
        found += [f"{path}: {problem}" for problem in unfinished(document)]
        problems += found
        if not found:
            yield path, document


def _place(error: ValidationError) -> str:
    return "/".join(map(str, error.absolute_path)) or "document"


def _dates_as_text(document: Any) -> Any:
    """Write YAML's dates as text again, so that the schema can judge them."""
    if isinstance(document, dict):
        return {key: _dates_as_text(value) for key, value in document.items()}
    if isinstance(document, list):
        return [_dates_as_text(value) for value in document]
    return document.isoformat() if hasattr(document, "isoformat") else document


def _language(document: Any) -> Language:
    return Language(
        code=document["code"],
        name=document["name"],
        called=tuple(document["called"]),
        irregular=document["irregular"],
        negation_reach=document["negation"]["reach"],
        negation_words=tuple(map(str, document["negation"]["words"])),
        framing=document["framing"],
    )


def _script(document: Any) -> ScamScript:
    flags = tuple(RedFlag(**item) for item in document["red_flags"])
    stages = (dict(s, red_flags=tuple(s["red_flags"])) for s in document["stages"])
    return ScamScript(
        **{
            **{k: v for k, v in document.items() if k != "uses"},
            "stages": tuple(Stage(**stage) for stage in stages),
            "red_flags": flags,
            "weights": {**{flag.id: flag.weight for flag in flags}, **document["uses"]},
            "look_alikes": tuple(LookAlike(**item) for item in document["look_alikes"]),
            "sources": tuple(document["sources"]),
        }
    )


def _ordinary(folder: Path, intents_folder: Path, problems: list[str]) -> dict[str, list[str]]:
    """Return the honest texts by language: topic files, and the examples of harmless intents."""
    texts: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yml")):
        document = _read(path)
        given = document.get("texts") if isinstance(document, dict) else None
        if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
            problems.append(f"{path}: texts: must be a list of texts")
            continue
        texts.setdefault(path.parent.name, []).extend(given)
    for path in sorted(intents_folder.rglob("*.yml")):
        if path.stem in _HONEST_INTENTS:
            examples = _read(path)["nlu"][0]["examples"]
            lines = (line.removeprefix("- ").strip() for line in examples.splitlines())
            texts.setdefault(path.parent.name, []).extend(line for line in lines if line)
    return texts


def _cross_problems(catalogue: Catalogue, folder: Path) -> list[str]:
    """Return what a schema cannot see: ids that clash or lead nowhere, missing languages."""
    problems: list[str] = []
    seen: dict[str, str] = dict.fromkeys(catalogue.shared, _SHARED_FILE)
    problems += _pattern_problems(folder / _SHARED_FILE, catalogue.shared.values())
    for stem, script in catalogue.scripts.items():
        path = folder / f"{stem}.yml"
        problems += _pattern_problems(path, script.red_flags)
        if script.id != stem:
            problems.append(f"{path}: id: is {script.id!r}, but the file is called {stem!r}")
        for flag in script.red_flags:
            if flag.id in seen:
                problems.append(f"{path}: red_flags: {flag.id!r} is taken by {seen[flag.id]}")
            seen[flag.id] = path.name
        for used in script.weights:
            if used not in catalogue.shared and used not in {f.id for f in script.red_flags}:
                problems.append(f"{path}: uses: no shared red flag is called {used!r}")
        for stage in script.stages:
            for flag_id in stage.red_flags:
                if flag_id not in script.weights:
                    problems.append(
                        f"{path}: stages/{stage.id}: {flag_id!r} is neither its own nor in uses"
                    )
        problems += [f"{path}: {problem}" for problem in _language_problems(script, catalogue)]
    return problems


def _pattern_problems(path: Path, flags: Iterable[RedFlag]) -> Iterator[str]:
    for flag in flags:
        for language, patterns in flag.patterns.items():
            for pattern in patterns:
                try:
                    parse_pattern(pattern)
                except DataError as error:
                    yield f"{path}: red_flags/{flag.id}/patterns/{language}: {error}"


def _language_problems(script: ScamScript, catalogue: Catalogue) -> Iterator[str]:
    codes = set(catalogue.languages)
    parts: dict[str, Mapping[str, Any]] = {
        "title": script.title,
        "summary": script.summary,
        "honest_way": script.honest_way,
        "reports": script.reports,
        **{f"stages/{stage.id}/name": stage.name for stage in script.stages},
        **{f"stages/{stage.id}/next": stage.next for stage in script.stages},
        **{f"red_flags/{flag.id}/why": flag.why for flag in script.red_flags},
        **{f"red_flags/{flag.id}/patterns": flag.patterns for flag in script.red_flags},
        **{f"red_flags/{flag.id}/examples": flag.examples for flag in script.red_flags},
        **{f"counsel/{exposure}": words for exposure, words in script.counsel.items()},
    }
    for where, words in parts.items():
        for missing in sorted(codes - set(words)):
            yield f"{where}: has no {missing!r}"
        for strange in sorted(set(words) - codes):
            yield f"{where}: {strange!r} is not a language in bot/recognition/languages"
