"""Lessons and teller cards as a browser shows and prints them."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pypdf import PdfReader

from bot.education import quiz

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not REQUIRED, reason="Chromium is not installed."
)
#: The scams with the most to say.
LONGEST = ("company_advance_payment", "benefit_suspension", "service_disconnection")


@pytest.fixture(scope="module")
def pages() -> Iterator[Page]:
    assert CHROMIUM, "SECONDVOICE_TEST_REQUIRE names the browser, but Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # Nothing of these pages may need a script.
        context = browser.new_context(java_script_enabled=False)
        yield context.new_page()
        browser.close()


def open_page(page: Page, gateway: httpx.Client, path: str) -> None:
    page.goto(urljoin(str(gateway.base_url), path))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_long_card_prints_on_one_page(
    pages: Page, gateway: httpx.Client, language: str
) -> None:
    for script_id in LONGEST:
        open_page(pages, gateway, f"/teller-cards/{script_id}?lang={language}")
        printed = PdfReader(io.BytesIO(pages.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 1, script_id


def test_answer_shows_whether_it_is_right_by_keyboard_alone(
    pages: Page, gateway: httpx.Client
) -> None:
    open_page(pages, gateway, "/learn/refund_service?lang=en")
    first = quiz("refund_service", "en", seed=0)[0]
    answers = pages.locator("[aria-labelledby=question-1] summary")
    answers.nth(first.right).focus()
    pages.keyboard.press("Enter")
    expect(pages.locator("[aria-labelledby=question-1] .right")).to_be_visible()
    expect(pages.locator("[aria-labelledby=question-1] .right")).to_contain_text(first.reason)


@pytest.mark.parametrize("path", ["/learn", "/learn/refund_service", "/teller-cards/romance"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control_is_at_least_44_pixels_and_nothing_overflows(
    pages: Page, gateway: httpx.Client, path: str, language: str
) -> None:
    pages.set_viewport_size({"width": 320, "height": 844})
    open_page(pages, gateway, f"{path}?lang={language}")
    for control in pages.locator("a:visible, summary:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 43.9, control.inner_text()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320, control.inner_text()
