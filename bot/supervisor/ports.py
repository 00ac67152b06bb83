"""Finds out before anything is started whether the ports are free, and who has them if not."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from bot.errors import ConfigurationError
from bot.settings import Settings


@dataclass(frozen=True)
class Claim:
    """A port that a part is going to listen on.

    Args:
        host: The address of the interface.
        port: The port.
        part: The part that wants it.
        setting: The environment variable that names another one.
    """

    host: str
    port: int
    part: str
    setting: str


def claims(settings: Settings) -> tuple[Claim, ...]:
    """Return the ports that the product listens on."""
    return (
        Claim("127.0.0.1", settings.rasa_port, "rasa", "SECONDVOICE_RASA_PORT"),
        Claim("127.0.0.1", settings.actions_port, "actions", "SECONDVOICE_ACTIONS_PORT"),
        Claim(settings.host, settings.port, "gateway", "SECONDVOICE_PORT"),
    )


def check_ports(wanted: Iterable[Claim]) -> None:
    """Make sure that every port can be listened on.

    Raises:
        ConfigurationError: Some cannot; the message names each, and what to change.
    """
    problems: list[str] = []
    seen: dict[int, Claim] = {}
    for claim in wanted:
        if (other := seen.setdefault(claim.port, claim)) is not claim:
            problems.append(
                f"Port {claim.port} is wanted by both {other.part} and {claim.part}. "
                f"Give one of them another port: {other.setting} or {claim.setting}."
            )
        elif problem := _problem(claim):
            problems.append(problem)
    if problems:
        raise ConfigurationError("\n".join(problems))


def _problem(claim: Claim) -> str:
    """Try to listen; return why that fails, or an empty string."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            claim.host, claim.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do it; otherwise a connection that ended a moment ago blocks the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return _explained(claim, error)
    return ""


def _explained(claim: Claim, error: OSError) -> str:
    port, setting = claim.port, claim.setting
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port}, wanted by {claim.part}, is taken{_owner(port)}. Stop that program, or "
            f"choose another port: {setting}={port + 1 if port < 65535 else port - 1}"
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port}, wanted by {claim.part}, is kept for the administrator. "
            f"Choose one above 1023: {setting}=8800"
        )
    return (
        f"{claim.part} cannot listen on {claim.host} port {port}: {error.strerror or error}. "
        f"Check SECONDVOICE_HOST and {setting}."
    )


def _owner(port: int) -> str:
    """Say which program listens there, as far as the system lets us see it."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            address = connection.laddr
            listens = connection.status == psutil.CONN_LISTEN and address and address.port == port
            if listens and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""
