"""Set-up makes what is missing, repairs what is half-made, and leaves alone what is fresh.

The script is the real one, run on a copy of a small checkout; the package installer, which would
need the network, is a stand-in that writes down how it is called and makes an empty environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"

INSTALLER = """#!/usr/bin/env bash
echo "$*" >>"$INSTALLER_LOG"
case "$*" in
  --version) echo "uv 0" ;;
  "python find"*3.12) echo "$PYTHON_312" ;;
  "python find"*3.10) echo "$PYTHON_310" ;;
  "python install"*) exit 1 ;;
  "venv "*) mkdir -p "${@: -1}/bin" "${@: -1}/lib" && ln -s "$5" "${@: -1}/bin/python" ;;
  "pip sync"*) sleep "${SYNC_SECONDS:-0}"; exit "${SYNC_EXIT:-0}" ;;
  "pip install"*) touch .venv/bin/secondvoice && chmod +x .venv/bin/secondvoice ;;
esac
"""

BASIC_TOOLS = (
    *("bash", "cat", "chmod", "cp", "cut", "dirname", "env", "flock", "grep", "ln", "mkdir"),
    *("mv", "rm", "sha256sum", "sleep", "tail", "touch"),
)


@dataclass
class Checkout:
    """A small checkout with its own installer."""

    root: Path
    env: dict[str, str]
    installer_log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.installer_log = Path(self.env["INSTALLER_LOG"])

    def start(self, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "scripts" / "set-up"],
            env=self.env | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def set_up(self, *, fails: bool = False, **env: str) -> str:
        """Run set-up; return what it printed, and forget earlier calls of the installer."""
        self.installer_log.unlink(missing_ok=True)
        process = self.start(**env)
        output, _ = process.communicate(timeout=60)
        assert (process.returncode != 0) == fails, output
        return output

    def calls(self, start: str = "") -> list[str]:
        """Return how the installer was called, apart from the question for its version."""
        if not self.installer_log.exists():
            return []
        lines = self.installer_log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line != "--version" and line.startswith(start)]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "checkout"
    for folder in (root / "scripts", root / "engine", tmp_path / "bin"):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "set-up", root / "scripts" / "set-up")
    for name in ("pyproject.toml", "requirements.lock", "engine/requirements.lock"):
        (root / name).write_text(f"{Path(name).name}==1\n", encoding="utf-8")
    uv = tmp_path / "bin" / "uv"
    uv.write_text(INSTALLER, encoding="utf-8")
    uv.chmod(0o755)
    env = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "INSTALLER_LOG": str(tmp_path / "installer.log"),
        "PYTHON_312": sys.executable,
        "PYTHON_310": str(ENGINE_PYTHON),
    }
    return Checkout(root, env)


@pytest.fixture
def made(checkout: Checkout) -> Checkout:
    checkout.set_up()
    return checkout


def test_first_set_up_makes_both_environments_and_installs_the_project(checkout):
    output = checkout.set_up()

    assert [call.rsplit(" ", 1)[1] for call in checkout.calls("venv")] == [".venv", "engine/.venv"]
    assert all("--require-hashes" in call for call in checkout.calls("pip sync"))
    assert len(checkout.calls("pip install")) == 1
    assert "Making the application environment in .venv with Python 3.12" in output
    assert "Making the engine environment" in output


def test_second_set_up_does_nothing_and_says_nothing(made):
    assert made.set_up() == ""
    assert made.calls() == []


def test_interrupted_set_up_is_begun_again_from_nothing(checkout):
    checkout.set_up(fails=True, SYNC_EXIT="1")
    left = checkout.root / ".venv" / "left-by-the-first"
    left.touch()

    checkout.set_up()

    assert not left.exists()
    assert checkout.set_up() == ""


def test_changed_lock_brings_its_own_environment_up_to_date_in_place(made):
    kept = made.root / "engine" / ".venv" / "kept"
    kept.touch()
    (made.root / "engine" / "requirements.lock").write_text("other==2\n", encoding="utf-8")

    output = made.set_up()

    assert "engine/.venv up to date" in output
    assert kept.exists()
    assert made.calls("venv") == []
    assert len(made.calls("pip sync")) == 1
    assert made.set_up() == ""


def test_set_up_that_fails_while_updating_is_begun_again_from_nothing(made):
    (made.root / "requirements.lock").write_text("other==2\n", encoding="utf-8")
    made.set_up(fails=True, SYNC_EXIT="1")

    made.set_up()

    assert len(made.calls("venv")) == 1


def test_changed_lock_installs_the_project_anew_because_a_sync_removes_it(made):
    (made.root / "requirements.lock").write_text("other==2\n", encoding="utf-8")

    made.set_up()

    assert len(made.calls("pip install")) == 1


def test_changed_project_file_installs_the_project_alone(made):
    (made.root / "pyproject.toml").write_text("changed\n", encoding="utf-8")

    made.set_up()

    assert [call.split(" --")[0] for call in made.calls("pip")] == ["pip install"]
    assert made.set_up() == ""


def test_environment_whose_python_is_gone_is_made_again(made):
    python = made.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.12")

    made.set_up()

    assert [call.rsplit(" ", 1)[1] for call in made.calls("venv")] == [".venv"]


def test_moved_checkout_is_made_again_because_its_commands_name_the_old_place(made):
    moved = made.root.rename(made.root.with_name("moved"))

    Checkout(moved, made.env).set_up()

    assert len(made.calls("venv")) == 2


def test_two_set_ups_at_once_take_turns(checkout):
    both = [checkout.start(SYNC_SECONDS="0.5") for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert len(checkout.calls("venv")) == 2
    assert sum("Another set-up is at work" in output for output in outputs) == 1


def test_stand_ins_of_version_managers_are_not_taken_for_python(checkout, tmp_path):
    stand_in = tmp_path / "bin" / "python3.10"
    stand_in.write_text("#!/bin/sh\necho 'command not found' >&2; exit 127\n", encoding="utf-8")
    stand_in.chmod(0o755)
    managed = tmp_path / "pyenv" / "versions" / "3.10.9" / "bin" / "python3.10"
    managed.parent.mkdir(parents=True)
    managed.symlink_to(ENGINE_PYTHON.resolve())

    checkout.set_up(PYTHON_310=str(stand_in), PYENV_ROOT=str(tmp_path / "pyenv"))

    assert f"--python {managed} engine/.venv" in checkout.calls("venv")[1]


def test_missing_python_is_named_with_what_to_install(checkout):
    output = checkout.set_up(fails=True, PYTHON_310="")

    assert "No Python 3.10 was found" in output
    assert "python3.10 from the system's packages" in output
    assert checkout.calls("python install"), "it tried to fetch one first"


def test_missing_installer_that_pip_cannot_bring_is_explained(checkout, without_uv):
    output = checkout.set_up(fails=True, PATH=without_uv("exit 1"))

    assert "Installing the package installer uv into .tools." in output
    assert "uv could not be installed. It needs python3 with pip" in output


def test_missing_installer_is_brought_by_pip_into_the_checkout(checkout, without_uv, tmp_path):
    pip = (
        'case "$*" in *"pip install"*--target*) mkdir -p "$6/bin" && '
        f'cp {tmp_path / "bin" / "uv"} "$6/bin/uv" ;; *) exit 1 ;; esac'
    )

    checkout.set_up(PATH=without_uv(pip))

    assert (checkout.root / ".tools" / "uv" / "bin" / "uv").exists()
    assert len(checkout.calls("venv")) == 2


@pytest.fixture
def without_uv(tmp_path: Path) -> Callable[[str], str]:
    """Make a PATH that has the basic tools, a python3 that does what is given, and no uv."""

    def make(python3: str) -> str:
        folder = tmp_path / "basic"
        folder.mkdir()
        for name in BASIC_TOOLS:
            if found := shutil.which(name):
                (folder / name).symlink_to(found)
        python = folder / "python3"
        python.write_text(f"#!/bin/bash\n{python3}\n", encoding="utf-8")
        python.chmod(0o755)
        return str(folder)

    return make


def test_engine_environment_is_there_for_these_tests():
    assert os.access(ENGINE_PYTHON, os.X_OK), "run `make setup` first"
