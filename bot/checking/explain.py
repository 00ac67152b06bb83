"""``secondvoice explain``: every weight that spoke for or against a scam."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.checking.readable import visible
from bot.recognition import Recogniser
from bot.recognition.recogniser import Scored
from bot.settings import Settings


def explain_text(text: str, *, settings: Settings, console: Console) -> None:
    """Print the signals, the features, the red flags and the ranking for one text.

    Args:
        text: The text.
        settings: Where the trained artefact is.
        console: Where to print.

    Raises:
        ModelError: The recogniser is not trained.
    """
    recogniser = Recogniser.load(settings.models_dir / "recogniser.npz")
    assessment = recogniser.assess(text)
    scored = recogniser.score(text)
    console.print(f"level {assessment.level}, score {assessment.score}, {assessment.exposure}")
    console.print(_decision(recogniser, text, scored))
    console.print(_red_flags(recogniser, text, scored))
    console.print(_features(recogniser, text))
    console.print(_scripts(recogniser, scored))


def _decision(recogniser: Recogniser, text: str, scored: Scored) -> Table:
    calibration = recogniser.calibration(text)
    table = _table("Signals", "signal", "value", "weight", "speaks")
    for name, value in scored.signals.items():
        weight = calibration.weights[name]
        _add(table, name, f"{value:.2f}", f"{weight:+.2f}", f"{value * weight:+.2f}")
    _add(table, "constant", "", "", f"{calibration.bias:+.2f}")
    for level, least in calibration.thresholds.items():
        _add(table, f"{level} from score", f"{least:.2f}", "", "")
    return table


def _red_flags(recogniser: Recogniser, text: str, scored: Scored) -> Table:
    """Show every match; one that tells of the customer's own situation weighs nothing here."""
    best = max(recogniser.script_scores(scored).items(), key=lambda item: item[1])[0]
    table = _table("Red flags", "red flag", "quote", "as evidence", f"in {best}")
    for match in scored.reading.flags:
        start, end = scored.reading.quote(match.start, match.end)
        measured = scored.weights.get(match.key)
        weighs = "" if measured is None else f"{measured:g}"
        _add(table, match.key, text[start:end], weighs, f"{recogniser.weight(match.key, best):g}")
    for kind in sorted(scored.reading.framing):
        _add(table, "talk about scams", kind, "", "")
    return table


def _features(recogniser: Recogniser, text: str) -> Table:
    table = _table("Words, the loudest first", "feature", "speaks")
    for name, weight in recogniser.loudest(text):
        _add(table, name, f"{weight:+.3f}")
    return table


def _scripts(recogniser: Recogniser, scored: Scored) -> Table:
    table = _table("Scam scripts", "script", "score")
    ranked = sorted(recogniser.script_scores(scored).items(), key=lambda item: -item[1])
    for script_id, score in ranked:
        _add(table, script_id, f"{score:.3f}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _add(table: Table, *cells: str) -> None:
    """Add a row; a customer's words are text and never markup."""
    table.add_row(*(Text(visible(cell)) for cell in cells))
