"""How long to wait before a part that died is started again."""

from __future__ import annotations


class Backoff:
    """Waits that double from one failure to the next.

    Args:
        first: The first wait, seconds.
        longest: No wait is longer, seconds.
    """

    def __init__(self, *, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def next_wait(self) -> float:
        """Return the wait after one more failure, seconds."""
        wait = min(self._next, self._longest)
        self._next = wait * 2
        return wait

    def reset(self) -> None:
        """The part has proved healthy; the next failure is a first one again."""
        self._next = self._first
