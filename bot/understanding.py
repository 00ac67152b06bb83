"""Measures how well intents are told apart, with Rasa's own test, and writes the page about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.confusion import confusion_svg
from bot.errors import ModelError
from bot.settings import PROJECT_ROOT, Settings
from bot.training import engine_model_path, run_rasa

PAGE = PROJECT_ROOT / "docs" / "understanding.md"
PICTURE = PROJECT_ROOT / "docs" / "intents-confusion.svg"

_DATA = PROJECT_ROOT / "data" / "nlu"
_HELD_OUT = PROJECT_ROOT / "tests" / "nlu"
_NAMES = {"en": "English", "zh": "Mandarin"}
_COMMONEST = 15


@dataclass(frozen=True)
class Figures:
    """What one run of `rasa test nlu` found.

    Args:
        report: Precision, recall, F1 and support by intent, as Rasa writes them.
        errors: The sentences that were taken for another intent, as Rasa writes them.
    """

    report: Mapping[str, Any]
    errors: Sequence[Mapping[str, Any]]

    @property
    def intents(self) -> list[str]:
        """The intents that were measured, in the order of their names."""
        return sorted(
            name
            for name, row in self.report.items()
            if isinstance(row, dict) and not name.endswith(" avg")
        )

    @property
    def right(self) -> float:
        """The share of sentences whose intent was found."""
        total = sum(self.report[name]["support"] for name in self.intents)
        return 1 - len(self.errors) / total if total else 0.0

    def mixed_up(self) -> Counter[tuple[str, str]]:
        """Count the sentences by true intent and by what they were taken for."""
        return Counter(
            (error["intent"], error["intent_prediction"]["name"] or "") for error in self.errors
        )


def measure_understanding(settings: Settings, *, folds: int) -> None:
    """Cross-validate the intents, test them on the held-out sentences, and write both down.

    Args:
        settings: Where the trained model is.
        folds: Into how many parts the examples are cut.

    Raises:
        ModelError: Rasa's test failed.
    """
    languages = sorted(path.name for path in _DATA.iterdir() if path.is_dir())
    with TemporaryDirectory(prefix="nlu-report-") as folder:
        out = Path(folder)
        held_out = {
            language: _run(
                ["--nlu", str(_HELD_OUT / f"{language}.yml")],
                ["--model", str(engine_model_path(settings))],
                settings,
                out=out / language,
            )
            for language in languages
        }
        crossed = _run(
            ["--nlu", str(_DATA)],
            ["--cross-validation", "--folds", str(folds), "--config", "config.yml"],
            settings,
            out=out / "crossed",
        )
    PAGE.write_text(understanding_page(crossed, held_out, folds=folds), encoding="utf-8")
    PICTURE.write_text(confusion_picture(crossed), encoding="utf-8")


def understanding_page(crossed: Figures, held_out: Mapping[str, Figures], *, folds: int) -> str:
    """Return the page, as Markdown.

    Args:
        crossed: What cross-validation found.
        held_out: What the held-out sentences showed, by language.
        folds: Into how many parts the examples were cut.
    """
    parts = [
        "# How well intents are understood",
        "",
        "Written by `secondvoice nlu-report`, which runs Rasa's own `rasa test nlu`; do not edit.",
        "",
        f"Cross-validation cuts the examples of `data/nlu` into {folds} parts and reads each part"
        " with a model that",
        "has learned the others. No example repeats another, so it is the harsher figure, and the"
        " fairer one. The held-out",
        "sentences of `tests/nlu` are never learned from, but examples were written after looking"
        " which of them fail: they",
        "show that what was mended stays mended, and flatter as a measure of new customers. What"
        " recognition overrules",
        "afterwards (a story of a scam is never taken for small talk) counts in both.",
        "",
        "| sentences | right | of |",
        "| --- | ---: | ---: |",
        f"| cross-validation, all languages | {_percent(crossed.right)} | {_support(crossed)} |",
        *(
            f"| held out, {_NAMES.get(language, language)} | {_percent(figures.right)} |"
            f" {_support(figures)} |"
            for language, figures in held_out.items()
        ),
        "",
        "## By intent, cross-validated",
        "",
        *_table(crossed),
        "",
        f"![Rows are the true intents, columns what was understood]({PICTURE.name})",
        "",
        "The commonest confusions:",
        "",
        *_confusions(crossed),
    ]
    for language, figures in held_out.items():
        name = _NAMES.get(language, language)
        parts += ["", f"## By intent, held out, {name}", "", *_table(figures)]
        parts += ["", "The confusions:", "", *_confusions(figures)]
    return "\n".join([*parts, ""])


def confusion_picture(figures: Figures) -> str:
    """Return the confusion matrix of the intents as SVG."""
    counts = figures.mixed_up()
    for intent in figures.intents:
        missed = sum(count for (true, _), count in counts.items() if true == intent)
        counts[intent, intent] = int(figures.report[intent]["support"]) - missed
    return confusion_svg(counts, figures.intents, title="true intent / understood", nothing=False)


def _run(data: Sequence[str], how: Sequence[str], settings: Settings, *, out: Path) -> Figures:
    run_rasa(["test", "nlu", *data, *how, "--out", str(out), "--no-plot"], settings, quiet=True)
    try:
        report = json.loads((out / "intent_report.json").read_text(encoding="utf-8"))
        found = out / "intent_errors.json"
        errors = json.loads(found.read_text(encoding="utf-8")) if found.exists() else []
    except (OSError, ValueError) as error:
        raise ModelError(f"`rasa test nlu` left no report that can be read in {out}.") from error
    return Figures(report, errors)


def _table(figures: Figures) -> Iterable[str]:
    yield "| intent | precision | recall | F1 | support |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name in figures.intents:
        row = figures.report[name]
        shares = " | ".join(_percent(row[key]) for key in ("precision", "recall", "f1-score"))
        yield f"| `{name}` | {shares} | {row['support']} |"
    row = figures.report["macro avg"]
    shares = " | ".join(_percent(row[key]) for key in ("precision", "recall", "f1-score"))
    yield f"| mean of the intents | {shares} | {_support(figures)} |"


def _confusions(figures: Figures) -> Iterable[str]:
    mixed_up = figures.mixed_up()
    if not mixed_up:
        yield "None."
        return
    yield "| is | taken for | times |"
    yield "| --- | --- | ---: |"
    for (true, taken), count in sorted(mixed_up.items(), key=_commonest_first)[:_COMMONEST]:
        yield f"| `{true}` | `{taken}` | {count} |"


def _commonest_first(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _support(figures: Figures) -> int:
    return sum(int(figures.report[name]["support"]) for name in figures.intents)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
