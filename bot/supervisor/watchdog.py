"""Outlives a supervisor that was killed, just long enough to stop what it has left behind.

The supervisor writes the process groups of its parts into this process's standard input, ``+123``
when one begins and ``-123`` when it is over. However the supervisor ends, the pipe closes; groups
that are still listed then get SIGTERM, and SIGKILL after the patience. Standard library alone.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

STEP_SECONDS = 0.05


def main(arguments: list[str]) -> int:
    """Wait for the pipe to close, then stop what is left.

    Args:
        arguments: The patience between SIGTERM and SIGKILL, seconds.
    """
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # Ctrl-C is the supervisor's affair.
    left = groups_left(sys.stdin)
    stop(left, patience=float(arguments[0]))
    return 0


def groups_left(lines: Iterable[str]) -> set[int]:
    """Read begin and end of process groups until the lines end; return those not ended."""
    groups: set[int] = set()
    for line in lines:
        sign, number = line[:1], line[1:].strip()
        if not number.isdecimal():  # The last line may be cut off.
            continue
        if sign == "+":
            groups.add(int(number))
        elif sign == "-":
            groups.discard(int(number))
    return groups


def stop(groups: set[int], *, patience: float) -> None:
    """Ask the groups to end, and end them when the patience (seconds) is over."""
    alive = {group for group in groups if signalled(group, signal.SIGTERM)}
    until = time.monotonic() + patience
    while alive and time.monotonic() < until:
        time.sleep(STEP_SECONDS)
        alive = {group for group in alive if signalled(group, 0)}
    for group in alive:
        signalled(group, signal.SIGKILL)


def signalled(group: int, number: int) -> bool:
    """Send a signal to a whole group; False where nobody of it is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # Some systems say so of a group of zombies.
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
