"""One assessment as JSON: a line of ``secondvoice check --jsonl``, the answer of the check API."""

from __future__ import annotations

from typing import Any

from bot.recognition import Assessment


def document(assessment: Assessment, *, item_id: str | int) -> dict[str, Any]:
    """Return an assessment as plain JSON types, in the documented order of keys.

    Args:
        assessment: What the recogniser said.
        item_id: The input's own id, or its number.
    """
    return {"id": item_id, **assessment.to_dict()}
