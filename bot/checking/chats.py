"""Chats as Telegram exports them: ``result.json`` of one chat, or of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from bot.checking.items import Item, Read, Unusable
from bot.errors import DataError


def read_telegram(file: BinaryIO, name: str) -> Read:
    """Yield the text of every message, with the message's own id.

    Messages without words (a joined group, a picture) are passed over.

    Args:
        file: What Telegram wrote under "Export chat history", format JSON.
        name: How problems name the file.

    Raises:
        DataError: It is no such file.
    """
    try:
        document = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise DataError([f"{name}:{line}: is not JSON: {error}"]) from error
    chats = list(_chats(document))
    if not chats:
        raise DataError(
            [f"{name}:1: is no chat that Telegram exported; give one object a line as .jsonl"]
        )
    for messages in chats:
        for number, message in enumerate(messages, start=1):
            text = _text(message)
            if text is None:
                yield Unusable(f"{name}: message {number}: has no usable `text`")
            elif text.strip():
                given = message.get("id")
                yield Item(given if isinstance(given, (str, int)) else number, text)


def _chats(document: Any) -> Iterator[list[Any]]:
    """Yield the messages of each chat."""
    if not isinstance(document, dict):
        return
    if isinstance(document.get("messages"), list):
        yield document["messages"]
    listed = document.get("chats")
    chats = listed.get("list") if isinstance(listed, dict) else None
    for chat in chats if isinstance(chats, list) else ():
        if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
            yield chat["messages"]


def _text(message: Any) -> str | None:
    """Return the words of a message; Telegram cuts them up where a link or a number stands."""
    text = message.get("text", "") if isinstance(message, dict) else None
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        return None
    parts = [part.get("text") if isinstance(part, dict) else part for part in text]
    words = [part for part in parts if isinstance(part, str)]
    return "".join(words) if len(words) == len(parts) else None
