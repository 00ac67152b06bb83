"""The two calls of a chat client."""

from __future__ import annotations

from typing import Any

import httpx


def open_chat(gateway: httpx.Client, **body: Any) -> str:
    """Open a conversation and return its token."""
    answer = gateway.post("/api/chat/conversations", json=body)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["conversation"]
    return token


def say(gateway: httpx.Client, token: str, text: str, **more: Any) -> httpx.Response:
    """Say something and return the raw response."""
    headers = more.pop("headers", {})
    body = {"conversation": token, "text": text, **more}
    return gateway.post("/api/chat/messages", json=body, headers=headers)
