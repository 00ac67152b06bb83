"""One running process of a part: its output, its life and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import IO

import psutil

from bot.supervisor.parts import Part
from bot.supervisor.watchdog import signalled

LAUNCHER = Path(__file__).with_name("launcher.py")
LINES_KEPT = 20
STEP_SECONDS = 0.05
READER_SECONDS = 2.0


class PartProcess:
    """A part's process, which leads a process group of its own.

    Make it in a thread that lives as long as the supervisor: the kernel takes the end of that
    thread for the end of the supervisor, and stops the part.

    Args:
        part: What to run.
        on_line: Called with each line of its output, from a thread of its own.
    """

    def __init__(self, part: Part, *, on_line: Callable[[str], None]) -> None:
        self.last_lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._on_line = on_line
        self._process = subprocess.Popen(  # noqa: S603 - The command comes from our own code.
            [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), *part.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=part.folder,
            env=dict(part.env),
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id, which is the id of its group too."""
        return self._process.pid

    def exit_status(self) -> str:
        """Return how it ended, in plain words; an empty string while it is alive."""
        code = self._process.poll()
        if code is None:
            return ""
        if code >= 0:
            return f"exit code {code}"
        return f"ended by signal {-code}, {signal.Signals(-code).name}"

    def stop(self, *, patience: float, hurry: Callable[[], bool] = lambda: False) -> None:
        """End the whole group: SIGTERM first, SIGKILL when the patience is over.

        Args:
            patience: Seconds to wait in between.
            hurry: Says whether the patience is over already.
        """
        signalled(self.pid, signal.SIGTERM)
        until = time.monotonic() + patience
        while self._group_lives() and time.monotonic() < until and not hurry():
            time.sleep(STEP_SECONDS)
        self.clear_away()

    def clear_away(self) -> None:
        """End what is left of the group, and collect the process and its last output."""
        signalled(self.pid, signal.SIGKILL)
        self._process.wait()
        # The system takes a moment to end the others; nobody is told "stopped" before it has.
        until = time.monotonic() + READER_SECONDS
        while self._group_lives() and time.monotonic() < until:
            time.sleep(STEP_SECONDS)
        # Whoever left the group may still hold the pipe; then the last lines are given up.
        self._reader.join(READER_SECONDS)

    def _group_lives(self) -> bool:
        if self._process.poll() is None:
            return True
        return signalled(self.pid, 0) and _has_living_members(self.pid)

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                text = line.rstrip()
                if text:
                    self.last_lines.append(text)
                    self._on_line(text)


def _has_living_members(group: int) -> bool:
    """Tell living processes from dead ones that nobody has collected, as in a bare container."""
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError, psutil.Error):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False
