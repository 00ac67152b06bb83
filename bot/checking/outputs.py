"""How assessments are shown: to a person, as JSON lines, or as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import Any, TextIO

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.checking.inputs import Item
from bot.checking.words import words_for
from bot.recognition import Assessment, Recogniser

_COLOURS = {"clear": "default", "unsure": "yellow", "suspicious": "dark_orange", "scam": "red"}
_COLUMNS = "id lang level score exposure script script_score step of next red_flags quotes".split()


class JsonLines:
    """Writes one object a line, in the order of the input."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, item: Item, assessment: Assessment) -> None:
        """Write one assessment."""
        document = {"id": item.id, **as_document(assessment)}
        self._out.write(json.dumps(document, ensure_ascii=False) + "\n")


class Table:
    """Writes CSV that a spreadsheet opens."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        self._writer.writeheader()

    def write(self, item: Item, assessment: Assessment) -> None:
        """Write one row."""
        best = assessment.scripts[0] if assessment.scripts else None
        stage = assessment.stage
        row: Mapping[str, Any] = {
            "id": item.id,
            "lang": assessment.lang,
            "level": assessment.level,
            "score": assessment.score,
            "exposure": assessment.exposure,
            "script": best.id if best else "",
            "script_score": best.score if best else "",
            "step": stage.step if stage else "",
            "of": stage.of if stage else "",
            "next": assessment.next or "",
            "red_flags": " ".join(flag.id for flag in assessment.red_flags),
            "quotes": " | ".join(flag.quote for flag in assessment.red_flags),
        }
        self._writer.writerow({key: _inert(value) for key, value in row.items()})


class Readable:
    """Shows each assessment to a person, in the text's own language."""

    def __init__(self, console: Console, recogniser: Recogniser) -> None:
        self._console = console
        self._recogniser = recogniser

    def write(self, item: Item, assessment: Assessment) -> None:
        """Show one assessment."""
        words = words_for(assessment.lang)
        parts = [_quoted(item.text, assessment)]
        if assessment.warned and assessment.scripts:
            best = assessment.scripts[0].id
            parts.append(Text(f"{words['script']}: {self._title(best, assessment.lang)}"))
        for flag in assessment.red_flags:
            parts.append(Text(f"• “{flag.quote}”: {flag.why}"))
        if assessment.stage and assessment.next:
            step = words["step"].format(step=assessment.stage.step, of=assessment.stage.of)
            parts.append(Text(f"{step} {words['next']}: {assessment.next}"))
        parts.append(Text(f"{words['do']}: {self._do(assessment)}", style="bold"))
        title = f"{item.id} · {words[assessment.level]} · {assessment.score:.2f}"
        colour = _COLOURS[assessment.level]
        self._console.print(Panel(Group(*parts), title=title, border_style=colour))

    def _title(self, script_id: str, language: str) -> str:
        return self._recogniser.title(script_id, language)

    def _do(self, assessment: Assessment) -> str:
        words = words_for(assessment.lang)
        if not assessment.warned or not assessment.scripts:
            return words[f"do_{'unsure' if assessment.level == 'unsure' else 'clear'}"]
        script = self._recogniser.script(assessment.scripts[0].id)
        counsel: str = script["counsel"][assessment.exposure][assessment.lang]
        return counsel


def as_document(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as ``--jsonl`` and ``POST /api/check`` show it."""
    return assessment.to_dict()


def _quoted(text: str, assessment: Assessment) -> Text:
    shown = Text(text[:600] + ("…" if len(text) > 600 else ""), style="dim")
    for flag in assessment.red_flags:
        shown.stylize("bold underline not dim", flag.start, min(flag.end, 600))
    return shown


def _inert(value: Any) -> Any:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
