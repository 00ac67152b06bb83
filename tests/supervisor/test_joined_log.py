"""One readable log, that no part can forge."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.supervisor.log import JoinedLog, cleaned

EVENING = datetime(2026, 3, 2, 20, 4, 5, tzinfo=UTC)


def test_line_has_time_name_and_text_in_columns(printed):
    log = JoinedLog(printed, names=("rasa", "gateway"), now=lambda: EVENING)

    log.line("rasa", "hello")

    shown = EVENING.astimezone().strftime("%H:%M:%S")
    assert printed.file.getvalue() == f"{shown} rasa    hello\n"


def test_markup_in_a_line_is_shown_and_not_obeyed(printed):
    JoinedLog(printed, now=lambda: EVENING).line("rasa", "[red]list[/red] [1] {x}")

    assert "[red]list[/red] [1] {x}" in printed.file.getvalue()


def test_lines_are_kept_in_a_file_with_the_date(printed, tmp_path):
    file = tmp_path / "log" / "secondvoice.log"
    log = JoinedLog(printed, file=file, names=("rasa",), now=lambda: EVENING)

    log.line("rasa", "第一行")
    log.line("rasa", "second line")
    log.close()

    first, second = file.read_text(encoding="utf-8").splitlines()
    assert first == f"{EVENING.astimezone():%Y-%m-%d %H:%M:%S%z} rasa 第一行"
    assert second.endswith("rasa second line")


def test_python_warnings_of_parts_are_kept_in_the_file_and_not_shown(printed, small, tmp_path):
    log = JoinedLog(printed, file=tmp_path / "log.txt", names=("rasa", "other"))
    warning = (
        "/lib/old.py:12: DeprecationWarning: this is old.",
        "Use something newer.",
        "  import something",
    )

    for line in (*warning, "  a line that is no warning", *warning[::2], "ready"):
        log.line("rasa", line)
    log.line("other", warning[0])
    log.line("rasa", "  and another")
    log.close()

    assert small.text_of(printed).splitlines() == [
        "rasa    a line that is no warning",
        "rasa  ready",
        "rasa    and another",
    ]
    assert (tmp_path / "log.txt").read_text(encoding="utf-8").count("old.py:12") == 3


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\x1b[91mred\x1b[0m", "red"),
        ("over\rwritten", "overwritten"),
        ("tab\there", "tab here"),
        ("title\x1b]0;x\x07", "title0;x"),
        ("ends  \n", "ends"),
        ("2026-03-02 20:04:05,123 INFO up", "INFO up"),
        ("2026-03-02T20:04:05+08:00 up", "up"),
        ("on 2026-03-02 20:04:05 it was up", "on 2026-03-02 20:04:05 it was up"),
    ],
)
def test_colours_control_characters_and_times_of_parts_are_taken_out(raw, clean):
    assert cleaned(raw) == clean


def test_endless_line_is_cut_short():
    assert cleaned("x" * 5_000) == "x" * 2_000 + "… (5000 characters)"


def test_colours_are_for_a_terminal_only():
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system="standard")
    file = Console(file=io.StringIO())
    for console in (terminal, file):
        JoinedLog(console, names=("rasa",), now=lambda: EVENING).line("rasa", "hello")

    assert "\x1b[" in terminal.file.getvalue()
    assert "\x1b[" not in file.file.getvalue()


def test_terminal_that_has_gone_away_does_not_stop_the_log(tmp_path):
    gone = io.TextIOWrapper(io.BytesIO())
    gone.write = lambda _text: (_ for _ in ()).throw(BrokenPipeError())
    log = JoinedLog(Console(file=gone), file=tmp_path / "log.txt", now=lambda: EVENING)

    log.line("rasa", "still kept")
    log.close()

    assert "still kept" in (tmp_path / "log.txt").read_text(encoding="utf-8")
