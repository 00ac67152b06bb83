"""Measures a customer's turn, beside Rasa's own starter assistant in the same run.

Run it with ``make bench``; see ``benchmarks/README.md`` for what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.assistants import measure_product, measure_starter
from benchmarks.measure import Measurement
from bot.errors import SecondVoiceError

ASSISTANTS: dict[str, Callable[..., Measurement]] = {
    "starter": measure_starter,
    "product": measure_product,
}
# Field of a measurement, what people call it, and how it is written.
ROWS = (
    ("turns_per_second", "turns a second", "{:.1f}"),
    ("p50", "a turn, median", "{:.1f} ms"),
    ("p95", "a turn, 95 of 100 within", "{:.1f} ms"),
    ("ready_seconds", "engine ready to answer after", "{:.1f} s"),
    ("memory_megabytes", "memory of the engine", "{:.0f} MB"),
    ("training_seconds", "training", "{:.1f} s"),
)


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table that can be pasted into the README.

    Args:
        arguments: The command line; None for this process's own.

    Returns:
        The exit code: 1 when an assistant could not be measured.
    """
    options = _parser().parse_args(arguments)
    console = Console(stderr=True, quiet=not options.verbose)
    results: dict[str, Measurement] = {}
    try:
        for name in [options.only] if options.only else list(ASSISTANTS):
            print(f"Measuring the {name} ({options.turns} turns) …", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="turn-") as work:
                results[name] = ASSISTANTS[name](
                    Path(work), turns=options.turns, warm_up=options.warm_up, console=console
                )
    except SecondVoiceError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(results, turns=options.turns))
    if options.json:
        figures = {name: asdict(result) for name, result in results.items()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def table(results: dict[str, Measurement], *, turns: int) -> str:
    """Write results as a Markdown table, with ratios where both assistants were measured."""
    both = len(results) == len(ASSISTANTS)
    heads = ["", *results, *(["product / starter"] if both else [])]
    lines = [
        f"{turns} turns, one customer, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}",
        "",
        "| " + " | ".join(heads) + " |",
        "| --- " * len(heads) + "|",
    ]
    for field, title, form in ROWS:
        figures = {name: getattr(result, field) for name, result in results.items()}
        cells = [title, *(form.format(figure) for figure in figures.values())]
        if both:
            cells.append(f"{figures['product'] / figures['starter']:.2f} ×")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--turns", type=int, default=300, help="turns that are timed")
    parser.add_argument("--warm-up", type=int, default=30, help="turns before, untimed")
    parser.add_argument("--only", choices=ASSISTANTS, help="measure one assistant alone")
    parser.add_argument("--json", type=Path, help="write the figures into this file as well")
    parser.add_argument("--verbose", action="store_true", help="show what the parts print")
    return parser


if __name__ == "__main__":
    sys.exit(main())
