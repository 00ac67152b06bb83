"""How the gateway is served; the same for the command and for the tests."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from bot.settings import Settings


class _Server(uvicorn.Server):
    """A server that lets the chats go that listen, and only then waits for what is under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.gateway.watching.close()
        await super().shutdown(sockets)


def make_server(app: FastAPI, settings: Settings) -> uvicorn.Server:
    """Return a server for the application, not started yet.

    Args:
        app: From ``create_app``.
        settings: Carries host and port.
    """
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        # The gateway itself decides which proxy it believes; uvicorn would believe loopback.
        proxy_headers=False,
        ws="none",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16_384,
    )
    return _Server(config)
