from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from card_links import bank_of, new_card
from gateway_servers import StandInForRasa
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from bot.casework.models import Contact
from bot.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not REQUIRED, reason="Chromium is not installed."
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "SECONDVOICE_TEST_REQUIRE names the browser, but Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A telephone on which any error and any breach of the content policy fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def open_card(page: Page, gateway: httpx.Client, token: str, language: str = "en") -> None:
    page.goto(urljoin(str(gateway.base_url), f"/card/{token}?lang={language}"))


def test_one_tap_rings_the_manager_and_one_saves_him(
    page: Page, gateway: httpx.Client, settings: Settings
) -> None:
    open_card(page, gateway, new_card(settings))
    call = page.get_by_role("link", name="Call +86 101 0000 0011")
    expect(call).to_have_attribute("href", "tel:+8610100000011")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save to contacts").click()
    assert "FN:Zhou Min" in download.value.path().read_text(encoding="utf-8")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("vCard 4.0")).click()
    assert "VERSION:4.0" in download.value.path().read_text(encoding="utf-8")


def test_the_code_is_drawn_and_the_language_can_be_changed(
    page: Page, gateway: httpx.Client, settings: Settings
) -> None:
    open_card(page, gateway, new_card(settings))
    drawn = page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert drawn
    page.get_by_role("link", name="切换到中文").click()
    expect(page.locator(".name")).to_have_text("周敏")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_the_chat_opened_from_the_card_knows_whom_to_ask_over_a_reload(
    page: Page, gateway: httpx.Client, settings: Settings, rasa: StandInForRasa
) -> None:
    open_card(page, gateway, new_card(settings))
    page.get_by_role("link", name="Chat with us now").click()
    expect(page.locator(".reply")).to_have_count(3)
    page.get_by_label("Your message").fill("Somebody called me")
    page.keyboard.press("Enter")
    expect(page.locator(".row-bot .bubble").last).to_contain_text("I hear you.")
    page.reload()
    expect(page.locator(".row-mine .bubble")).to_contain_text("Somebody called me")
    with bank_of(settings) as session:
        address = rasa.received[0]["sender"]
        contact = session.scalars(select(Contact).where(Contact.address == address)).one()
        assert contact.customer is None
        assert contact.says_he_is is not None
        assert contact.says_he_is.code == "C-1001"


def test_a_chat_with_a_card_that_is_not_good_is_a_visitors_chat(
    page: Page, gateway: httpx.Client
) -> None:
    page.goto(urljoin(str(gateway.base_url), "/chat?lang=en#card=" + "x" * 22))
    expect(page.locator(".reply")).to_have_count(3)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 320])
def test_every_control_is_at_least_44_pixels_and_nothing_overflows(
    page: Page, gateway: httpx.Client, settings: Settings, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    open_card(page, gateway, new_card(settings), language)
    for control in page.locator("a:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, control.inner_text()
        assert box["width"] >= 44, control.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
