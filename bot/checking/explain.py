"""``secondvoice explain``: every weight that spoke for or against a scam."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bot.recognition import Recogniser
from bot.settings import Settings

_FEATURES_SHOWN = 12


def explain_text(text: str, *, settings: Settings, console: Console) -> None:
    """Print the signals, the strongest features, the red flags and the ranking for one text."""
    recogniser = Recogniser.load(settings.models_dir / "recogniser.npz")
    assessment = recogniser.assess(text)
    scored = recogniser.score(text)
    console.print(f"level {assessment.level}, score {assessment.score}, {assessment.exposure}")
    signals = _table("Signals", "signal", "value", "weight", "speaks")
    calibration = recogniser.calibration(text)
    for name, value in scored.signals.items():
        weight = calibration.weights[name]
        signals.add_row(name, f"{value:.2f}", f"{weight:+.2f}", f"{value * weight:+.2f}")
    signals.add_row("constant", "", "", f"{calibration.bias:+.2f}")
    console.print(signals)
    features = _table("Words and parts of words that spoke loudest", "feature", "speaks")
    for name, weight in recogniser.loudest(text)[:_FEATURES_SHOWN]:
        features.add_row(name, f"{weight:+.3f}")
    console.print(features)
    flags = _table("Red flags", "red flag", "quote", "weight")
    leading = assessment.scripts[0].id if assessment.scripts else None
    for flag in assessment.red_flags:
        flags.add_row(flag.id, flag.quote, f"{recogniser.weight(flag.id, leading):g}")
    console.print(flags)
    scripts = _table("Scam scripts", "script", "score")
    for script_id, score in sorted(
        recogniser.script_scores(scored).items(), key=lambda item: -item[1]
    )[:5]:
        scripts.add_row(script_id, f"{score:.3f}")
    console.print(scripts)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    return table
