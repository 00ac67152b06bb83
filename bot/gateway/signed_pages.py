"""What the pages behind signed links share: reading the link, and the page of a closed one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.errors import ExpiredError, SignatureError
from bot.gateway.wiring import Gateway
from bot.links import Links

LONGEST_WAIT_SECONDS = 12.0
"""Longer than a customer is kept waiting in the talk: who opens a page waits for it."""

_FOLDER = Path(__file__).parent

templates = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)


class ClosedError(Exception):
    """The page cannot be shown.

    Args:
        status: The HTTP status.
        why: A key of the words' ``closed``.
    """

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        self.why = why
        super().__init__(why)


def claims_of(kind: str, token: str, gateway: Gateway) -> dict[str, Any]:
    """Return what a link carries.

    Raises:
        ClosedError: It has expired, is forged, or is for another purpose.
    """
    settings = gateway.settings
    links = Links(
        key=settings.key("secret_key"), base_url=settings.effective_public_url, now=gateway.now
    )
    try:
        return links.read(kind, token)
    except ExpiredError:
        raise ClosedError(410, "expired") from None
    except SignatureError:
        raise ClosedError(404, "unknown") from None


def page_words(name: str, language: str) -> dict[str, Any]:
    """Return a page's words in a language, English where it has none.

    Args:
        name: Stem of the YAML file beside this module.
        language: The reader's language code.
    """
    every = _every_language(name)
    return every.get(language) or every["en"]


def closed(page: HTMLResponse, error: ClosedError) -> HTMLResponse:
    """Give a page the status of what closed it, and say when to come back where that helps."""
    page.status_code = error.status
    if error.status == 503:
        page.headers["retry-after"] = "60"
    return page


@cache
def _every_language(name: str) -> dict[str, dict[str, Any]]:
    text = (_FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    words: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return words
