"""A PostgreSQL server of this run alone, which may be killed as a power cut kills it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

START_SECONDS = 60
MISSING = "PostgreSQL: its programs initdb and postgres are not installed."


def programs() -> Path | None:
    """Return the folder of the server's programs; Debian keeps them out of the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


class Cluster:
    """A cluster in a folder, listening on this machine only; its settings are the server's own.

    Args:
        folder: Where its data goes; must be open to the server's user.
        port: Where it listens.
    """

    def __init__(self, folder: Path, *, port: int) -> None:
        found = programs()
        assert found is not None, MISSING
        self._programs = found
        self._data = folder / "data"
        self._log = folder / "log"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._as_server: dict[str, Any] = {"cwd": "/"}
        if os.getuid() == 0:  # The server refuses to run as root.
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self._as_server |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._run_initdb()
        self.start()

    @property
    def url(self) -> str:
        """The URL of its database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers; after a crash it recovers first."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, self._log.read_text(encoding="utf-8")[-2000:]
            # What a killed server leaves behind may refuse the first try.
            if self._process is None or self._process.poll() is not None:
                self._launch()
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill the server and every process of it with SIGKILL."""
        assert self._process is not None
        server = psutil.Process(self._process.pid)
        family = [server, *server.children(recursive=True)]
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._process.wait()
        psutil.wait_procs(family[1:], timeout=10)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _run_initdb(self) -> None:
        options = ("--username", "postgres", "--auth", "trust", "--encoding", "UTF8")
        subprocess.run(
            [self._programs / "initdb", "--pgdata", self._data, *options, "--locale", "C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._as_server,
        )

    def _launch(self) -> None:
        options = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-p", str(self._port), *options],
                stdout=log,
                stderr=log,
                **self._as_server,
            )

    def _answers(self) -> bool:
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            return False
        finally:
            engine.dispose()
        return True
