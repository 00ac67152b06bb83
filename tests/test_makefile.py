"""The commands of the Makefile exist, explain themselves, and build on each other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = re.findall(r"(?m)^\.PHONY: (\S+)", MAKEFILE)
EXPECTED = {"setup", "run", "test", "check", "train", "eval"} | {
    "bench",
    "shell",
    "lock",
    "clean",
    "help",
}


def test_the_promised_commands_exist():
    assert set(COMMANDS) >= EXPECTED


def test_make_without_a_command_lists_every_command_with_its_explanation():
    listed = dict(re.findall(r"(?m)^  ([a-z-]+) +(\S.*)$", make()))

    assert set(listed) == set(COMMANDS)
    assert all(len(explanation) > 10 for explanation in listed.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_planned(command):
    make("--dry-run", command)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("clean", "help")])
def test_every_command_sees_to_the_set_up_first(command):
    planned = make("--dry-run", command).splitlines()

    assert planned[0] == "scripts/set-up"


def test_tests_are_run_on_a_trained_model():
    planned = make("--dry-run", "test", "ARGS=-k rail")

    train, pytest_, rasa = (
        planned.index(text) for text in ("secondvoice train\n", "-m pytest -k rail", "rasa-test")
    )
    assert train < pytest_ < rasa


def test_locks_carry_digests_and_no_address_of_a_registry():
    for lock in ("requirements.lock", "engine/requirements.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text


@pytest.mark.parametrize("script", ["scripts/set-up", ".ci/run"])
def test_scripts_can_be_run_and_parsed(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", ROOT / script], check=True)  # noqa: S607


def make(*arguments: str) -> str:
    """Run make in the checkout and return what it prints."""
    result = subprocess.run(
        ["make", "--no-print-directory", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
