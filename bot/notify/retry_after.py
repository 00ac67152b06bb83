"""Reading how long a receiver asks us to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")


def retry_after_seconds(header: str | None, *, now: datetime) -> float | None:
    """Return the wait that a ``Retry-After`` header asks for, as RFC 9110 section 10.2.3 has it.

    Args:
        header: Seconds or an HTTP date; None where there was no header.
        now: The moment, aware.

    Returns:
        Seconds, never negative; None where the header is missing or says nothing.
    """
    words = (header or "").strip()
    if _SECONDS.fullmatch(words):
        return float(words)
    try:
        asked = parsedate_to_datetime(words)
    except ValueError:
        return None
    # A date without a zone is meant as GMT.
    asked = asked.replace(tzinfo=UTC) if asked.tzinfo is None else asked
    return max((asked - now).total_seconds(), 0.0)
