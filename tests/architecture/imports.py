"""Who imports whom, read from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.settings import PROJECT_ROOT

PACKAGES = ("bot", "actions")


class Import(NamedTuple):
    """One import: who, whom, and where it stands."""

    importer: str
    imported: str
    place: str


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of every module of ours, those inside functions too."""
    return tuple(one for package in PACKAGES for one in _of_package(package))


@cache
def modules() -> frozenset[str]:
    """Return the names of all modules of ours."""
    return frozenset(_name(path) for package in PACKAGES for path in _files(package))


def _of_package(package: str) -> Iterator[Import]:
    for path in _files(package):
        shown = path.relative_to(PROJECT_ROOT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for imported in _imported(node):
                yield Import(_name(path), imported, f"{shown}:{node.lineno}")  # type: ignore[attr-defined]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"line {node.lineno}: write imports out"
        # `from bot import cli` imports the module, `from bot.cli import main` a name in it.
        whole = [f"{node.module}.{alias.name}" for alias in node.names]
        return [str(node.module), *(name for name in whole if _is_module(name))]
    return []


@cache
def _is_module(name: str) -> bool:
    path = PROJECT_ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _files(package: str) -> list[Path]:
    return sorted((PROJECT_ROOT / package).rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(PROJECT_ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
