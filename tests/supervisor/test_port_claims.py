"""Ports are looked at before anything is started."""

from __future__ import annotations

import os
import socket

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.supervisor import run
from bot.supervisor.ports import Claim, check_ports, claims


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_free_ports_are_no_problem(free_port):
    check_ports([Claim("127.0.0.1", free_port, "gateway", "SECONDVOICE_PORT")])


def test_taken_port_names_the_port_the_process_and_the_setting_to_change(taken_port):
    with pytest.raises(ConfigurationError) as problem:
        check_ports([Claim("127.0.0.1", taken_port, "gateway", "SECONDVOICE_PORT")])

    message = str(problem.value)
    assert f"Port {taken_port}, wanted by gateway, is taken by" in message
    assert f"(process {os.getpid()})" in message
    assert f"SECONDVOICE_PORT={taken_port + 1}" in message


def test_all_problems_are_told_at_once(taken_port, free_port):
    with pytest.raises(ConfigurationError) as problem:
        check_ports(
            [
                Claim("127.0.0.1", taken_port, "rasa", "SECONDVOICE_RASA_PORT"),
                Claim("127.0.0.1", free_port, "actions", "SECONDVOICE_ACTIONS_PORT"),
                Claim("127.0.0.1", free_port, "gateway", "SECONDVOICE_PORT"),
            ]
        )

    first, second = str(problem.value).splitlines()
    assert "SECONDVOICE_RASA_PORT=" in first
    assert f"Port {free_port} is wanted by both actions and gateway." in second


def test_address_of_another_machine_is_explained(free_port):
    with pytest.raises(ConfigurationError, match="Check SECONDVOICE_HOST and SECONDVOICE_PORT"):
        check_ports([Claim("192.0.2.1", free_port, "gateway", "SECONDVOICE_PORT")])


def test_port_is_free_again_right_after_its_connections_ended(free_port):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", free_port))
        server.listen()
        with socket.create_connection(("127.0.0.1", free_port)):
            server.accept()[0].close()

    check_ports([Claim("127.0.0.1", free_port, "gateway", "SECONDVOICE_PORT")])


def test_every_port_of_the_settings_is_claimed():
    settings = Settings(port=1111, rasa_port=2222, actions_port=3333, host="0.0.0.0")  # noqa: S104

    assert {(claim.host, claim.port) for claim in claims(settings)} == {
        ("0.0.0.0", 1111),  # noqa: S104
        ("127.0.0.1", 2222),
        ("127.0.0.1", 3333),
    }


def test_run_starts_nothing_when_a_port_is_taken(taken_port, printed, small, tmp_path):
    settings = Settings(port=taken_port, var_dir=tmp_path, models_dir=tmp_path)

    assert run(settings, console=printed) == 1
    assert "Second Voice cannot start." in small.text_of(printed)
    assert f"SECONDVOICE_PORT={taken_port + 1}" in small.text_of(printed)
    assert list(tmp_path.iterdir()) == []


def test_run_says_what_to_do_when_no_model_is_trained(printed, small, tmp_path):
    ports = {"port": 0, "rasa_port": 0, "actions_port": 0}
    for name in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports[name] = probe.getsockname()[1]
    settings = Settings(**ports, var_dir=tmp_path, models_dir=tmp_path)

    assert run(settings, console=printed) == 1
    assert "Run `make train`." in small.text_of(printed)
