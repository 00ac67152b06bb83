"""One part under watch: what is to be done with it at this moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.errors import UnavailableError
from bot.supervisor.backoff import Backoff
from bot.supervisor.guard import Guard
from bot.supervisor.parts import Part
from bot.supervisor.probe import answers
from bot.supervisor.process import PartProcess

LINES_SHOWN = 5


@dataclass(frozen=True)
class Pace:
    """The waits of the supervisor, seconds unless said otherwise.

    Args:
        first_wait: Before the first restart of a part; it doubles from one failure to the next.
        longest_wait: Before any restart.
        healthy_after: A part that was ready for so long has its failures forgiven.
        tries: How often a part may fail before it was ever ready (a count).
        patience: Between SIGTERM and SIGKILL.
        settle: A part without a probe is ready when it has lived so long.
        slow_after: A start that takes longer is remarked upon.
        tick: Between two looks at the parts.
    """

    first_wait: float = 0.5
    longest_wait: float = 30.0
    healthy_after: float = 60.0
    tries: int = 5
    patience: float = 10.0
    settle: float = 3.0
    slow_after: float = 60.0
    tick: float = 0.1


class GivenUpError(UnavailableError):
    """A part failed again and again without ever having been ready."""


class WatchedPart:
    """Starts a part, notices that it is ready or dead, and starts it again when that is due.

    Args:
        part: What to keep alive.
        pace: The waits.
        guard: Learns of every process group, so that none outlives the supervisor.
        say: Called with what people should know, and a colour for it.
        on_line: Called with the part's name and each line of its output.
    """

    def __init__(
        self,
        part: Part,
        *,
        pace: Pace,
        guard: Guard,
        say: Callable[[str, str], None],
        on_line: Callable[[str, str], None],
    ) -> None:
        self.part = part
        self.process: PartProcess | None = None
        self._pace = pace
        self._guard = guard
        self._say = say
        self._on_line = on_line
        self._backoff = Backoff(first=pace.first_wait, longest=pace.longest_wait)
        self._failures = 0
        self._ever_ready = False
        self._started_at = 0.0
        self._ready_at: float | None = None
        self._restart_at: float | None = None

    @property
    def ready(self) -> bool:
        """Whether it answered its probes since its last start."""
        return self._ready_at is not None

    @property
    def seconds_to_ready(self) -> float:
        """Time from its last start until it was ready; 0 while it is not."""
        return 0.0 if self._ready_at is None else self._ready_at - self._started_at

    def start(self) -> None:
        """Start the part."""
        self._started_at = time.monotonic()
        self._ready_at = self._restart_at = None
        name = self.part.name
        self.process = PartProcess(self.part, on_line=lambda line: self._on_line(name, line))
        self._guard.register(self.process.pid)

    def tick(self) -> None:
        """Do what is due now.

        Raises:
            GivenUpError: It has failed too often before it was ever ready.
        """
        if self.process is None:
            if self._restart_at is not None and time.monotonic() >= self._restart_at:
                self.start()
        elif status := self.process.exit_status():
            self._died(self.process, status)
        elif self._ready_at is None:
            self._look_whether_ready()
        elif time.monotonic() - self._ready_at >= self._pace.healthy_after:
            self._backoff.reset()

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Stop the part, with all processes that it has started itself."""
        self._restart_at = self._ready_at = None
        if self.process is not None:
            self.process.stop(patience=self._pace.patience, hurry=hurry)
            self._guard.forget(self.process.pid)
            self.process = None

    def _look_whether_ready(self) -> None:
        if self.part.probes:
            ready = all(answers(url) for url in self.part.probes)
        else:
            ready = time.monotonic() - self._started_at >= self._pace.settle
        if ready:
            self._ready_at = time.monotonic()
            self._ever_ready = True

    def _died(self, process: PartProcess, status: str) -> None:
        """Clear up, and decide between a restart and giving up."""
        process.clear_away()
        self._guard.forget(process.pid)
        self.process = self._ready_at = None
        lines = tuple(process.last_lines)
        if not self._ever_ready:
            self._failures += 1
            if self._failures >= self._pace.tries:
                raise GivenUpError(self._farewell(status, lines))
        wait = self._backoff.next_wait()
        self._restart_at = time.monotonic() + wait
        self._say(
            f"{self.part.name} stopped by itself ({status}). It is started again in {wait:g} s. "
            f"{_quoted(lines[-LINES_SHOWN:])}",
            "yellow",
        )

    def _farewell(self, status: str, lines: Iterable[str]) -> str:
        return (
            f"{self.part.name} failed {self._failures} times in a row without ever getting ready "
            f"({status}), so everything is stopped. {_quoted(tuple(lines))}"
        )


def _quoted(lines: tuple[str, ...]) -> str:
    """Show the last lines of a part, set off from our own."""
    if not lines:
        return "It printed nothing."
    return "Its last lines:" + "".join(f"\n  | {line}" for line in lines)
