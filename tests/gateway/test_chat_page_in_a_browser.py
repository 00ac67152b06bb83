from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from gateway_servers import StandInForRasa
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

Start = Callable[..., httpx.Client]
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
    """A page on which any error and any breach of the content policy fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def open_page(page: Page, gateway: httpx.Client, path: str) -> None:
    page.goto(urljoin(str(gateway.base_url), path))


def test_markup_from_anywhere_is_shown_as_text(
    page: Page, gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda body: [{"text": body["message"], "buttons": [{"title": "<b>x</b>"}]}]
    open_page(page, gateway, "/chat?lang=en")
    expect(page.locator(".reply")).to_have_count(3)
    page.get_by_label("Your message").fill("<img src=x onerror=document.title='broken'>")
    page.keyboard.press("Enter")
    expect(page.locator(".row-bot .bubble").last).to_contain_text("<img src=x")
    expect(page.locator(".reply")).to_have_text(["<b>x</b>"])
    assert page.locator(".bubble img").count() == 0
    assert page.title() != "broken"


def test_a_quick_reply_is_sent_as_its_title(
    page: Page, gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    open_page(page, gateway, "/chat?lang=zh")
    page.locator(".reply").nth(1).click()
    expect(page.locator(".row-mine .bubble")).to_contain_text("钱已经转了")
    expect(page.locator(".row-bot .bubble").last).to_contain_text("I hear you.")
    assert page.locator(".row-mine .bubble").get_attribute("lang") == "zh-CN"
    assert rasa.received[0]["message"] == "钱已经转了"


def test_the_history_lasts_over_a_reload_and_ends_with_clearing(
    page: Page, gateway: httpx.Client
) -> None:
    open_page(page, gateway, "/chat?lang=en")
    page.get_by_label("Your message").fill("Somebody called me")
    page.keyboard.press("Enter")
    expect(page.locator(".row-bot .bubble").last).to_contain_text("I hear you.")
    page.reload()
    expect(page.locator(".row-mine .bubble")).to_contain_text("Somebody called me")
    page.get_by_role("button", name="Clear this chat").click()
    page.get_by_role("button", name="Clear it").click()
    expect(page.locator(".row-mine")).to_have_count(0)
    expect(page.locator(".reply")).to_have_count(3)
    assert "Somebody" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_contact_card_can_be_called(
    page: Page, gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    card = {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011", "hours": "Always"}
    rasa.reply = lambda _: [{"text": "Here."}, {"custom": {"card": card}}]
    open_page(page, gateway, "/chat?lang=en")
    page.get_by_label("Your message").fill("help")
    page.keyboard.press("Enter")
    call = page.get_by_role("link", name="Call +86 101 0000 0011")
    expect(call).to_have_attribute("href", "tel:+8610100000011")


def test_without_a_connection_the_numbers_stay_and_the_message_can_be_sent_again(
    page: Page, gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    open_page(page, gateway, "/chat?lang=en")
    expect(page.locator(".reply")).to_have_count(3)
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_label("Your message").fill("Are you there?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nobody has been told yet")
    expect(page.locator(".meta-unsent")).to_have_text("Not sent")
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".row-bot .bubble").last).to_contain_text("I hear you.")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert [entry["message"] for entry in rasa.received] == ["Are you there?"]


def test_every_control_is_at_least_44_pixels_and_nothing_overflows(
    page: Page, gateway: httpx.Client
) -> None:
    open_page(page, gateway, "/chat?lang=en")
    expect(page.locator(".reply")).to_have_count(3)
    for control in page.locator("button:visible, a:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, control.inner_text()
        assert box["width"] >= 44, control.inner_text()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sample_of_the_demo_page_is_said_by_the_signed_customer(
    page: Page, start: Start, rasa: StandInForRasa, tmp_path: Path
) -> None:
    gateway = start(demo=True, var_dir=tmp_path)
    open_page(page, gateway, "/?lang=zh&who=C-1001")
    chat = page.frame_locator("#chat")
    expect(chat.locator(".reply")).to_have_count(3)
    page.locator("[data-ask]").first.click()
    expect(chat.locator(".row-bot .bubble").last).to_contain_text("I hear you.")
    assert "公司账户" in rasa.received[0]["message"]
