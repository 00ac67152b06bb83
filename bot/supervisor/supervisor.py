"""Keeps the parts alive: starts them, waits until they are ready, restarts and stops them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from bot.errors import NotFoundError, UnavailableError
from bot.supervisor.guard import Guard
from bot.supervisor.log import JoinedLog
from bot.supervisor.parts import Part
from bot.supervisor.signals import StopSignals
from bot.supervisor.watched import GivenUpError, Pace, WatchedPart

OWN_NAME = "voice"


@dataclass(frozen=True)
class Readiness:
    """How far the parts are.

    Args:
        ready: The names of the parts that are ready.
        waiting: The names of the others.
        seconds: Time since the start.
    """

    ready: tuple[str, ...]
    waiting: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        done = ", ".join(self.ready) or "nothing yet"
        return f"ready: {done}; waiting for: {', '.join(self.waiting)}"

    def as_line(self) -> str:
        """Return it in few words, for a line that is drawn over and over."""
        parts = (*(f"{name} ✓" for name in self.ready), *(f"{name} …" for name in self.waiting))
        return f"Getting ready, {self.seconds:.0f} s: {', '.join(parts)}"


class Supervisor:
    """Runs parts side by side until it is told to stop.

    Start it in a thread that lives as long as the parts shall. As a context manager it starts the
    parts and leaves no process behind.

    Args:
        parts: In the order of their start; they are stopped in the reverse order.
        console: Where people read.
        log: Takes the lines of all parts; None makes one that writes to the console alone.
        pace: The waits.
    """

    def __init__(
        self,
        parts: Iterable[Part],
        *,
        console: Console,
        log: JoinedLog | None = None,
        pace: Pace | None = None,
    ) -> None:
        parts = tuple(parts)
        self._console = console
        self._log = log or JoinedLog(console, names=log_names(parts))
        self._pace = pace or Pace()
        self._guard = Guard(patience=self._pace.patience)
        self._watched = {
            part.name: WatchedPart(
                part, pace=self._pace, guard=self._guard, say=self._say, on_line=self._log.line
            )
            for part in parts
        }
        self._started_at = 0.0
        self._announced: set[str] = set()
        self._warned = False

    def __enter__(self) -> Self:
        """Start all parts."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop all parts."""
        self.stop()

    def run(self, *, on_ready: Callable[[], None] = lambda: None) -> int:
        """Keep the parts alive until SIGINT, SIGTERM or SIGHUP, or until one cannot be started.

        Args:
            on_ready: Called once, when all parts are ready for the first time.

        Returns:
            0 when it was told to stop, 1 when it gave up.
        """
        with StopSignals() as signals:
            try:
                self.start()
                self._loop(signals, on_ready)
            except GivenUpError as error:
                self._say(str(error), "bold red")
                return 1
            finally:
                self.stop(hurry=signals.again)
                self._say("All parts are stopped.")
                self._log.close()
        return 0

    def start(self) -> None:
        """Start all parts, without waiting for them."""
        self._started_at = time.monotonic()
        for watched in self._watched.values():
            watched.start()

    def tick(self) -> bool:
        """Look at each part once: has it died, is it ready, is its restart due?

        Returns:
            Whether all parts are ready.

        Raises:
            GivenUpError: A part cannot be started at all.
        """
        for watched in self._watched.values():
            watched.tick()
        self._announce()
        return not self.readiness().waiting

    def wait_until_ready(self, *, seconds: float) -> None:
        """Wait until all parts are ready.

        Raises:
            UnavailableError: They are not, after so many seconds, or one cannot be started at all.
        """
        until = time.monotonic() + seconds
        while not self.tick():
            if time.monotonic() > until:
                raise UnavailableError(f"Not ready after {seconds:.0f} s: {self.readiness()}.")
            time.sleep(self._pace.tick)

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop all parts, the last one first, and leave no process behind.

        Args:
            hurry: Says whether to stop being patient with them.
        """
        for watched in reversed(self._watched.values()):
            watched.stop(hurry=hurry)
        self._guard.close()

    def readiness(self) -> Readiness:
        """Return how far the parts are."""
        ready = tuple(name for name, watched in self._watched.items() if watched.ready)
        waiting = tuple(name for name in self._watched if name not in ready)
        return Readiness(ready, waiting, time.monotonic() - self._started_at)

    def pid(self, name: str) -> int:
        """Return the process id of a part.

        Raises:
            NotFoundError: There is no such part, or it is not running now.
        """
        watched = self._watched.get(name)
        if watched is None or watched.process is None:
            raise NotFoundError(f"No part named {name!r} is running.")
        return watched.process.pid

    def seconds_to_ready(self, name: str) -> float:
        """Return how long a part took from its last start until it was ready, seconds.

        Raises:
            NotFoundError: There is no such part, or it is not ready.
        """
        watched = self._watched.get(name)
        if watched is None or not watched.ready:
            raise NotFoundError(f"No part named {name!r} is ready.")
        return watched.seconds_to_ready

    def _loop(self, signals: StopSignals, on_ready: Callable[[], None]) -> None:
        if self._wait_for_first_readiness(signals):
            on_ready()
        while not signals.wait(self._pace.tick):
            self.tick()
        self._say("Stopping. Press Ctrl-C again to end everything at once.")

    def _wait_for_first_readiness(self, signals: StopSignals) -> bool:
        """Tick until all parts are ready, with a line that moves where somebody can see it move."""
        status = Status("", console=self._console)
        if self._console.is_terminal:
            status.start()
        try:
            while not signals.wait(self._pace.tick):
                if self.tick():
                    return True
                status.update(self.readiness().as_line())
                self._warn_when_slow()
        finally:
            status.stop()
        return False

    def _warn_when_slow(self) -> None:
        readiness = self.readiness()
        if readiness.seconds > self._pace.slow_after and not self._warned:
            self._warned = True
            self._say(f"This takes longer than usual; still at it ({readiness}).", "yellow")

    def _announce(self) -> None:
        """Say of each part once per start that it is ready."""
        for name, watched in self._watched.items():
            if not watched.ready:
                self._announced.discard(name)
            elif name not in self._announced:
                self._announced.add(name)
                count = f"{len(self.readiness().ready)} of {len(self._watched)}"
                self._say(f"{name} is ready after {watched.seconds_to_ready:.1f} s ({count}).")

    def _say(self, text: str, style: str = "bold") -> None:
        for line in text.splitlines():
            self._log.line(OWN_NAME, line, style=style)


def log_names(parts: Iterable[Part]) -> tuple[str, ...]:
    """Return the names under which lines appear in the log."""
    return (*(part.name for part in parts), OWN_NAME)
