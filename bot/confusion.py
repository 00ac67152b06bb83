"""Draws what is taken for what: a confusion matrix as a plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

#: Column of the texts for which no script was named.
NOTHING = "(none)"

_CELL = 24
_LEFT = 190
_TOP = 190
_FOOT = 30


def confusion_svg(
    named: Mapping[tuple[str, str], int],
    scripts: Sequence[str],
    *,
    title: str = "true script / named first",
    nothing: bool = True,
) -> str:
    """Return the picture: a row for each true name, a column for each one given.

    Args:
        named: How many texts of a true name (first) were given a name (second).
        scripts: Ids of scripts, or names of another kind, in the order of rows and columns.
        title: What rows and columns are.
        nothing: Whether there is a column for texts that were given no name.
    """
    columns = [*scripts, NOTHING] if nothing else list(scripts)
    width = _LEFT + _CELL * len(columns) + 10
    height = _TOP + _CELL * len(scripts) + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT - 8}" y="{_TOP - 10}" text-anchor="end">{escape(title)}</text>',
    ]
    for at, script in enumerate(columns):
        x = _LEFT + _CELL * at + _CELL * 0.65
        parts.append(
            f'<text x="{x:g}" y="{_TOP - 6}" transform="rotate(-60 {x:g} {_TOP - 6})">'
            f"{escape(script)}</text>"
        )
    for row, script in enumerate(scripts):
        parts += _row(row, script, columns, named)
    return "\n".join([*parts, "</svg>", ""])


def _row(
    row: int, script: str, columns: Sequence[str], named: Mapping[tuple[str, str], int]
) -> list[str]:
    top = _TOP + _CELL * row
    middle = top + _CELL * 0.66
    total = sum(named.get((script, column), 0) for column in columns)
    parts = [f'<text x="{_LEFT - 8}" y="{middle:g}" text-anchor="end">{escape(script)}</text>']
    for at, column in enumerate(columns):
        count = named.get((script, column), 0)
        left = _LEFT + _CELL * at
        share = count / total if total else 0.0
        hue = "31,119,80" if column == script else "200,60,40"
        parts.append(
            f'<rect x="{left}" y="{top}" width="{_CELL}" height="{_CELL}" stroke="#ddd" '
            f'fill="rgb({hue})" fill-opacity="{share:.2f}"/>'
        )
        if count:
            ink = "#fff" if share > 0.5 else "#111"
            parts.append(
                f'<text x="{left + _CELL / 2:g}" y="{middle:g}" text-anchor="middle" '
                f'fill="{ink}">{count}</text>'
            )
    return parts
