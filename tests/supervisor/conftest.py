"""Small real processes to supervise, and a supervisor in a process of its own to kill."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from bot.settings import PROJECT_ROOT
from bot.supervisor import Pace, Part

SLEEPS = "import time; print('here I am', flush=True); time.sleep(600)"
IGNORES_SIGTERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('stubborn', flush=True); time.sleep(600)"
)
HAS_A_STUBBORN_CHILD = (
    "import subprocess, sys, time; "
    f"subprocess.Popen([sys.executable, '-c', {IGNORES_SIGTERM!r}]); time.sleep(600)"
)
SERVES = (
    "import http.server as h, sys\n"
    "class Fine(h.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200); self.end_headers()\n"
    "h.HTTPServer(('127.0.0.1', int(sys.argv[1])), Fine).serve_forever()\n"
)
QUICK = Pace(first_wait=0.05, longest_wait=0.4, patience=1.0, settle=0.3, tick=0.02)

DRIVER = """
import json, sys
from rich.console import Console
from bot.supervisor import Pace, Part, Supervisor

given = json.loads(sys.argv[1])
parts = [Part(p["name"], tuple(p["command"]), probes=tuple(p["probes"])) for p in given["parts"]]
supervisor = Supervisor(parts, console=Console(width=200), pace=Pace(**given["pace"]))
sys.exit(supervisor.run(on_ready=lambda: print("everything is ready", flush=True)))
"""


@dataclass
class RunningSupervisor:
    """A supervisor in its own process, and all that it printed."""

    process: subprocess.Popen[str]
    output: str = ""
    family: list[psutil.Process] = field(default_factory=list)

    def wait_for(self, text: str) -> None:
        """Read on until it has printed a text, and note which processes there are by then."""
        assert self.process.stdout is not None
        while text not in self.output:
            line = self.process.stdout.readline()
            assert line, f"It ended without printing {text!r}:\n{self.output}"
            self.output += line
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> int:
        """Wait for its end; return the exit code."""
        rest, _ = self.process.communicate(timeout=20)
        self.output += rest
        return self.process.returncode

    def alive(self) -> list[psutil.Process]:
        """Return which of its processes are still alive."""
        return [process for process in self.family if lives(process)]

    def wait_until_gone(self, *, seconds: float = 10) -> None:
        """Wait until none of its processes is alive."""
        until = time.monotonic() + seconds
        while self.alive() and time.monotonic() < until:
            time.sleep(0.05)
        assert self.alive() == []


@pytest.fixture
def start_supervisor() -> Iterator[Callable[..., RunningSupervisor]]:
    """Start a supervisor of the given parts in a process of its own."""
    started: list[RunningSupervisor] = []

    def start(*parts: Part, pace: Pace = QUICK) -> RunningSupervisor:
        given = {
            "parts": [
                {"name": part.name, "command": part.command, "probes": part.probes}
                for part in parts
            ],
            "pace": asdict(pace),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, json.dumps(given)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(RunningSupervisor(process))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.communicate()
        for process in running.alive():
            process.kill()


@pytest.fixture
def printed() -> Console:
    """A console that keeps what is printed: ``printed.file.getvalue()``."""
    return Console(file=io.StringIO(), width=200)


@pytest.fixture
def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def part(code: str, *arguments: str, name: str = "part", probes: tuple[str, ...] = ()) -> Part:
    """Describe a part that is a few lines of Python."""
    return Part(name, (sys.executable, "-c", code, *arguments), probes=probes)


def text_of(console: Console) -> str:
    """Return what a ``printed`` console holds, without the times of day."""
    assert isinstance(console.file, io.StringIO)
    return re.sub(r"(?m)^\d\d:\d\d:\d\d ", "", console.file.getvalue())


def lives(process: psutil.Process) -> bool:
    """Tell whether a process is alive; a dead one that nobody has collected is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def counting(folder: Path, then: str) -> str:
    """Return code that leaves a mark in a folder at each start, then does something."""
    return (
        "import os, pathlib, sys, time\n"
        f"folder = pathlib.Path({str(folder)!r})\n"
        "start = len(list(folder.iterdir()))\n"
        "(folder / str(os.getpid())).touch()\n" + then
    )


@pytest.fixture
def small() -> type[SmallParts]:
    """The small parts and helpers of these tests."""
    return SmallParts


class SmallParts:
    """Namespace of the builders above, so that test modules need not import a conftest."""

    sleeps = SLEEPS
    ignores_sigterm = IGNORES_SIGTERM
    has_a_stubborn_child = HAS_A_STUBBORN_CHILD
    serves = SERVES
    quick = QUICK
    part = staticmethod(part)
    text_of = staticmethod(text_of)
    lives = staticmethod(lives)
    counting = staticmethod(counting)
