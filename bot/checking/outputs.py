"""Assessments for other programs: JSON lines, and a table for spreadsheets."""

from __future__ import annotations

import csv
import json
from typing import Any, TextIO

from bot.checking.document import document
from bot.checking.items import Item
from bot.recognition import Assessment

_COLUMNS = "id lang level score exposure script script_score step of next red_flags quotes".split()


class JsonLines:
    """Writes one object a line, in the order of the input."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, item: Item, assessment: Assessment) -> None:
        """Write one assessment."""
        written = json.dumps(document(assessment, item_id=item.id), ensure_ascii=False)
        self._out.write(written + "\n")


class Table:
    """Writes CSV that a spreadsheet opens."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        self._writer.writeheader()

    def write(self, item: Item, assessment: Assessment) -> None:
        """Write one row."""
        best = assessment.scripts[0] if assessment.scripts else None
        stage = assessment.stage
        row: dict[str, Any] = {
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


def _inert(value: Any) -> Any:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
