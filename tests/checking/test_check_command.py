"""``secondvoice check``: every input, in order, with ids; what cannot be read costs only itself."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
import threading
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


def test_json_lines_on_standard_input_are_known_by_their_first_line(check: Check) -> None:
    lines = [json.dumps({"id": "x", "text": SCAM}), "no json", json.dumps({"text": HONEST})]
    outcome = check("-", "--jsonl", given="\n".join(lines))
    assert outcome.returncode == 2
    assert [row["id"] for row in rows(outcome)] == ["x", 3]
    assert "standard input:2: is not JSON" in outcome.stderr


def test_table_on_standard_input_is_known_by_its_column(check: Check) -> None:
    outcome = check("-", "--column", "note", "--jsonl", given=f'note\n"{SCAM}"\n')
    assert [row["id"] for row in rows(outcome)] == [2]


def test_long_chinese_text_is_a_text_and_no_name_of_a_file(check: Check) -> None:
    outcome = check(SCAM_ZH * 5, "--jsonl")
    assert outcome.returncode == 0, outcome.stderr
    assert rows(outcome)[0]["lang"] == "zh"


def test_link_is_a_text_and_a_folder_is_none(check: Check, tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    outcome = check("https://pay.example/bill.csv", "calls", "./none", "--jsonl")
    assert outcome.returncode == 2
    assert [row["id"] for row in rows(outcome)] == [1]
    assert "calls: is a folder; name its files" in outcome.stderr
    assert "none: cannot be read" in outcome.stderr


def test_two_forms_at_once_are_refused(check: Check) -> None:
    outcome = check(SCAM, "--jsonl", "--csv")
    assert outcome.returncode == 2
    assert "exclude each other" in outcome.stderr


def test_text_that_is_half_a_character_is_answered_in_every_form(
    check: Check, tmp_path: Path
) -> None:
    text = "他说今天就起诉\ud800我，我欠了38万"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "\ud800", "text": text}), "utf-8")
    for form in (["--jsonl"], ["--csv"], []):
        outcome = check("a.jsonl", *form)
        assert outcome.returncode == 0, outcome.stderr
    [row] = rows(check("a.jsonl", "--jsonl"))
    assert row["id"] == "\ud800"
    assert all(flag["quote"] == text[flag["start"] : flag["end"]] for flag in row["red_flags"])


def test_text_cannot_steer_the_terminal_nor_the_words_around_it(
    check: Check, tmp_path: Path
) -> None:
    text = f"[/red] \x1b[2J\u202e {SCAM}"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "[/b]\x1b[1m", "text": text}), "utf-8")
    outcome = check("a.jsonl")
    assert outcome.returncode == 0, outcome.stderr
    assert "[/red]" in outcome.stdout
    assert "[/b]" in outcome.stdout
    assert "\x1b[2J" not in outcome.stdout
    assert "\u202e" not in outcome.stdout


def test_reader_who_has_seen_enough_gets_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "calls.txt").write_text(f"{SCAM}\n" * 2000, encoding="utf-8")
    command = f"{sys.executable} -c 'from bot.cli import main; main()' check calls.txt --jsonl"
    outcome = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -n 1"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        check=False,
    )
    assert len(outcome.stdout.splitlines()) == 1
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("form", [[], ["--jsonl"]], ids=["readable", "jsonl"])
def test_person_at_a_terminal_sees_a_bar_while_a_file_is_read(
    tmp_path: Path, form: list[str]
) -> None:
    (tmp_path / "calls.txt").write_text(f"{SCAM}\n" * 60, encoding="utf-8")
    shown, answers = in_terminal(["check", "calls.txt", *form], tmp_path, keep_answers=bool(form))
    assert "Checking" in shown
    assert "100%" in shown
    if form:
        assert len(answers.splitlines()) == 60
        assert all(json.loads(line)["level"] for line in answers.splitlines())
    else:
        assert shown.count("Do now:") == 60


def test_one_text_needs_no_bar(tmp_path: Path) -> None:
    shown, _ = in_terminal(["check", SCAM], tmp_path, keep_answers=False)
    assert "Do now:" in shown
    assert "Checking" not in shown


def test_explaining_shows_every_weight_that_spoke(check: Check, tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "explain", f"[/b] {SCAM}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "PYTHONUTF8": "1", "COLUMNS": "120"},
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    [row] = rows(check(SCAM, "--jsonl"))
    for flag in row["red_flags"]:
        assert flag["id"] in outcome.stdout
    for shown in ("whole", "evidence", "framing", "constant", "scam from score", "=sue", "=owe"):
        assert shown in outcome.stdout
    assert row["scripts"][0]["id"] in outcome.stdout


def test_first_answer_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """What is slow to import and not needed would double the time until the first answer."""
    code = (
        "import sys; from bot.cli import app; "
        "app(['check', sys.argv[1], '--jsonl'], standalone_mode=False); "
        "sys.stderr.write(' '.join(sys.modules))"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code, SCAM],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        check=False,
    )
    assert outcome.stdout.startswith('{"id": 1'), outcome.stderr
    loaded = set(outcome.stderr.split())
    slow = {"spacy", "scipy", "sklearn", "sqlalchemy", "fastapi", "rasa_sdk", "jsonschema", "yaml"}
    slow |= {"rich.progress", "rich.panel", "bot.recognition.catalogue", "bot.recognition.training"}
    assert sorted(slow & loaded) == []


def in_terminal(arguments: list[str], folder: Path, *, keep_answers: bool) -> tuple[str, str]:
    """Run a command in a terminal; return what is shown there and what went to a file instead."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if keep_answers else theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown: list[bytes] = []
    reading = threading.Thread(target=read_terminal, args=(ours, shown))
    reading.start()
    answers = process.communicate(timeout=60)[0] or b""
    reading.join(10)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(shown).decode(), answers.decode()


def read_terminal(terminal: int, shown: list[bytes]) -> None:
    """Read a terminal until its other end is closed."""
    while True:
        try:
            found = os.read(terminal, 65_536)
        except OSError:
            return
        if not found:
            return
        shown.append(found)
