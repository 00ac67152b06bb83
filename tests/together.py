"""Real processes that do the same thing in the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from bot.settings import PROJECT_ROOT

_WAIT_AND_ACT = """
import json, sys
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps(act(*sys.argv[1:])))
"""


def at_once(script: str, *arguments: object, processes: int) -> list[Any]:
    """Run a script in several processes that start together; return what each returned.

    Args:
        script: Defines ``act``, which takes texts and returns what JSON can carry.
        arguments: What ``act`` gets; a list gives each process its own.
        processes: How many.
    """
    with ExitStack() as stack:
        started = []
        for number in range(processes):
            own = [str(a[number] if isinstance(a, list) else a) for a in arguments]
            process = subprocess.Popen(
                [sys.executable, "-c", script + _WAIT_AND_ACT, *own],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=PROJECT_ROOT,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            started.append(process)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=120)[0] for process in started]
        assert [process.returncode for process in started] == [0] * processes
        return [json.loads(output) for output in outputs]
