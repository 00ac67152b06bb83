"""A real HTTP server on this machine that receives messages as a bank's server would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    port: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server says to a request."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after_seconds: float = 0.0
    trickle_seconds: float = 0.0


@dataclass
class Receiver:
    """A running server: its address, what it has received, and how it answers.

    An answer that raises ``ConnectionResetError`` hangs up without a word.
    """

    url: str = ""
    keep: bool = True
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Answer] = lambda _request: Answer()


@contextmanager
def receiving(answer: Answer | None = None) -> Iterator[Receiver]:
    """Serve until the block ends."""
    receiver = Receiver()
    if answer is not None:
        receiver.answer = lambda _request: answer

    class Handler(_Handler):
        to = receiver

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Keep quiet about senders that went away; a test sees what has arrived."""


class _Handler(BaseHTTPRequestHandler):
    to: ClassVar[Receiver]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.path, headers, body, self.client_address[1])
        if self.to.keep:
            self.to.received.append(request)
        try:
            answer = self.to.answer(request)
            time.sleep(answer.after_seconds)
            self._say(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not answer.trickle_seconds:
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(answer.trickle_seconds)
