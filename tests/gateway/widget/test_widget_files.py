"""The loader's files: small, versioned, never changed after they were published."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import httpx
import yaml
from playwright.sync_api import Page, Response
from test_chat_page_in_a_browser import pytestmark  # noqa: F401  # skips without a browser
from widget_steps import open_widget

from bot.gateway.widget import FOLDER, loaders, newest
from bot.settings import PROJECT_ROOT

Embed = Callable[..., Page]
LOADER_BYTES = 15_000
EVERYTHING_BYTES = 60_000


def test_the_loader_is_below_15_kb_compressed(gateway: httpx.Client) -> None:
    with gateway.stream("GET", "/widget.js", headers={"accept-encoding": "gzip"}) as answer:
        travelled = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(travelled) == newest().text
    assert len(travelled) < LOADER_BYTES


def test_everything_that_an_open_chat_has_loaded_is_below_60_kb(page: Page, embed: Embed) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    open_widget(embed())
    loaded = [one for one in answers if "api/" not in one.url and one.url.startswith("http")]
    assert len(loaded) > 12
    assert sum(one.request.sizes()["responseBodySize"] for one in loaded) < EVERYTHING_BYTES


def test_a_published_version_has_never_changed() -> None:
    published = yaml.safe_load((FOLDER / "published.yml").read_text(encoding="utf-8"))
    assert {one.version: one.integrity for one in loaders().values()} == published


def test_a_version_may_be_kept_for_ever_and_read_by_any_page(gateway: httpx.Client) -> None:
    answer = gateway.get("/widget-1.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert gateway.get("/widget.js").headers["cache-control"] == "no-cache"
    for unknown in ("0", "2000", "1e1", "..%2f1"):
        assert gateway.get(f"/widget-{unknown}.js").status_code == 404


def test_the_loader_speaks_every_language_of_the_chat() -> None:
    strings = yaml.safe_load(
        (PROJECT_ROOT / "bot" / "gateway" / "strings.yml").read_text(encoding="utf-8")
    )
    loader = newest().text.decode()
    assert [code for code in strings if f"    {code}: {{\n      label:" not in loader] == []


def test_the_loader_writes_no_markup_no_cookie_and_keeps_nothing_longer_than_the_tab() -> None:
    loader = newest().text.decode()
    for word in ("innerHTML", "insertAdjacentHTML", "localStorage", "document.cookie", "eval("):
        assert word not in loader
