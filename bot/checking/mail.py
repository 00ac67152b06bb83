"""A mail as one text: its subject, a line break, its body."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import BinaryIO

from bot.checking.items import Item, Read, Unusable

_UNSEEN = frozenset({"script", "style", "head", "title"})
_BREAKS = frozenset("p div br tr li table h1 h2 h3 h4 h5 h6 blockquote".split())


def read_mail(file: BinaryIO, name: str) -> Read:
    """Yield a mail's one text; offsets count from the first character of the subject.

    Args:
        file: The mail as it was sent (``.eml``).
        name: How problems name the file.
    """
    message = email.message_from_binary_file(file, policy=email.policy.default)
    text = f"{message.get('subject', '')}\n{_body(message)}".strip()
    yield Item(1, text) if text else Unusable(f"{name}:1: is no mail with a subject or a text")


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        # A mail may name an encoding that does not exist, or be cut off inside one.
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return visible_text(content) if part.get_content_subtype() == "html" else str(content)


def visible_text(html: str) -> str:
    """Return what a reader sees of a page, block by block on a line of its own.

    Args:
        html: The source of the page, however broken.
    """
    seen = _Seen()
    seen.feed(html)
    seen.close()
    lines = (" ".join(line.split()) for line in "".join(seen.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Seen(HTMLParser):
    """Keeps the text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Note a block, or the beginning of what nobody sees."""
        # A head that was never closed must not hide the mail itself.
        self._hidden = 0 if tag == "body" else self._hidden + (tag in _UNSEEN)
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a block, or of what nobody sees."""
        self._hidden = max(0, self._hidden - (tag in _UNSEEN))
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep text that a reader sees."""
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
