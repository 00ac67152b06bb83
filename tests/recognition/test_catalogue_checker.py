"""The checker of the scam scripts reports all problems of all files, each as ``path: problem``."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import DataError
from bot.recognition.catalogue import Catalogue, load_catalogue
from bot.settings import PROJECT_ROOT

Folder = Callable[..., Path]


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"{text}。"}


def lists(text: str) -> dict[str, list[str]]:
    return {"en": [text], "zh": [text]}


def red_flag(flag_id: str) -> dict[str, Any]:
    return {
        "id": flag_id,
        "why": words("Nobody honest does this"),
        "patterns": lists("pay ~3 now"),
        "examples": lists("Pay this now"),
    }


SHARED = {"red_flags": [red_flag("keep_secret")]}
SCRIPT: dict[str, Any] = {
    "id": "toll_fee",
    "title": words("A toll that nobody owes"),
    "status": "experimental",
    "reviewed": "2026-01-31",
    "impersonates": lists("the toll office"),
    "summary": words("A message asks for a small toll"),
    "stages": [
        {
            "id": stage,
            "name": words("A step"),
            "red_flags": ["toll_message"],
            "next": words("They will ask for the card"),
        }
        for stage in ("message", "page", "card")
    ],
    "red_flags": [red_flag("toll_message"), red_flag("toll_page"), red_flag("toll_card")],
    "uses": {"keep_secret": 2},
    "counsel": {
        exposure: words("Do nothing")
        for exposure in ("asking", "contacted", "engaged", "disclosed", "paid")
    },
    "look_alikes": [
        {"title": words("A real toll"), "tell": words("It comes by post"), "examples": lists("x")}
    ],
    "honest_way": words("Ask the toll office"),
    "false_positives": lists("None known"),
    "reports": lists("I got a message about a toll"),
    "sources": [
        {"publisher": "Police", "what": "A warning", "seen": "2026-01-31", "confidence": "S"}
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Write scripts into a folder; a text is written as it stands."""

    def write(**documents: Any) -> Path:
        for name, document in {"_shared": SHARED, **documents}.items():
            text = document if isinstance(document, str) else yaml.safe_dump(document)
            (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    script = copy.deepcopy(SCRIPT)
    change(script)
    return script


def problems(folder: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        check(folder)
    return list(error.value.problems)


def check(folder: Path) -> Catalogue:
    nothing = folder / "nothing"
    return load_catalogue(folder, ordinary_folder=nothing, intents_folder=nothing)


def test_good_script_is_no_problem(folder: Folder, tmp_path: Path) -> None:
    folder(toll_fee=SCRIPT)
    catalogue = check(tmp_path)
    assert list(catalogue.scripts) == ["toll_fee"]
    assert set(catalogue.red_flags) == {"keep_secret", "toll_message", "toll_page", "toll_card"}
    assert catalogue.scripts["toll_fee"].weights["keep_secret"] == 2


def test_retired_script_is_not_in_force(folder: Folder, tmp_path: Path) -> None:
    folder(toll_fee=changed(lambda s: s.update(status="retired")))
    assert not check(tmp_path).scripts


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s.pop("honest_way"), "'honest_way' is a required property"),
        (lambda s: s.update(colour="red"), "colour"),
        (lambda s: s.update(status="new"), "status"),
        (lambda s: s.update(reviewed="yesterday"), "reviewed"),
        (lambda s: s["stages"].pop(), "stages"),
        (lambda s: s["counsel"].pop("paid"), "'paid' is a required property"),
        (lambda s: s["uses"].update(keep_secret=9), "uses/keep_secret"),
        (lambda s: s["red_flags"][0].update(exposure="asking"), "red_flags/0/exposure"),
        (lambda s: s["sources"][0].update(confidence="X"), "sources/0/confidence"),
        (lambda s: s.update(id="other"), "the file is called 'toll_fee'"),
        (lambda s: s["uses"].update(unknown_flag=2), "no shared red flag is called 'unknown_flag'"),
        (
            lambda s: s["stages"][0]["red_flags"].append("nowhere"),
            "stages/message: 'nowhere' is neither its own nor in uses",
        ),
        (lambda s: s["title"].pop("zh"), "title: has no 'zh'"),
        (lambda s: s["red_flags"][1]["why"].pop("en"), "red_flags/toll_page/why: has no 'en'"),
        (lambda s: s["summary"].update(xx="?"), "summary: 'xx' is not a language"),
        (
            lambda s: s["red_flags"][0]["patterns"]["en"].append("pay ~3"),
            "red_flags/toll_message/patterns/en: 'pay ~3': a pattern needs a slot at its end",
        ),
        (
            lambda s: s["red_flags"].append(red_flag("keep_secret")),
            "'keep_secret' is taken by _shared.yml",
        ),
    ],
)
def test_problem_is_reported_with_the_path_of_its_file(
    folder: Folder, change: Callable[[dict[str, Any]], Any], problem: str
) -> None:
    place = folder(toll_fee=changed(change))
    found = problems(place)
    assert all(line.startswith(f"{place}") for line in found)
    assert [line for line in found if line.startswith(f"{place / 'toll_fee.yml'}: ")]
    assert any(problem in line for line in found), found


def test_all_problems_of_all_files_are_reported_at_once(folder: Folder) -> None:
    place = folder(
        toll_fee=changed(lambda s: (s.pop("summary"), s.update(status="new"))),
        parking_fee=changed(lambda s: s.update(id="parking_fee") or s["title"].pop("zh")),
        broken="id: [",
    )
    found = problems(place)
    assert sum("toll_fee.yml: " in line for line in found) >= 2
    assert any("broken.yml: is not valid YAML" in line for line in found)
    assert any("parking_fee.yml: title: has no 'zh'" in line for line in found)


def test_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}: holds no scam script (*.yml)"]


@pytest.mark.parametrize("text", ["", "just words", "- a list", "\x00"])
def test_file_that_is_no_script_at_all_is_a_problem_and_no_crash(folder: Folder, text: str) -> None:
    place = folder(toll_fee=text)
    assert any("toll_fee.yml: " in line for line in problems(place))


def test_command_prints_every_problem_on_a_line_of_its_own_and_fails(folder: Folder) -> None:
    written = folder(toll_fee=changed(lambda s: (s.pop("summary"), s.update(status="new"))))
    place = written / "scam_scripts"
    place.mkdir()
    for path in written.glob("*.yml"):
        path.rename(place / path.name)
    command = ["scripts", "check", "--root", str(written)]
    outcome = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *command],
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
        check=False,
    )
    assert outcome.returncode == 2, outcome.stderr
    lines = outcome.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{place / 'toll_fee.yml'}: ") for line in lines)


def test_key_that_is_given_twice_is_a_problem_and_not_silently_the_last_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "toll_fee.yml").write_text("id: toll_fee\nid: toll_fine\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load_catalogue(tmp_path)
    assert "the key 'id' is given twice, again in line 2" in str(raised.value)
