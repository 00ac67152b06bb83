"""The product's own processes, killed and started again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

import httpx

from bot.settings import PROJECT_ROOT

READY_SECONDS = 90


class Killable(Protocol):
    """What the experiment kills."""

    def start(self) -> None:
        """Start it and wait until it is ready."""

    def kill(self) -> None:
        """Kill it with SIGKILL."""


class Part:
    """One process of the product.

    Args:
        module: What Python runs.
        env: Its whole environment.
        log: Where its output goes.
        probe: A URL that answers once it is ready; empty where there is none.
    """

    def __init__(self, module: str, *, env: dict[str, str], log: Path, probe: str = "") -> None:
        self._module = module
        self._env = env
        self._log = log
        self._probe = probe
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until it is ready; one that ends at once is started again."""
        deadline = time.monotonic() + READY_SECONDS
        self._launch()
        while self._probe and not self._ready():
            assert time.monotonic() < deadline, self._log.read_text(encoding="utf-8")[-2000:]
            time.sleep(0.1)
            # The database may be away just now.
            self._relaunch()

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def revive(self) -> None:
        """Start it again where it has ended by itself, as the supervisor does."""
        self._relaunch()

    def __enter__(self) -> Part:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _launch(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
                env=self._env,
                cwd=PROJECT_ROOT,
                stdout=log,
                stderr=log,
            )

    def _relaunch(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._launch()

    def _ready(self) -> bool:
        try:
            return httpx.get(self._probe, timeout=1, trust_env=False).is_success
        except httpx.HTTPError:
            return False


def environment(folder: Path, *, database: str, receiver: str, actions_port: int) -> dict[str, str]:
    """Return the settings of all parts: retries are quick, since the run is short.

    Args:
        folder: The run's own folder; the files of webhooks and of escalation go into it.
        database: SQLAlchemy URL.
        receiver: Where messages go.
        actions_port: Where the action server listens.
    """
    # Nobody of the bank reads here. Asking the next person after minutes is right, but would mix
    # news that is told again on purpose with copies.
    patient = folder / "escalation.yml"
    policy = (PROJECT_ROOT / "deploy" / "escalation.yml").read_text(encoding="utf-8")
    patient.write_text(re.sub(r"(minutes: *)\d+", r"\g<1>600", policy), encoding="utf-8")
    webhooks = folder / "webhooks.yml"
    webhooks.write_text(
        "hosts: [127.0.0.1]\n"
        "webhooks:\n"
        "  bank:\n"
        f"    url: {receiver}/messages\n"
        "    key_variable: SECONDVOICE_FAULTS_WEBHOOK_KEY\n"
        "    networks: [127.0.0.0/8]\n",
        encoding="utf-8",
    )
    settings = {
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "ACTIONS_PORT": str(actions_port),
        "WEBHOOKS_FILE": str(webhooks),
        "ESCALATION_FILE": str(patient),
        "FAULTS_WEBHOOK_KEY": "k" * 32,
        "DELIVERY_FIRST_WAIT_SECONDS": "0.05",
        "DELIVERY_ATTEMPTS": "60",
        "DELIVERY_LEASE_SECONDS": "5",
    }
    return dict(os.environ) | {f"SECONDVOICE_{name}": value for name, value in settings.items()}


def until(fact: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until something is so; the last look decides."""
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.2)
    return fact()
