"""How well recognition does on texts that training has not seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.confusion import NOTHING, confusion_svg
from bot.recognition.assessment import Assessment
from bot.recognition.recogniser import Recogniser
from bot.settings import PROJECT_ROOT, Settings

OWN_FOLDER = PROJECT_ROOT / "tests" / "scripts"


@dataclass(frozen=True)
class Labelled:
    """One text with the truth about it.

    Args:
        file: Where it comes from.
        language: Its language.
        text: The text.
        scam: Whether it tells of a scam.
        script: Which script it is, where that is known.
    """

    file: str
    language: str
    text: str
    scam: bool
    script: str | None = None


@dataclass
class Tally:
    """Counts for one file."""

    scams: int = 0
    warned: int = 0
    honest: int = 0
    alarmed: int = 0
    named: int = 0
    nameable: int = 0

    def row(self, name: str) -> list[str]:
        """Return the counts as cells of the table."""
        return [
            name,
            f"{self.warned}/{self.scams}",
            _percent(self.warned, self.scams),
            f"{self.alarmed}/{self.honest}",
            _percent(self.alarmed, self.honest),
            _percent(self.named, self.nameable),
        ]


def evaluate_all(
    settings: Settings, *, console: Console, confusion: Path | None = None
) -> dict[str, Tally]:
    """Measure every labelled text and print one table.

    Args:
        settings: Where the trained artefact is.
        console: Where to print.
        confusion: Where to draw which script was named for which, if anywhere.
    """
    recogniser = Recogniser.load(settings.models_dir / "recogniser.npz")
    tallies: dict[str, Tally] = {}
    named: Counter[tuple[str, str]] = Counter()
    for item in labelled_texts(settings.eval_dir):
        tally = tallies.setdefault(item.file, Tally())
        assessment = recogniser.assess(item.text)
        _count(tally, item, assessment)
        if item.script:
            named[item.script, _first(assessment)] += 1
    table = Table(title="Recognition on texts that training has not seen")
    for column in ("file", "scams warned", "%", "honest warned", "%", "named right %"):
        table.add_column(column, justify="left" if column == "file" else "right")
    for name, tally in tallies.items():
        table.add_row(*tally.row(name))
    console.print(table)
    if not settings.eval_dir.exists():
        console.print(f"No public texts in {settings.eval_dir}: only our own were measured.")
    if confusion:
        confusion.write_text(confusion_svg(named, recogniser.script_ids), encoding="utf-8")
        console.print(f"{confusion}: drawn.")
    return tallies


def labelled_texts(public: Path) -> Iterator[Labelled]:
    """Yield the public texts, where present, and then our own.

    Args:
        public: A folder of ``.jsonl`` files with ``lang``, ``text`` and ``scam`` a line, by people
            outside this project; measured on, never learned from.
    """
    for path in sorted(public.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Labelled(path.stem, row["lang"], row["text"], row["scam"])
    for path in sorted(OWN_FOLDER.glob("*/*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = f"own {path.parent.name}"
        for kind, scam in (("caught", True), ("left_alone", False)):
            for item in document[kind]:
                script = path.stem if scam else None
                yield Labelled(name, path.parent.name, text_of(item), scam, script)


def text_of(item: Any) -> str:
    """Return the text of a test item, written plainly or with expectations."""
    return str(item["text"] if isinstance(item, dict) else item)


def evaluated_files(folder: Path = OWN_FOLDER) -> list[Path]:
    """Return our own test files."""
    return sorted(folder.glob("*/*.yml"))


def _first(assessment: Assessment) -> str:
    return assessment.scripts[0].id if assessment.scripts else NOTHING


def _count(tally: Tally, item: Labelled, assessment: Assessment) -> None:
    if not item.scam:
        tally.honest += 1
        tally.alarmed += assessment.warned
        return
    tally.scams += 1
    tally.warned += assessment.warned
    if item.script:
        tally.nameable += 1
        tally.named += _first(assessment) == item.script


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "–"
