"""Rasa's own classifier on the knowledge of the scam scripts: ``python -m benchmarks.diet``.

``DIETClassifier`` learns the same texts as the recogniser, one intent for each scam script and one
for all that is honest, and answers the texts of ``tests/scripts``. It runs in the engine's
environment and needs many minutes; nothing of it is part of the product.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation import labelled_texts
from bot.recognition.catalogue import load_catalogue
from bot.recognition.language import is_cjk
from bot.recognition.training import samples_of
from bot.settings import PROJECT_ROOT
from bot.supervisor.parts import ENGINE_PYTHON

HONEST = "honest"
#: Of our own honest tests this share may be warned of: what the recogniser is held to.
FALSE_WARNINGS = 0.02


def main() -> None:
    """Train, answer the tests and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--tokens", type=int, default=80, help="longer texts are cut")
    parser.add_argument("--keep", type=Path, help="where to leave the predictions (JSON lines)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _write_training_data(work, epochs=options.epochs, tokens=options.tokens)
        tests = [text for text in labelled_texts(work) if text.file.startswith("own")]
        asked = [_spaced(text.text, options.tokens) for text in tests]
        (work / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        started = time.monotonic()
        subprocess.run(
            [str(ENGINE_PYTHON), str(PROJECT_ROOT / "benchmarks" / "diet_engine.py"), str(work)],
            check=True,
            cwd=work,
        )
        print(f"{time.monotonic() - started:.0f} s altogether")
        answers = json.loads((work / "answers.json").read_text(encoding="utf-8"))
    if options.keep:
        options.keep.write_text("\n".join(map(json.dumps, answers)), encoding="utf-8")
    for language in ("en", "zh"):
        rows = [(t, a) for t, a in zip(tests, answers, strict=True) if t.language == language]
        print(language, _result(rows))


def _write_training_data(work: Path, *, epochs: int, tokens: int) -> None:
    examples: dict[str, list[str]] = {}
    for sample in samples_of(load_catalogue()):
        if sample.script or not sample.scam:
            text = _spaced(sample.text, tokens)
            examples.setdefault(sample.script or HONEST, []).append(text)
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in examples.items()
    ]
    _write_yaml(work / "nlu.yml", {"version": "3.1", "nlu": nlu})
    _write_yaml(
        work / "config.yml",
        {
            "recipe": "default.v1",
            "assistant_id": "diet",
            "language": "en",
            "pipeline": [
                {"name": "WhitespaceTokenizer"},
                {
                    "name": "CountVectorsFeaturizer",
                    "token_pattern": r"(?u)\b\w+\b",
                    "max_ngram": 2,
                    "min_df": 2,
                    "max_features": 20_000,
                },
                {
                    "name": "DIETClassifier",
                    "epochs": epochs,
                    "entity_recognition": False,
                    "number_of_transformer_layers": 1,
                    "transformer_size": 128,
                    "batch_size": [64, 128],
                    "constrain_similarities": True,
                    "evaluate_on_number_of_examples": 0,
                    "random_seed": 1,
                    "ranking_length": 0,
                },
            ],
        },
    )


def _write_yaml(path: Path, document: Mapping[str, Any]) -> None:
    # Rasa reads the examples of an intent as one block of lines.
    path.write_text(yaml.safe_dump(document, allow_unicode=True, width=10_000), encoding="utf-8")


def _spaced(text: str, most: int) -> str:
    """Return a text in one line with Chinese characters apart, cut after some tokens."""
    apart = "".join(f" {sign} " if is_cjk(sign) else sign for sign in text)
    # What Rasa's format would read as entities, roles or another list is taken out.
    plain = "".join(sign for sign in apart if sign not in "[](){}\\")
    return " ".join(plain.split()[:most]).lstrip("-#*> ") or "-"


def _result(rows: Iterable[tuple[Any, Mapping[str, float]]]) -> str:
    scams = [(text, answer) for text, answer in rows if text.scam]
    honest = [answer for text, answer in rows if not text.scam]
    named = sum(
        max((s for s in answer if s != HONEST), key=lambda script: answer[script]) == text.script
        for text, answer in scams
    )
    limit = sorted(map(_odds, honest), reverse=True)[int(FALSE_WARNINGS * len(honest))]
    warned = sum(_odds(answer) > limit for _, answer in scams)
    likeliest = sum(max(answer, key=lambda s: answer[s]) != HONEST for _, answer in scams)
    alarmed = sum(max(answer, key=lambda s: answer[s]) != HONEST for answer in honest)
    return (
        f"named right {named / len(scams):.1%}; likeliest intent is a script: "
        f"{likeliest / len(scams):.1%} of scams, {alarmed / len(honest):.1%} of honest texts; "
        f"at {FALSE_WARNINGS:.0%} of honest texts {warned / len(scams):.1%} of scams"
    )


def _odds(answer: Mapping[str, float]) -> float:
    """Return the log odds of a scam; confidences near one hardly differ, their odds do."""
    scripts = sum(confidence for intent, confidence in answer.items() if intent != HONEST)
    return math.log(scripts + 1e-300) - math.log(answer[HONEST] + 1e-300)


if __name__ == "__main__":
    main()
