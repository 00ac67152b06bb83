"""A part that dies is started again, with growing waits; one that never works is given up."""

from __future__ import annotations

import time
from dataclasses import replace

import psutil
import pytest

from bot.supervisor import GivenUpError, Supervisor
from bot.supervisor.backoff import Backoff

DIES_ONCE = (
    "print('start', start, flush=True)\n"
    "time.sleep(0.6 if start == 0 else 600)\n"
    "print('last words', flush=True)\n"
    "sys.exit(3)\n"
)
DIES_THRICE = "sys.exit(3) if start < 3 else time.sleep(600)"
NEVER_WORKS = "print('\\n'.join(f'line {n}' for n in range(30)), flush=True)\nsys.exit(7)\n"


def test_wait_doubles_up_to_its_longest_and_begins_anew_after_health():
    backoff = Backoff(first=0.5, longest=30)

    assert [backoff.next_wait() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    backoff.reset()
    assert backoff.next_wait() == 0.5


def test_part_that_dies_is_started_again_and_its_last_words_are_shown(small, printed, tmp_path):
    part = small.part(small.counting(tmp_path, DIES_ONCE), name="rasa")

    with Supervisor([part], console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)
        first = supervisor.pid("rasa")
        tick_until(supervisor, lambda: len(list(tmp_path.iterdir())) == 2)
        supervisor.wait_until_ready(seconds=10)

        assert supervisor.pid("rasa") != first
    text = small.text_of(printed)
    assert "rasa stopped by itself (exit code 3). It is started again in 0.05 s." in text
    assert "| last words" in text


def test_part_killed_from_outside_is_started_again(small, printed):
    with Supervisor([small.part(small.sleeps)], console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)
        psutil.Process(supervisor.pid("part")).kill()
        tick_until(supervisor, lambda: "stopped by itself" in small.text_of(printed))
        supervisor.wait_until_ready(seconds=10)

    assert "(ended by signal 9, SIGKILL)" in small.text_of(printed)


def test_waits_grow_from_one_failure_to_the_next(small, printed, tmp_path):
    part = small.part(small.counting(tmp_path, DIES_THRICE))

    with Supervisor([part], console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)

    text = small.text_of(printed)
    assert [f"again in {wait} s" in text for wait in ("0.05", "0.1", "0.2")] == [True] * 3
    assert len(list(tmp_path.iterdir())) == 4


def test_long_health_forgives_earlier_failures(small, printed, tmp_path):
    part = small.part(small.counting(tmp_path, "time.sleep(0.8)\nsys.exit(3)"))
    pace = replace(small.quick, settle=0.1, healthy_after=0.2)

    with Supervisor([part], console=printed, pace=pace) as supervisor:
        tick_until(supervisor, lambda: len(list(tmp_path.iterdir())) == 4)

    assert small.text_of(printed).count("again in 0.05 s") == 3


def test_part_that_never_gets_ready_is_given_up_with_its_last_twenty_lines(
    small, printed, tmp_path
):
    part = small.part(small.counting(tmp_path, NEVER_WORKS), name="gateway")
    pace = replace(small.quick, settle=60)

    with (
        Supervisor([part], console=printed, pace=pace) as supervisor,
        pytest.raises(GivenUpError) as given_up,
    ):
        supervisor.wait_until_ready(seconds=20)

    message = str(given_up.value)
    assert "gateway failed 5 times in a row without ever getting ready (exit code 7)" in message
    assert "| line 10" in message
    assert "| line 29" in message
    assert "| line 9\n" not in message
    assert len(list(tmp_path.iterdir())) == 5


def test_part_that_was_ready_once_is_never_given_up(small, printed, tmp_path):
    part = small.part(small.counting(tmp_path, "time.sleep(0.4 if start == 0 else 0)\nsys.exit(3)"))
    pace = replace(small.quick, tries=2, longest_wait=0.05, settle=0.2)

    with Supervisor([part], console=printed, pace=pace) as supervisor:
        tick_until(supervisor, lambda: len(list(tmp_path.iterdir())) >= 6)


def test_giving_up_stops_the_other_parts_and_exits_with_one(small, start_supervisor):
    fine = small.part(small.sleeps, name="fine")
    hopeless = small.part(
        "import sys, time; time.sleep(0.1); sys.exit('no such table')", name="worker"
    )

    running = start_supervisor(fine, hopeless, pace=replace(small.quick, settle=60))
    running.wait_for("again in 0.4 s")

    assert running.end() == 1
    assert "worker failed 5 times in a row" in running.output
    assert "| no such table" in running.output
    running.wait_until_gone()


def tick_until(supervisor, condition, *, seconds=15.0):
    """Tick until something is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        supervisor.tick()
        time.sleep(0.02)
