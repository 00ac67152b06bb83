"""The supervisor's end of the watchdog: tells it which process groups are alive."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import IO

WATCHDOG = Path(__file__).with_name("watchdog.py")


class Guard:
    """Keeps one watchdog process informed, and replaces it when it is gone.

    Args:
        patience: Seconds between SIGTERM and SIGKILL.
    """

    def __init__(self, *, patience: float) -> None:
        self._patience = patience
        self._groups: set[int] = set()
        self._process: subprocess.Popen[str] | None = None

    def register(self, group: int) -> None:
        """A part's process group has begun."""
        self._groups.add(group)
        self._send(f"+{group}")

    def forget(self, group: int) -> None:
        """A part's process group is over."""
        self._groups.discard(group)
        self._send(f"-{group}")

    def close(self) -> None:
        """End the watchdog; it stops whatever is still registered."""
        if self._process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._stdin_of(self._process).close()
        self._process.wait()
        self._process = None

    def _send(self, line: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._replace()
            return
        try:
            self._write(self._process, line)
        except BrokenPipeError:
            self._replace()

    def _replace(self) -> None:
        """Start a watchdog and tell it all that is known."""
        self.close()
        self._process = subprocess.Popen(  # noqa: S603 - Our own script.
            [sys.executable, "-I", "-S", str(WATCHDOG), str(self._patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        for group in sorted(self._groups):
            self._write(self._process, f"+{group}")

    def _write(self, process: subprocess.Popen[str], line: str) -> None:
        stdin = self._stdin_of(process)
        stdin.write(line + "\n")
        stdin.flush()

    @staticmethod
    def _stdin_of(process: subprocess.Popen[str]) -> IO[str]:
        if process.stdin is None:  # It is always made with a pipe.
            raise RuntimeError("The watchdog has no standard input.")
        return process.stdin
