"""Real servers on free loopback ports: the gateway, and a steerable one in the place of Rasa."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

logging.getLogger("httpx").setLevel(logging.WARNING)

Reply = Callable[[dict[str, Any]], Any]


class StandInForRasa:
    """Speaks Rasa's REST webhook; a test sets ``reply``, ``delay`` and ``status``."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.finished: list[str] = []
        self.delay = 0.0
        self.status = 200
        self.reply: Reply = lambda body: [{"recipient_id": body["sender"], "text": "I hear you."}]
        self.app = Starlette(
            routes=[
                Route("/webhooks/rest/webhook", self._webhook, methods=["POST"]),
                Route("/webhooks/rest/", self._status),
            ]
        )

    async def _webhook(self, request: Request) -> Response:
        body = await request.json()
        self.received.append(body)
        delay = self.delay(body) if callable(self.delay) else self.delay
        await asyncio.sleep(delay)
        self.finished.append(body["message"])
        return JSONResponse(self.reply(body), status_code=self.status)

    async def _status(self, _: Request) -> Response:
        return JSONResponse({}, status_code=self.status)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(server: uvicorn.Server) -> Iterator[uvicorn.Server]:
    """Run a server in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "The server stopped before it was ready."
        assert time.monotonic() < deadline, "The server did not start."
        time.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(10)


def plain_server(app: Starlette | FastAPI, port: int) -> uvicorn.Server:
    """Return a server for the stand-in."""
    return uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, ws="none")
    )
