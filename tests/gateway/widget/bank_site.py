"""A bank's website on another origin than the gateway: a real server with one page."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

TAG = (
    '<script src="{gateway}/widget.js" data-bank="riverside" data-lang="en" '
    'data-hotline="101 0000 0000" {more} defer></script>'
)


class BankSite:
    """Serves ``html`` at every address; a test sets it, and the headers.

    Args:
        port: Where it listens.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.html = ""
        self.headers: dict[str, str] = {}
        self.app = Starlette(routes=[Route("/{path:path}", self._page)])

    @property
    def origin(self) -> str:
        """Another origin than the gateway's, on the same site: what the documents recommend."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def foreign(self) -> str:
        """Another site for the browser; it may forbid storage to the gateway's frame there."""
        return f"http://localhost:{self.port}"

    def embed(self, gateway: str, more: str = "", *, head: str = "", body: str = "") -> None:
        """Put the chat on an otherwise nearly empty page."""
        tag = TAG.replace("{gateway}", gateway.rstrip("/")).replace("{more}", more)
        self.html = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="icon" href="data:,"><title>The bank</title>{head}</head>'
            f'<body><main><h1>The bank</h1><a href="/next">Next page</a>{body}</main>'
            f"{tag}</body></html>"
        )

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(self.html, headers=self.headers)
