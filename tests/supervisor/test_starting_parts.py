"""Parts are started together, and are ready when they answer."""

from __future__ import annotations

import sys
from dataclasses import replace

import psutil
import pytest

from bot.errors import NotFoundError, UnavailableError
from bot.supervisor import Part, Supervisor


def test_part_with_a_probe_is_ready_when_it_answers(small, printed, free_port):
    url = f"http://127.0.0.1:{free_port}/health"
    server = small.part(small.serves, str(free_port), name="server", probes=(url,))

    with Supervisor([server], console=printed, pace=small.quick) as supervisor:
        assert not supervisor.tick()
        supervisor.wait_until_ready(seconds=10)

        assert 0 < supervisor.seconds_to_ready("server") < 10
        assert psutil.Process(supervisor.pid("server")).is_running()
    assert "server is ready after" in small.text_of(printed)


def test_part_without_a_probe_is_ready_when_it_has_lived_for_a_moment(small, printed):
    with Supervisor([small.part(small.sleeps)], console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)

        assert supervisor.seconds_to_ready("part") >= small.quick.settle


def test_part_that_never_answers_is_named_when_the_wait_is_over(small, printed, free_port):
    deaf = small.part(small.sleeps, name="deaf", probes=(f"http://127.0.0.1:{free_port}/",))
    quick = small.part(small.sleeps, name="quick")

    with (
        Supervisor([quick, deaf], console=printed, pace=small.quick) as supervisor,
        pytest.raises(UnavailableError, match=r"ready: quick; waiting for: deaf"),
    ):
        supervisor.wait_until_ready(seconds=1)


def test_lines_of_all_parts_are_joined_under_their_names(small, printed):
    parts = [small.part(small.sleeps, name="one"), small.part(small.sleeps, name="another")]

    with Supervisor(parts, console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)

    assert "one     here I am" in small.text_of(printed)
    assert "another here I am" in small.text_of(printed)


def test_command_that_does_not_exist_is_said_in_plain_words(small, printed):
    missing = Part("missing", ("/no/such/program",))
    pace = replace(small.quick, tries=1)

    with (
        Supervisor([missing], console=printed, pace=pace) as supervisor,
        pytest.raises(UnavailableError, match="/no/such/program cannot be started: No such file"),
    ):
        supervisor.wait_until_ready(seconds=10)


def test_part_is_given_its_own_environment_and_folder(small, printed, tmp_path):
    show = "import os; print(os.environ['GREETING'], os.getcwd(), flush=True)" + "\nimport time\n"
    part = Part(
        "part",
        (sys.executable, "-c", show + "time.sleep(600)"),
        env={"GREETING": "good evening"},
        folder=tmp_path,
    )

    with Supervisor([part], console=printed, pace=small.quick) as supervisor:
        supervisor.wait_until_ready(seconds=10)

    assert f"good evening {tmp_path}" in small.text_of(printed)


def test_asking_for_an_unknown_part_is_an_error(small, printed):
    supervisor = Supervisor([small.part(small.sleeps)], console=printed)

    with pytest.raises(NotFoundError):
        supervisor.pid("nobody")
    with pytest.raises(NotFoundError):
        supervisor.seconds_to_ready("part")
