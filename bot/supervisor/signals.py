"""Turns the signals that end a program into a question that a loop can ask."""

from __future__ import annotations

import signal
import time
from types import FrameType, TracebackType
from typing import Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STEP_SECONDS = 0.05


class StopSignals:
    """Counts SIGINT, SIGTERM and SIGHUP while it is entered; use it in the main thread."""

    def __init__(self) -> None:
        self._count = 0

    def __enter__(self) -> Self:
        """Take over the signals."""
        self._before = {number: signal.signal(number, self._note) for number in STOPPING}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until a signal has come; return whether one has."""
        until = time.monotonic() + seconds
        while not self._count and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, STEP_SECONDS))
        return self._count > 0

    def again(self) -> bool:
        """Tell whether a second signal has come: somebody is in a hurry."""
        return self._count > 1

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
