"""What both environments import is valid on the older Python, and Rasa sees no stray file."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import PROJECT_ROOT
from bot.supervisor.parts import ENGINE_PYTHON

SHARED = [
    PROJECT_ROOT / "bot" / "__init__.py",
    PROJECT_ROOT / "bot" / "errors.py",
    *sorted((PROJECT_ROOT / "bot" / "recognition").rglob("*.py")),
    *sorted((PROJECT_ROOT / "bot" / "nlu").rglob("*.py")),
]
COMPILE_ALL = """
import sys
from pathlib import Path

for name in sys.argv[1:]:
    compile(Path(name).read_text(encoding="utf-8"), name, "exec")
"""
# Rasa's own test for a training file, run where Rasa lives.
FIND_TRAINING_FILES = """
import sys
from pathlib import Path
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.data import is_nlu_file

for name in sys.stdin.read().splitlines():
    if is_nlu_file(name) or YAMLStoryReader.is_stories_file(name):
        print(name)
"""


def test_shared_code_compiles_on_the_python_of_the_engine() -> None:
    outcome = run_in_engine(COMPILE_ALL, *map(str, SHARED))
    assert outcome.returncode == 0, outcome.stderr
    version = run_in_engine("import sys; print(sys.version_info[:2])").stdout.strip()
    assert version == "(3, 10)"
    assert sys.version_info[:2] == (3, 12)


def test_rasa_takes_no_file_outside_the_data_folder_for_training_data() -> None:
    folders = ("scam_scripts", "speech", "bot", "deploy", "payment_rails", "tests/scripts")
    files = [p for name in folders for p in sorted((PROJECT_ROOT / name).rglob("*.yml"))]
    assert len(files) > 20
    names = "\n".join(map(str, files))
    outcome = run_in_engine(FIND_TRAINING_FILES, given=names)
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    assert outcome.stdout.split() == []


def test_rasa_takes_every_file_of_the_data_folder_for_training_data() -> None:
    files = sorted(map(str, (PROJECT_ROOT / "data").rglob("*.yml")))
    outcome = run_in_engine(FIND_TRAINING_FILES, given="\n".join(files))
    assert sorted(outcome.stdout.split()) == files


def run_in_engine(code: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python code in the engine environment."""
    return subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", "-c", code, *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
        check=False,
    )
