"""Places of a data file that somebody still has to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Marks a place to fill in, in the files that ``secondvoice scripts new`` writes.
TODO = "TODO"


def unfinished(document: Any, place: str = "") -> Iterator[str]:
    """Yield ``place: problem`` for every text of a document that is still to be written.

    Args:
        document: What a YAML file holds.
        place: Where in the file the document stands.
    """
    if isinstance(document, str) and (document == TODO or document.startswith(f"{TODO}:")):
        yield f"{place}: still says {document[:60]!r}"
    parts = document if isinstance(document, dict) else {}
    if isinstance(document, list):
        parts = dict(enumerate(document))
    for key, part in parts.items():
        yield from unfinished(part, f"{place}/{key}".lstrip("/"))
