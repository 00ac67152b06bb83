"""Asks a part over HTTP whether it is ready."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 1.0


def answers(url: str) -> bool:
    """Tell whether a GET request is answered with 200.

    Speaks HTTP directly, because a proxy of the environment must not stand between the parts.

    Args:
        url: An ``http`` address on this machine.
    """
    where = urlsplit(url)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{where.path or '/'}?{where.query}")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
