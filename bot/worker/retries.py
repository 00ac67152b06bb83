"""When a delivery that failed is tried again, and when it is given up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

LONGEST_WAIT_SECONDS = 3600.0
_DOUBLINGS = 40  # More would not fit into a float's seconds; the longest wait comes long before.


@dataclass(frozen=True, kw_only=True)
class Retries:
    """Exponential backoff with jitter, up to a number of attempts.

    Args:
        attempts: How many attempts a message gets before it is dead.
        first_wait: Seconds after the first failure; they double with each further one.
    """

    attempts: int = 8
    first_wait: float = 5.0

    def wait_after(self, attempt: int, *, asked: float | None = None) -> timedelta | None:
        """Return how long to wait after a failed attempt; None gives the message up.

        Args:
            attempt: Number of the attempt that failed, from 1.
            asked: Seconds that the receiver asked for; never undercut, up to an hour.
        """
        if attempt >= self.attempts:
            return None
        doubled = self.first_wait * 2 ** min(attempt - 1, _DOUBLINGS)
        # The jitter spreads load, it guards nothing.
        jittered = doubled * random.uniform(0.75, 1.25)  # noqa: S311
        return timedelta(seconds=min(max(jittered, asked or 0.0), LONGEST_WAIT_SECONDS))
