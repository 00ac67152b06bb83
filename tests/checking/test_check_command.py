"""``secondvoice check``: every input, in order, with ids; what cannot be read costs only itself."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT_ROOT

Check = Callable[..., subprocess.CompletedProcess[str]]

SCAM = (
    "A man from the card centre says I owe 380,000 and the bank will sue me today. "
    "He can fix it if I pay in advance from the company account."
)
SCAM_ZH = "他说只要先从公司账户垫付，就能帮我摆平，今天不还就起诉我。"
HONEST = "What does a transfer abroad cost?"
KEYS = ["id", "lang", "level", "exposure", "score", "scripts", "stage", "next", "red_flags"]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Run the command in an empty folder."""

    def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
        sent = given.encode() if isinstance(given, str) else given
        outcome = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "check", *arguments],
            input=sent,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "PYTHONUTF8": "1", "COLUMNS": "90"},
            check=False,
        )
        return subprocess.CompletedProcess(
            outcome.args, outcome.returncode, outcome.stdout.decode(), outcome.stderr.decode()
        )

    return run


def rows(outcome: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_texts_are_answered_in_order_with_the_documented_keys(check: Check) -> None:
    outcome = check(SCAM, HONEST, SCAM_ZH, "--jsonl")
    assert outcome.returncode == 0, outcome.stderr
    found = rows(outcome)
    assert [list(row) for row in found] == [KEYS] * 3
    assert [row["id"] for row in found] == [1, 2, 3]
    assert [row["level"] in ("suspicious", "scam") for row in found] == [True, False, True]
    assert [row["lang"] for row in found] == ["en", "en", "zh"]
    for row, text in zip(found, [SCAM, HONEST, SCAM_ZH], strict=True):
        for flag in row["red_flags"]:
            assert list(flag) == ["id", "start", "end", "quote", "why"]
            assert flag["quote"] == text[flag["start"] : flag["end"]]


def test_text_file_is_one_text_a_line_with_the_lines_numbers(check: Check, tmp_path: Path) -> None:
    (tmp_path / "calls.txt").write_text(f"{SCAM}\n\n  \n{HONEST}\r\n{SCAM_ZH}", encoding="utf-8")
    outcome = check("calls.txt", "--jsonl")
    assert outcome.returncode == 0
    assert [row["id"] for row in rows(outcome)] == [1, 4, 5]


def test_byte_order_mark_is_no_part_of_the_first_text(check: Check, tmp_path: Path) -> None:
    (tmp_path / "calls.txt").write_text(SCAM, encoding="utf-8-sig")
    [row] = rows(check("calls.txt", "--jsonl"))
    assert all(flag["quote"] in SCAM for flag in row["red_flags"])
    assert (
        row["red_flags"][0]["quote"]
        == SCAM[row["red_flags"][0]["start"] :][: len(row["red_flags"][0]["quote"])]
    )


def test_csv_needs_its_column_and_keeps_its_ids(check: Check, tmp_path: Path) -> None:
    with (tmp_path / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["id", "note"], ["a7", SCAM], ["", HONEST], ["b2", "two\nlines"]])
    outcome = check("calls.csv", "--column", "note", "--jsonl")
    assert outcome.returncode == 0
    assert [row["id"] for row in rows(outcome)] == ["a7", 3, "b2"]
    missing = check("calls.csv", "--jsonl")
    assert missing.returncode == 2
    assert "calls.csv:1: has no column 'text'; name one with --column (id, note)" in missing.stderr


def test_json_lines_keep_their_ids_and_a_bad_line_loses_no_other(
    check: Check, tmp_path: Path
) -> None:
    lines = [
        json.dumps({"id": "x1", "text": SCAM}),
        "{not json",
        json.dumps({"id": 9, "text": HONEST}),
        json.dumps({"text": 5}),
        json.dumps(["no object"]),
        "",
        json.dumps({"text": SCAM_ZH}),
    ]
    (tmp_path / "calls.jsonl").write_text("\n".join(lines), encoding="utf-8")
    outcome = check("calls.jsonl", "--jsonl")
    assert outcome.returncode == 2
    assert [row["id"] for row in rows(outcome)] == ["x1", 9, 7]
    problems = outcome.stderr.splitlines()
    assert [line.split(": ")[0] for line in problems] == [
        "calls.jsonl:2",
        "calls.jsonl:4",
        "calls.jsonl:5",
    ]


def test_mail_is_one_text_of_subject_and_body(check: Check, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(
        "From: a@b.example\nTo: c@d.example\nSubject: Your card debt\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{SCAM}\n",
        encoding="utf-8",
    )
    outcome = check("mail.eml", "--jsonl")
    [row] = rows(outcome)
    assert (outcome.returncode, row["id"]) == (0, 1)
    assert row["level"] in ("suspicious", "scam")


def test_standard_input_is_read_as_lines(check: Check) -> None:
    outcome = check("-", "--jsonl", given=f"{HONEST}\n{SCAM}\n")
    assert [row["id"] for row in rows(outcome)] == [1, 2]


def test_bytes_that_are_no_text_cost_their_line_only(check: Check) -> None:
    outcome = check(
        "-", "--jsonl", given=f"{HONEST}\n".encode() + b"\xff\xfe bad\n" + SCAM.encode()
    )
    assert outcome.returncode == 2
    assert [row["id"] for row in rows(outcome)] == [1, 3]
    assert "standard input:2: is not UTF-8 text" in outcome.stderr


def test_missing_file_is_named_and_costs_no_other_argument(check: Check) -> None:
    outcome = check("nowhere.txt", SCAM, "--jsonl")
    assert outcome.returncode == 2
    assert [row["id"] for row in rows(outcome)] == [2]
    assert "nowhere.txt: cannot be read" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_empty_argument_is_named(check: Check) -> None:
    outcome = check("  ", "--jsonl")
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    assert "argument 1: is empty" in outcome.stderr


def test_table_opens_in_a_spreadsheet_and_runs_nothing_there(check: Check, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        f'id,text\n=1+1,"{SCAM}"\n@x,"{HONEST}"\n', encoding="utf-8"
    )
    outcome = check("calls.csv", "--csv")
    assert outcome.returncode == 0
    found = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert list(found[0]) == (
        "id lang level score exposure script script_score step of next red_flags quotes".split()
    )
    assert [row["id"] for row in found] == ["'=1+1", "'@x"]
    assert found[0]["script"]
    assert found[1]["script"] == ""


def test_person_reads_the_reasons_and_the_one_thing_to_do(check: Check) -> None:
    outcome = check(SCAM, SCAM_ZH, HONEST)
    assert outcome.returncode == 0
    assert "Do now:" in outcome.stdout
    assert "现在就做" in outcome.stdout
    assert "this is no proof of honesty" in outcome.stdout
    assert outcome.stderr == ""


def test_untrained_recogniser_says_what_to_do(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "check", SCAM],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT_ROOT),
            "SECONDVOICE_MODELS_DIR": str(tmp_path),
        },
        check=False,
    )
    assert outcome.returncode == 2
    assert "Run `make train`" in outcome.stderr
    assert "Traceback" not in outcome.stderr
