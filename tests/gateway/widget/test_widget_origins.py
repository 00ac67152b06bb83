"""Only the bank's own pages show the chat, and page and frame believe only each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from bank_site import BankSite
from gateway_servers import free_port, plain_server, running
from playwright.sync_api import Page, expect
from test_chat_page_in_a_browser import browser, pytestmark  # noqa: F401
from widget_steps import chat_of, launcher, open_widget

from bot.errors import ConfigurationError
from bot.gateway.embedding import load_embedding
from bot.settings import PROJECT_ROOT

Embed = Callable[..., Page]
Start = Callable[..., httpx.Client]


@pytest.fixture
def careless_page(browser: object) -> Page:  # type: ignore[misc]  # noqa: F811
    """A page on which complaints of the browser are expected."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})  # type: ignore[attr-defined]
    yield context.new_page()
    context.close()


def test_a_forbidden_site_gets_no_chat_and_its_visitor_gets_the_hotline(
    careless_page: Page, start: Start
) -> None:
    stranger = BankSite(free_port())
    complaints: list[str] = []
    careless_page.on("console", lambda message: complaints.append(message.text))
    with running(plain_server(stranger.app, stranger.port)):
        stranger.embed(str(start().base_url))
        careless_page.goto(stranger.origin)
        launcher(careless_page).click()
        alert = careless_page.locator("second-voice [role=alert]")
        expect(alert).to_contain_text("cannot be reached", timeout=15_000)
        expect(alert.get_by_role("link")).to_have_attribute("href", "tel:10100000000")
    assert any("frame-ancestors" in text for text in complaints)
    assert any(f"the origin {stranger.origin}" in text for text in complaints)


def test_only_the_banks_own_origins_may_frame_its_chat(start: Start, site: BankSite) -> None:
    gateway = start()
    policy = gateway.get("/chat?bank=riverside").headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {site.origin} {site.foreign}")
    assert gateway.get("/chat?bank=other").status_code == 404
    assert gateway.get("/chat").headers["content-security-policy"].endswith("'self'")


def test_a_message_of_anybody_else_moves_neither_page_nor_frame(embed: Embed) -> None:
    page = embed(body='<iframe id="ad" srcdoc="<p>an ad</p>" title="ad"></iframe>')
    chat = open_widget(page)
    ad = next(frame for frame in page.frames if frame.url == "about:srcdoc")
    ad.evaluate("parent.postMessage({type: 'secondvoice:leave', url: 'https://evil.example'}, '*')")
    ad.evaluate("parent.postMessage({type: 'secondvoice:close'}, '*')")
    for wish in ("forget", "ask", "leave"):
        ad.evaluate(
            "(type) => parent.document.querySelector('second-voice').shadowRoot"
            ".querySelector('iframe').contentWindow.postMessage({type, text: 'I paid'}, '*')",
            "secondvoice:" + wish,
        )
    page.wait_for_timeout(500)
    expect(page.locator("second-voice .panel")).to_be_visible()
    expect(chat.locator(".reply")).to_have_count(3)
    assert chat.locator(".row-mine").count() == 0
    assert page.url.startswith("http://127.0.0.1")


def test_even_the_banks_page_puts_no_words_into_a_customers_mouth(embed: Embed) -> None:
    page = embed()
    chat = open_widget(page)
    page.evaluate(
        "document.querySelector('second-voice').shadowRoot.querySelector('iframe')"
        ".contentWindow.postMessage({type: 'secondvoice:ask', text: 'I paid'}, '*')"
    )
    page.wait_for_timeout(500)
    assert chat.locator(".row-mine").count() == 0


def test_the_frame_speaks_to_the_origin_that_has_shown_itself_and_to_no_other(
    embed: Embed, settings: object
) -> None:
    script = (PROJECT_ROOT / "bot/gateway/static/chat/host.js").read_text(encoding="utf-8")
    loader = (PROJECT_ROOT / "widget/widget-1.js").read_text(encoding="utf-8")
    assert 'postMessage({ ...detail, type: "secondvoice:" + name }, host)' in script
    assert '"*"' not in script + loader
    page = embed()
    page.evaluate("addEventListener('message', (event) => (window.from = event.origin))")
    open_widget(page)
    assert page.evaluate("window.from") == f"http://127.0.0.1:{settings.port}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.bank.example",
        "https://bank.example/",
        "http://bank.example",
        "https://Bank.example",
        "bank.example",
        "https://bank.example; script-src *",
        "null",
    ],
)
def test_an_origin_that_is_none_is_refused_when_the_file_is_read(
    tmp_path: Path, origin: str
) -> None:
    file = tmp_path / "embedding.yml"
    file.write_text(f'banks: {{riverside: {{origins: ["{origin}"]}}}}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="write it like https"):
        load_embedding(file)


def test_a_missing_file_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SECONDVOICE_EMBEDDING_FILE"):
        load_embedding(tmp_path / "none.yml")


def test_the_demonstrations_file_is_good() -> None:
    assert load_embedding(PROJECT_ROOT / "deploy" / "embedding.yml").origins("riverside")


def test_the_chat_opens_in_the_page_of_another_site(
    page: Page, start: Start, site: BankSite
) -> None:
    site.embed(str(start().base_url))
    page.goto(site.foreign)
    open_widget(page)
    expect(chat_of(page).locator(".bar")).to_be_visible()
