"""What every request passes: a size limit, a last net for errors, and the security headers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("secondvoice.gateway")

Answer = Callable[[Request, int], Response]
"""Makes the response for an error of this status."""

BODY_SECONDS = 10.0
"""A body that arrives more slowly than this is not waited for."""

_COMMON_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """Adds the headers that every response has; a page's own policy stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, adding the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _COMMON_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", _NOTHING)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Failures:
    """Answers an unexpected error and logs its type, never its text: that may be the customer's.

    Args:
        app: The application inside.
        answer: Makes the response.
    """

    def __init__(self, app: ASGIApp, *, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, answering what it throws."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            # The route's form, where there is one: an address may hold a signed token.
            address = getattr(scope.get("route"), "path", scope["path"])
            path = str(address).encode("unicode_escape").decode()[:200]
            logger.error("request failed path=%s error=%s %s", path, *_where(error))
            await self._answer(Request(scope), 500)(scope, receive, send)


class BodyLimit:
    """Refuses a body that is too large before anything reads it.

    Args:
        app: The application inside.
        most: Largest body, bytes.
        larger: Largest bodies of single addresses, whose callers must prove who they are.
        answer: Makes the response.
    """

    def __init__(
        self, app: ASGIApp, *, most: int, larger: Mapping[str, int], answer: Answer
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, unless its body is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await self._read(scope, receive)
        if body is None:
            await self._answer(Request(scope), 413)(scope, receive, send)
            return
        delivered = False

        async def replay() -> Message:
            nonlocal delivered
            if delivered:
                return await receive()
            delivered = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the whole body, or None when it is too large or too slow."""
        most = self._larger.get(scope["path"], self._most)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > most:
            return None
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > most:
                        return None
                    if message["type"] == "http.disconnect" or not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            return None


def _where(error: Exception) -> tuple[str, str]:
    """Return the type of an error and the line it came from."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__, "at an unknown place"
    file = trace.tb_frame.f_code.co_filename.rsplit("/", 1)[-1]
    return type(error).__name__, f"at {file}:{trace.tb_lineno}"
