"""A lane for each receiver, so that none takes more than its share of the threads."""

from __future__ import annotations

from collections import Counter

#: Failures in a row after which a receiver is only probed, one message at a time.
TROUBLED_AFTER = 3


class Lanes:
    """Counts what is under way to each receiver. Used by one thread alone.

    Args:
        width: Messages under way to one receiver at most.
    """

    def __init__(self, *, width: int) -> None:
        self._width = width
        self._under_way: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()

    @property
    def under_way(self) -> int:
        """Messages under way to all receivers."""
        return self._under_way.total()

    def room(self, receiver: str) -> int:
        """Return how many more messages a receiver may be given now.

        One that keeps failing gets one at a time: several dead receivers, each waiting for its
        time-out, must not take all threads together.
        """
        width = 1 if self._failures[receiver] >= TROUBLED_AFTER else self._width
        return width - self._under_way[receiver]

    def enter(self, receiver: str) -> None:
        """Count a message that sets out."""
        self._under_way[receiver] += 1

    def leave(self, receiver: str, *, delivered: bool) -> None:
        """Count a message that has come back."""
        self._under_way[receiver] -= 1
        if not self._under_way[receiver]:
            del self._under_way[receiver]
        if delivered:
            del self._failures[receiver]
        else:
            self._failures[receiver] += 1
