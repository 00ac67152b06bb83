"""However the supervisor ends, no process of a part outlives it."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import psutil
import pytest

from bot.supervisor import Supervisor


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_leaves_no_process_and_exits_with_zero(small, start_supervisor, number):
    parts = [small.part(small.sleeps, name=name) for name in ("rasa", "gateway")]
    running = start_supervisor(*parts)
    running.wait_for("everything is ready")
    assert len(running.family) == 3, "two parts and the watchdog"

    running.process.send_signal(number)

    assert running.end() == 0
    assert running.alive() == []
    assert "All parts are stopped." in running.output
    assert "stopped by itself" not in running.output


def test_parts_are_stopped_in_the_reverse_order_of_their_start(small, printed):
    says_goodbye = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('goodbye', flush=True), sys.exit()))\n"
        "time.sleep(600)\n"
    )
    parts = [small.part(says_goodbye, name=name) for name in ("first", "second", "third")]

    with Supervisor(parts, console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)

    goodbyes = [line.split()[0] for line in small.text_of(printed).splitlines() if "good" in line]
    assert goodbyes == ["third", "second", "first"]


def test_stubborn_part_and_its_children_are_killed_when_patience_is_over(small, printed):
    parts = [
        small.part(small.ignores_sigterm, name="stubborn"),
        small.part(small.has_a_stubborn_child, name="parent"),
    ]

    others = set(psutil.Process().children(recursive=True))  # Those of other tests' fixtures.
    with Supervisor(parts, console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)
        family = set(psutil.Process().children(recursive=True)) - others
        assert len(family) >= 4
        begun = time.monotonic()

    assert time.monotonic() - begun < 6
    assert [process for process in family if small.lives(process)] == []


def test_second_ctrl_c_ends_the_patience(small, start_supervisor):
    stubborn = small.part(small.ignores_sigterm)
    running = start_supervisor(stubborn, pace=replace(small.quick, patience=60))
    running.wait_for("everything is ready")

    running.process.send_signal(signal.SIGINT)
    running.wait_for("Press Ctrl-C again")
    running.process.send_signal(signal.SIGINT)

    assert running.end() == 0
    assert running.alive() == []


def test_stop_while_the_parts_are_still_starting_leaves_no_process(
    small, start_supervisor, free_port
):
    url = f"http://127.0.0.1:{free_port}/"
    slow = small.part(small.sleeps, name="slow", probes=(url,))
    running = start_supervisor(slow, small.part(small.sleeps, name="quick"))
    running.wait_for("quick is ready")

    running.process.send_signal(signal.SIGTERM)

    assert running.end() == 0
    assert running.alive() == []


def test_kill_9_of_the_supervisor_leaves_no_process(small, start_supervisor):
    running = start_supervisor(
        small.part(small.sleeps, name="fine"),
        small.part(small.ignores_sigterm, name="stubborn"),
        small.part(small.has_a_stubborn_child, name="parent"),
    )
    running.wait_for("everything is ready")
    assert len(running.family) == 5, "three parts, the child of one, and the watchdog"

    running.process.kill()

    running.wait_until_gone()


def test_kill_9_of_the_watchdog_leaves_later_parts_guarded(small, start_supervisor, tmp_path):
    dies_when_asked = small.counting(
        tmp_path, "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"
    )
    running = start_supervisor(small.part(dies_when_asked))
    running.wait_for("everything is ready")
    for process in running.family:  # The watchdog first, then the part, which is started again.
        if "watchdog.py" in " ".join(process.cmdline()):
            process.kill()
    for process in running.family:
        if small.lives(process):
            process.kill()
    running.output = ""
    running.wait_for("part is ready")
    assert len(running.family) == 2, "the new part and the new watchdog"

    running.process.kill()

    running.wait_until_gone()


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_kill_9_at_any_moment_of_the_start_leaves_no_process(small, start_supervisor, moment):
    mark = f"moment-{moment}-{time.time_ns()}"
    running = start_supervisor(*(small.part(small.sleeps, mark, name=f"p{n}") for n in range(4)))
    until = time.monotonic() + 20
    while not psutil.Process(running.process.pid).children():
        assert time.monotonic() < until
        time.sleep(0.005)
    time.sleep(moment)

    running.process.kill()
    running.process.wait()

    until = time.monotonic() + 10
    while marked(mark) and time.monotonic() < until:
        time.sleep(0.05)
    assert marked(mark) == []


def marked(mark: str) -> list[psutil.Process]:
    """Return the living processes that carry a mark in their command."""
    found = psutil.process_iter(["cmdline", "status"])
    return [
        process
        for process in found
        if mark in (process.info["cmdline"] or []) and process.info["status"] != "zombie"
    ]
