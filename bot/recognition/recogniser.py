"""The recogniser: one trained artefact, one answer, wherever it is asked."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bot.recognition.artefact import DEFAULT_PATH, Artefact, Calibration, load
from bot.recognition.assessment import (
    EXPOSURES,
    Assessment,
    Evidence,
    ScriptScore,
    StageReached,
    highest,
)
from bot.recognition.language import language_of
from bot.recognition.linear import Vector, logistic, softmax
from bot.recognition.reading import Reader, Reading
from bot.recognition.text import TextReader

#: The signals that the last, calibrated decision weighs.
SIGNALS = ("whole", "evidence", "framing", "dispute")
_DISPUTE = "dispute"

#: How much a script's own red flags count beside the words when it is named.
_OWN_FLAGS = 1.5
_SCRIPTS_SHOWN = 3
_LEAST_SCRIPT_SCORE = 0.05
_LEARNED_FLAGS = 2
_QUOTE_CHARACTERS = 80


@dataclass(frozen=True)
class Scored:
    """The signals of one text before the last decision."""

    reading: Reading
    signals: Mapping[str, float]
    vector: Vector
    weights: Mapping[str, float]


class Recogniser:
    """Turns text into assessments.

    Args:
        artefact: The trained artefact; ``Recogniser.load()`` reads the default one.
    """

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self._scripts: dict[str, Any] = artefact.knowledge["scripts"]
        self._flags: dict[str, Any] = artefact.knowledge["red_flags"]
        self._read = make_reader(artefact.knowledge, artefact.simplified)
        self._vocabulary = artefact.vocabulary
        self._heads = artefact.heads

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Recogniser:
        """Read the trained artefact from a file.

        Raises:
            ModelError: It is missing, damaged or of another version.
        """
        return cls(load(path))

    @cached_property
    def script_ids(self) -> tuple[str, ...]:
        """Return the ids of all scripts that can be named."""
        return tuple(self._scripts)

    def assess(
        self,
        text: str,
        *,
        language: str | None = None,
        known_flags: Iterable[str] = (),
        floor: float = 0.0,
    ) -> Assessment:
        """Assess one text.

        Args:
            text: What the customer wrote; any Unicode.
            language: Language of the reasons; recognised from the text when not given.
            known_flags: Red flags known from earlier turns; they move the stage.
            floor: Score that earlier turns have already reached.
        """
        lang = language or language_of(text)
        scored = self.score(text)
        calibration = self.calibration(text)
        score = max(floor, _probability(calibration, scored.signals))
        level = _level(calibration, score)
        ranked = self._rank(scored) if level != "clear" else ()
        evidence = self._evidence(scored, lang, ranked, level)
        flags = [*(item.id for item in evidence), *known_flags]
        stage = self._stage(ranked, flags) if level in ("suspicious", "scam") else None
        return Assessment(
            lang=lang,
            level=level,
            exposure=self._exposure(scored.reading, level),
            score=round(score, 4),
            scripts=ranked,
            stage=stage,
            next=self._next(stage, lang),
            red_flags=tuple(evidence),
        )

    def score(self, text: str) -> Scored:
        """Return the signals of a text: what ``explain`` shows."""
        reading = self._read(text)
        vector = self._vector(reading)
        weights = self._measured(match.key for match in reading.flags)
        return Scored(reading, self._signals(vector, weights, reading.framing), vector, weights)

    def signals(
        self, features: Counter[str], flags: Iterable[str], framing: frozenset[str]
    ) -> Mapping[str, float]:
        """Return the signals of a text that has been read already: what calibration learns from."""
        return self._signals(self._vocabulary.vector(features), self._measured(flags), framing)

    def features(self, text: str) -> Counter[str]:
        """Count the features of a short text, parts of words too: for the intent classifier."""
        return self._read(text).features(parts_of_words=True)

    def loudest(self, text: str) -> list[tuple[str, float]]:
        """Return the features of a text with what each says for (+) or against (-) a scam."""
        columns, values = self._vector(self._read(text))
        names = list(self._vocabulary.index)
        weights = self._heads["scam"].weights[columns, 0] * values
        pairs = [(names[at], float(w)) for at, w in zip(columns, weights, strict=True)]
        return sorted(pairs, key=lambda pair: -abs(pair[1]))

    def language_named(self, text: str) -> str | None:
        """Return the language that a text asks for by name (``speak English``, ``说中文``)."""
        plain = text.lower()
        wished: tuple[int, str] | None = None
        for code, language in self.artefact.knowledge["languages"].items():
            at = max(plain.rfind(name) for name in language["called"])
            # "My English is bad, can we speak Chinese": the one named last is wished for.
            if at >= 0 and (wished is None or at > wished[0]):
                wished = (at, str(code))
        return wished[1] if wished else None

    def title(self, script_id: str, language: str) -> str:
        """Return the name of a script as a person reads it."""
        title: str = self._scripts[script_id]["title"][language]
        return title

    def script(self, script_id: str) -> dict[str, Any]:
        """Return what is known of a script at run time (title, stages, counsel, honest way)."""
        script: dict[str, Any] = self._scripts[script_id]
        return script

    def why(self, flag_id: str, language: str) -> str:
        """Return why a red flag matters."""
        why: str = self._flags[flag_id]["why"][language]
        return why

    def is_situation(self, flag_id: str) -> bool:
        """Whether a red flag tells of the customer's own situation only (``has_paid``)."""
        return bool(self._flags[flag_id]["situation"])

    def weight(self, flag_id: str, script_id: str | None) -> float:
        """Return how much a red flag weighs in a script, or by itself."""
        known = self._scripts[script_id]["weights"] if script_id else {}
        return float(known.get(flag_id, self._flags[flag_id]["weight"] / 2))

    def calibration(self, text: str) -> Calibration:
        """Return the last decision's weights for the language that a text is written in."""
        known = self.artefact.calibration
        return known.get(language_of(text)) or next(iter(known.values()))

    def _vector(self, reading: Reading, start: int = 0, end: int | None = None) -> Vector:
        return self._vocabulary.vector(reading.features(start, end))

    def _signals(
        self, vector: Vector, weights: Mapping[str, float], framing: frozenset[str]
    ) -> dict[str, float]:
        return {
            "whole": float(self._heads["scam"].scores(vector)[0]),
            "evidence": math.log1p(sum(weights.values())),
            "framing": float(bool(framing - {_DISPUTE})),
            "dispute": float(_DISPUTE in framing),
        }

    def _measured(self, flags: Iterable[str]) -> dict[str, float]:
        """Return the weight of every distinct red flag; cues of the own situation do not count."""
        return {
            flag_id: float(self._flags[flag_id]["measured"])
            for flag_id in flags
            if not self._flags[flag_id]["situation"]
        }

    def script_scores(self, scored: Scored) -> dict[str, float]:
        """Return how well each script fits, adding up to one."""
        head = self._heads["script"]
        columns, values = scored.vector
        # Which script it is does not become more doubtful because a text is short.
        length = float(np.linalg.norm(values)) or 1.0
        scores = head.scores((columns, values / length)).copy()
        for at, script_id in enumerate(head.labels):
            known = self._scripts[script_id]
            # What many scripts share says nothing about which one it is.
            shown = (known["weights"][f] for f in known["own"] if f in scored.weights)
            scores[at] += _OWN_FLAGS * math.log1p(sum(shown))
        return dict(zip(head.labels, map(float, softmax(scores)), strict=True))

    def _rank(self, scored: Scored) -> tuple[ScriptScore, ...]:
        ranked = sorted(self.script_scores(scored).items(), key=lambda item: -item[1])
        shown = [item for item in ranked[:_SCRIPTS_SHOWN] if item[1] >= _LEAST_SCRIPT_SCORE]
        return tuple(ScriptScore(script_id, round(score, 4)) for script_id, score in shown)

    def _evidence(
        self, scored: Scored, lang: str, ranked: Sequence[ScriptScore], level: str
    ) -> list[Evidence]:
        """Quote the matches; where patterns are silent, the sentence that speaks loudest."""
        reading = scored.reading
        found: dict[str, Evidence] = {}
        for match in reading.flags:
            quoted = self._quoted(reading, match.key, match.start, match.end, lang)
            before = found.get(match.key)
            # Of several matches the longest one says most; a very long one is hard to read.
            if before is None or len(before.quote) < len(quoted.quote) <= _QUOTE_CHARACTERS:
                found[match.key] = quoted
        patterns_spoke = any(not self.is_situation(flag_id) for flag_id in found)
        if level in ("suspicious", "scam") and not patterns_spoke and ranked:
            for flag_id, start, end in self._learned(scored, ranked[0].id):
                found.setdefault(flag_id, self._quoted(reading, flag_id, start, end, lang))
        return sorted(found.values(), key=lambda item: (item.start, item.end, item.id))

    def _learned(self, scored: Scored, script_id: str) -> list[tuple[str, int, int]]:
        """Return the likeliest red flag of the script for the strongest sentences."""
        scam, flag = self._heads["scam"], self._heads["flag"]
        own = self._scripts[script_id]["own"]
        allowed = [at for at, label in enumerate(flag.labels) if label in own]
        parts = [(self._vector(scored.reading, *part), part) for part in scored.reading.parts()]
        parts.sort(key=lambda item: -float(scam.scores(item[0])[0]))
        learned = []
        for vector, (start, end) in parts[:_LEARNED_FLAGS] if allowed else ():
            if scam.scores(vector)[0] > 0:
                best = allowed[int(np.argmax(flag.scores(vector)[allowed]))]
                learned.append((flag.labels[best], start, end))
        return learned

    def _quoted(self, reading: Reading, flag_id: str, start: int, end: int, lang: str) -> Evidence:
        first, last = reading.quote(*reading.clause(start, end, longest=_QUOTE_CHARACTERS))
        quote = reading.text[first:last]
        return Evidence(flag_id, first, last, quote, self.why(flag_id, lang))

    def _exposure(self, reading: Reading, level: str) -> str:
        shown = [self._flags[match.key]["exposure"] for match in reading.flags]
        cues = [exposure for exposure in shown if exposure]
        if level == "clear":
            return "asking"
        return highest(EXPOSURES, "contacted", *cues)

    def _stage(self, ranked: Sequence[ScriptScore], flags: Sequence[str]) -> StageReached | None:
        if not ranked:
            return None
        stages = self._scripts[ranked[0].id]["stages"]
        step = 1
        for number, stage in enumerate(stages, start=1):
            if any(flag in stage["red_flags"] for flag in flags):
                step = number
        return StageReached(ranked[0].id, stages[step - 1]["id"], step, len(stages))

    def _next(self, stage: StageReached | None, lang: str) -> str | None:
        if stage is None:
            return None
        words: str = self._scripts[stage.script]["stages"][stage.step - 1]["next"][lang]
        return words


def _probability(calibration: Calibration, signals: Mapping[str, float]) -> float:
    total = sum(calibration.weights[name] * signals[name] for name in SIGNALS)
    return logistic(total + calibration.bias)


def _level(calibration: Calibration, score: float) -> str:
    for level in ("scam", "suspicious", "unsure"):
        if score >= calibration.thresholds[level]:
            return level
    return "clear"


def make_reader(knowledge: Mapping[str, Any], simplified: Mapping[str, str]) -> Reader:
    """Compile the patterns of the knowledge that an artefact carries."""
    irregular: dict[str, str] = {}
    framing: dict[str, list[str]] = defaultdict(list)
    negation: list[tuple[str, int]] = []
    for language in knowledge["languages"].values():
        irregular |= language["irregular"]
        negation += [(word, language["negation_reach"]) for word in language["negation_words"]]
        for kind, patterns in language["framing"].items():
            framing[kind] += patterns
    return Reader(
        TextReader(irregular=irregular, simplified=simplified),
        flags=[
            (flag_id, pattern)
            for flag_id, flag in knowledge["red_flags"].items()
            for patterns in flag["patterns"].values()
            for pattern in patterns
        ],
        framing=[(kind, pattern) for kind, patterns in framing.items() for pattern in patterns],
        negation=negation,
    )
