"""A new scam script begins as files to fill in, and the page of the scripts follows the files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.checking.scaffold import new_script
from bot.checking.script_page import script_page
from bot.checking.scripts import check_scripts
from bot.errors import DataError
from bot.recognition.catalogue import SCRIPTS_FOLDER, load_catalogue
from bot.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "scam-scripts.md"
TODAY = date(2026, 2, 3)
FILES = [
    "scam_scripts/toll_fee.yml",
    "tests/scripts/en/toll_fee.yml",
    "tests/scripts/zh/toll_fee.yml",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that knows the shared red flags and no scam script yet."""
    (tmp_path / "scam_scripts").mkdir()
    shutil.copy(SCRIPTS_FOLDER / "_shared.yml", tmp_path / "scam_scripts")
    return tmp_path


def scripts(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the commands."""
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "scripts", *arguments],
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
        check=False,
    )


def test_new_script_is_written_with_its_tests_and_says_what_is_to_be_filled_in(root: Path) -> None:
    outcome = scripts("new", "toll_fee", "--root", str(root))
    assert outcome.returncode == 0, outcome.stderr
    assert [f"{root / name}: written" for name in FILES] == outcome.stdout.splitlines()[:3]
    for name in FILES:
        assert re.search(rf"^{root / name}: \S+: still says 'TODO", outcome.stdout, re.MULTILINE)
    checked = scripts("check", "--root", str(root))
    assert checked.returncode == 2
    assert checked.stderr.splitlines() == outcome.stdout.splitlines()[5:]


def test_new_script_has_no_problem_but_what_is_to_be_filled_in(root: Path) -> None:
    new_script("toll_fee", root=root, today=TODAY)
    with pytest.raises(DataError) as error:
        check_scripts(root)
    others = [problem for problem in error.value.problems if "still says 'TODO" not in problem]
    assert [problem for problem in others if 'still says "TODO' not in problem] == []


def test_new_script_is_one_once_every_place_is_filled_in(root: Path) -> None:
    for number, path in enumerate(new_script("toll_fee", root=root, today=TODAY)):
        path.write_text(path.read_text("utf-8").replace("TODO", f"text {number}"), "utf-8")
    catalogue = check_scripts(root)
    assert list(catalogue.scripts) == ["toll_fee"]
    assert catalogue.scripts["toll_fee"].reviewed == "2026-02-03"
    assert "| toll_fee |" in script_page(catalogue).replace("[`", "").replace("`](#toll_fee)", "")


def test_existing_script_is_never_overwritten(root: Path) -> None:
    new_script("toll_fee", root=root, today=TODAY)
    (root / FILES[1]).unlink()
    before = (root / FILES[0]).read_bytes()
    outcome = scripts("new", "toll_fee", "--root", str(root))
    assert outcome.returncode == 2
    assert f"{root / FILES[0]}: exists already; choose another id" in outcome.stderr
    assert (root / FILES[0]).read_bytes() == before
    assert not (root / FILES[1]).exists()


@pytest.mark.parametrize(
    "script_id", ["", "Toll", "toll-fee", "../toll", "_shared", "1st", "toll_", "过路费", "a" * 41]
)
def test_bad_id_is_refused_with_an_example_of_a_good_one(root: Path, script_id: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(DataError, match="toll_fee"):
        new_script(script_id, root=root, today=TODAY)
    assert sorted(root.rglob("*")) == before


def test_script_without_tests_is_a_problem(root: Path) -> None:
    for path in new_script("toll_fee", root=root, today=TODAY):
        path.write_text(path.read_text("utf-8").replace("TODO", "text"), "utf-8")
    (root / FILES[2]).unlink()
    (root / FILES[1]).write_text(yaml.safe_dump({"caught": ["x"]}), "utf-8")
    with pytest.raises(DataError) as error:
        check_scripts(root)
    assert list(error.value.problems) == [
        f"{root / FILES[1]}: document: must have `caught` and `left_alone`",
        f"{root / FILES[2]}: is missing; write what toll_fee must catch",
    ]


def test_page_of_the_scam_scripts_is_made_from_their_files() -> None:
    assert PAGE.read_text(encoding="utf-8") == script_page(load_catalogue()), (
        "Write it anew: secondvoice scripts docs"
    )


def test_page_tells_of_every_script_stage_red_flag_look_alike_and_source() -> None:
    page = script_page(load_catalogue())
    for script in load_catalogue().scripts.values():
        told = page.split(f"\n## {script.id}\n")[1].split("\n## ")[0]
        for stage in script.stages:
            assert all(plain(words) in told for words in stage.name.values())
        for flag in script.red_flags:
            assert f"`{flag.id}`" in told
            assert all(plain(words) in told for words in flag.why.values())
        for look_alike in script.look_alikes:
            assert all(words in told for words in look_alike.tell.values())
        for source in script.sources:
            assert f"{source['what']} (seen {source['seen']}, {source['confidence']})" in told
        assert f"{script.status}, reviewed {script.reviewed}" in told


def test_command_writes_the_page_where_the_documents_are(root: Path) -> None:
    for path in new_script("toll_fee", root=root, today=TODAY):
        path.write_text(path.read_text("utf-8").replace("TODO", "text"), "utf-8")
    outcome = scripts("docs", "--root", str(root))
    assert outcome.returncode == 0, outcome.stderr
    page = (root / "docs" / "scam-scripts.md").read_text("utf-8")
    assert page == script_page(check_scripts(root))


def plain(words: str) -> str:
    """Return words as a cell of a table shows them."""
    return " ".join(words.replace("|", "\\|").split())
