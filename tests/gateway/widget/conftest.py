from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from bank_site import BankSite
from gateway_servers import free_port, plain_server, running
from playwright.sync_api import Page
from pushing import Pushing
from test_chat_page_in_a_browser import browser, page  # noqa: F401  # the browser and its page

from bot.settings import Settings

Start = Callable[..., httpx.Client]
Embed = Callable[..., Page]


@pytest.fixture
def site() -> Iterator[BankSite]:
    made = BankSite(free_port())
    with running(plain_server(made.app, made.port)):
        yield made


@pytest.fixture
def settings(settings: Settings, site: BankSite, tmp_path: Path) -> Settings:
    """The settings of a gateway whose chat the bank's site may show."""
    file = tmp_path / "embedding.yml"
    file.write_text(
        f'banks:\n  riverside:\n    origins: ["{site.origin}", "{site.foreign}"]\n',
        encoding="utf-8",
    )
    return settings.model_copy(update={"embedding_file": file, "stream_seconds": 0.2})


@pytest.fixture
def pushing(settings: Settings) -> Pushing:
    return Pushing(settings)


@pytest.fixture
def embed(page: Page, start: Start, site: BankSite) -> Embed:  # noqa: F811
    """Opens the bank's page with the chat on it."""

    def open_bank_page(
        more: str = "", *, changes: dict[str, Any] | None = None, **html: str
    ) -> Page:
        gateway = start(**(changes or {}))
        site.embed(str(gateway.base_url), more, **html)
        page.goto(site.origin)
        return page

    return open_bank_page
