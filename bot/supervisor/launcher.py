"""Becomes one part: ties its life to the supervisor's, then turns into the part's command.

Run as a script of its own and not as a hook between fork and exec, because Python code in that gap
can deadlock in a process that has threads. It uses the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # From Linux's <sys/prctl.h>.


def main(arguments: list[str]) -> int:
    """Turn into the command.

    Args:
        arguments: The supervisor's process id, then the command and its arguments.

    Returns:
        Only on failure: 127 where the command cannot be started.
    """
    supervisor, command = int(arguments[0]), arguments[1:]
    die_with_the_parent()
    if os.getppid() != supervisor:  # It died before the line above; nobody would ever stop us.
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606 - The command comes from our own code.
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error.strerror}\n")
    return 127


def die_with_the_parent() -> None:
    """Ask the kernel for SIGTERM when the supervisor ends; elsewhere the watchdog alone does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
