"""The commands about what is held of a customer, run as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.casework.database import make_engine, session_factory
from bot.cli import app
from bot.errors import ConflictError, DataError
from bot.settings import get_settings
from tests.casework.builders import open_case
from tests.casework.databases import SqliteFiles

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    url = SqliteFiles(tmp_path).bank()
    monkeypatch.setenv("SECONDVOICE_DATABASE_URL", url)
    get_settings.cache_clear()
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        open_case(session)
    engine.dispose()

    def run(*words: str, fails: bool = False) -> Result:
        result = CliRunner().invoke(app, ["privacy", *words])
        assert (result.exit_code != 0) is fails, result.output or result.exception
        return result

    yield run
    get_settings.cache_clear()


def test_an_export_is_json_and_its_file_is_the_owners_alone(run: Run, tmp_path: Path) -> None:
    shown = json.loads(run("export", "C-1001").output)
    assert shown["customer"]["code"] == "C-1001"
    file = tmp_path / "held.json"
    file.write_text("old")
    file.chmod(0o644)
    run("export", "C-1001", "--out", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text(encoding="utf-8"))["cases"] == shown["cases"]


def test_erasing_asks_for_a_yes_and_for_a_reason_where_a_case_is_open(run: Run) -> None:
    assert isinstance(run("erase", "C-1001", fails=True).exception, DataError)
    assert isinstance(run("erase", "C-1001", "--yes", fails=True).exception, ConflictError)
    said = run("erase", "C-1001", "--yes", "--force", "asked twice").output
    assert "recorded under number 1" in said
    run("export", "C-1001", fails=True)
    assert "C-1001" in run("erasures").output
    assert "asked twice" in run("erasures").output
