"""Measures ``secondvoice check`` on one core, beside spaCy's bare tokeniser as the limit.

Run it with ``python -m benchmarks.check``; see ``benchmarks/README.md`` for what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measure import MEGABYTE
from bot.recognition import Recogniser
from bot.recognition.language import language_of
from bot.settings import PROJECT_ROOT, get_settings

SHORT = 120
"""Most characters of a short text: a sentence or two, as people type them."""

TEXT = "A man from the card centre says I owe 380,000 and the bank will sue me today."
COMMAND = [sys.executable, "-c", "from bot.cli import main; main()", "check"]
TOKENISER = [sys.executable, "-c", "import spacy, sys; print(len(spacy.blank('en')(sys.argv[1])))"]


@dataclass(frozen=True)
class Measurement:
    """Figures of one way to read texts.

    Args:
        texts_per_second: Short texts, one after the other, on one core.
        first_result_seconds: From the start of the process until its first answer is there.
        memory_megabytes: Most resident memory of a process that reads all texts.
    """

    texts_per_second: float
    first_result_seconds: float
    memory_megabytes: float


# Field of a measurement, what people call it, and how it is written.
ROWS = (
    ("texts_per_second", "short texts a second", "{:,.0f}"),
    ("first_result_seconds", "first result from a cold start", "{:.2f} s"),
    ("memory_megabytes", "memory", "{:.0f} MB"),
)


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table that can be pasted into the README.

    Args:
        arguments: The command line; None for this process's own.
    """
    options = _parser().parse_args(arguments)
    core = _keep_to_one_core()
    texts = short_texts()
    results = {
        "spaCy's tokeniser": measure_tokeniser(
            texts, seconds=options.seconds, starts=options.starts
        ),
        "product": measure_check(texts, seconds=options.seconds, starts=options.starts),
    }
    print(table(results, texts=texts, core=core))
    if options.json:
        figures = {name: asdict(result) for name, result in results.items()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def short_texts() -> list[str]:
    """Return the short texts of the project's own tests, in both languages, scams and honest."""
    texts: list[str] = []
    for path in sorted((PROJECT_ROOT / "tests" / "scripts").glob("*/*.yml")):
        document: dict[str, list[Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for item in (*document["caught"], *document["left_alone"]):
            texts.append(item["text"] if isinstance(item, dict) else item)
    return [text for text in texts if len(text) <= SHORT]


def measure_check(texts: Sequence[str], *, seconds: float, starts: int) -> Measurement:
    """Measure the recogniser and the command.

    Args:
        texts: What is assessed.
        seconds: Least time to measure for.
        starts: How many cold starts are timed.
    """
    recogniser = Recogniser.load(get_settings().models_dir / "recogniser.npz")
    return Measurement(
        texts_per_second=_rate(recogniser.assess, texts, seconds=seconds),
        first_result_seconds=_first_result([*COMMAND, TEXT, "--jsonl"], starts=starts),
        memory_megabytes=_most_memory(texts, lambda path: [*COMMAND, str(path), "--jsonl"]),
    )


def measure_tokeniser(texts: Sequence[str], *, seconds: float, starts: int) -> Measurement:
    """Measure spaCy's blank pipelines, which only cut texts into tokens.

    Args:
        texts: What is tokenised.
        seconds: Least time to measure for.
        starts: How many cold starts are timed.
    """
    import spacy

    blank = {code: spacy.blank(code) for code in ("en", "zh")}
    code = (
        "import json, spacy, sys\n"
        "blank = {code: spacy.blank(code) for code in ('en', 'zh')}\n"
        "for line in open(sys.argv[1], encoding='utf-8'):\n"
        "    text = json.loads(line)['text']\n"
        "    blank['en' if text.isascii() else 'zh'](text)\n"
    )
    return Measurement(
        texts_per_second=_rate(lambda text: blank[language_of(text)](text), texts, seconds=seconds),
        first_result_seconds=_first_result([*TOKENISER, TEXT], starts=starts),
        memory_megabytes=_most_memory(texts, lambda path: [sys.executable, "-c", code, str(path)]),
    )


def table(results: dict[str, Measurement], *, texts: Sequence[str], core: str) -> str:
    """Write results as a Markdown table with the ratio of the last to the first."""
    heads = ["", *results, "product / tokeniser"]
    length = statistics.mean(map(len, texts))
    lines = [
        f"{len(texts):,} texts of {length:.0f} characters in the mean, {core}, {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}",
        "",
        "| " + " | ".join(heads) + " |",
        "| --- " * len(heads) + "|",
    ]
    for field, title, form in ROWS:
        first, *_, last = figures = [getattr(result, field) for result in results.values()]
        cells = [title, *map(form.format, figures), f"{last / first:.2f} ×"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _keep_to_one_core() -> str:
    """Keep this process and those it starts on one core, where the system lets us choose."""
    if not hasattr(os, "sched_setaffinity"):
        return f"{os.cpu_count()} cores (this system offers no choice of one)"
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return "one core"


def _rate(work: Callable[[str], object], texts: Sequence[str], *, seconds: float) -> float:
    """Return texts a second, all of them over and over; the first round only warms up."""
    for text in texts:
        work(text)
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        for text in texts:
            work(text)
        done += len(texts)
    return done / (time.perf_counter() - started)


def _first_result(command: Sequence[str], *, starts: int) -> float:
    """Return the median time of a process, after one that fills the system's file cache."""
    times = []
    for _ in range(starts + 1):
        started = time.perf_counter()
        _run(command)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def _most_memory(texts: Sequence[str], command: Callable[[Path], Sequence[str]]) -> float:
    """Return the most resident memory of a process that reads all texts, megabytes."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        path = Path(folder) / "texts.jsonl"
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
        most = _run(command(path))
    # Linux counts in kibibytes, macOS in bytes.
    return most * (1 if sys.platform == "darwin" else 1024) / MEGABYTE


def _run(command: Sequence[str]) -> int:
    """Run a command, its answers unread, and return the most memory that it had."""
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=silent)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"`{' '.join(command[:4])} …` failed.")
    return int(usage.ru_maxrss)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="least time to measure for")
    parser.add_argument("--starts", type=int, default=7, help="cold starts that are timed")
    parser.add_argument("--json", type=Path, help="write the figures into this file as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
