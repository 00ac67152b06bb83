"""What the documents name exists, and what exists is in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from bot.cli import app
from bot.settings import PROJECT_ROOT, Settings
from tests.architecture.settings_page import PAGE, settings_page

DOCS = [
    path
    for path in (
        PROJECT_ROOT / "README.md",
        PROJECT_ROOT / "CONTRIBUTING.md",
        *sorted((PROJECT_ROOT / "docs").glob("*.md")),
    )
    if path.exists()
]
#: Folders whose shell and Python code may read a variable of its own, for set-up and tests.
SOURCES = ("Makefile", "scripts", "tests", "benchmarks", "bot", ".ci")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_variable_that_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"SECONDVOICE_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
    assert sorted(named - variables()) == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_exists(path: Path) -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*)(?: [a-z-]+)*:", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(path)))
    assert sorted(named - targets) == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(path: Path) -> None:
    named = re.findall(r"\bsecondvoice ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", code_of(path))
    unknown = [" ".join(words).strip() for words in named if not is_command(*words)]
    assert unknown == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_file_that_a_document_links_to_exists(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_page_of_settings_is_made_from_the_settings() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), (
        "Write it anew: python -m tests.architecture.settings_page"
    )


def variables() -> set[str]:
    """Return every environment variable that the product, its set-up or its tests read."""
    known = {f"SECONDVOICE_{name}".upper() for name in Settings.model_fields}
    for name in SOURCES:
        place = PROJECT_ROOT / name
        files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
        for file in files:
            if file.suffix in ("", ".py", ".sh"):
                text = file.read_text(encoding="utf-8", errors="ignore")
                known.update(re.findall(r"SECONDVOICE_[A-Z_]*[A-Z]", text))
    return known


def is_command(name: str, sub: str = "") -> bool:
    """Tell whether `secondvoice <name> <sub>` exists; a command without subs may take any word."""
    command = get_command(app).commands.get(name)  # type: ignore[attr-defined]
    if command is None:
        return False
    return not isinstance(command, typer.core.TyperGroup) or not sub or sub in command.commands


def code_of(path: Path) -> str:
    """Return what a document sets as code."""
    return "\n".join(_CODE.findall(path.read_text(encoding="utf-8")))
