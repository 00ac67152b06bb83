"""One tap on a telephone, without JavaScript."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from escalation_steps import Asked, Clock, asked
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.settings import Settings

Start = Callable[..., httpx.Client]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")
PICTURES = os.environ.get("SECONDVOICE_TEST_PICTURES", "")

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
def phone(browser: Browser) -> Iterator[Page]:
    """A telephone that runs no script; breaches of the content policy fail the test."""
    context = browser.new_context(
        viewport={"width": 375, "height": 667},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        java_script_enabled=False,
        locale="en-GB",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if "Failed to load resource" not in message.text
            else None
        ),
    )
    yield page
    assert context.cookies() == []
    context.close()
    assert complaints == []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def escalation(settings: Settings, clock: Clock) -> Iterator[Asked]:
    with asked(settings, clock) as escalation:
        yield escalation


def picture(page: Page, name: str) -> None:
    """Keep a picture to look at, where a folder for pictures is named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"acknowledge_{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("person", "button", "read"),
    [
        ("M-02", "I have read this", "Read at 20:04 by Grace Lin"),
        ("M-01", "我已看到", "周敏已在 20:04 看到"),
    ],
)
def test_one_tap_on_a_telephone_without_scripts_is_enough(
    start: Start,
    phone: Page,
    escalation: Asked,
    clock: Clock,
    person: str,
    button: str,
    read: str,
) -> None:
    gateway = start(now=clock, rasa_up=False)
    clock.forward(minutes=4)
    phone.goto(urljoin(str(gateway.base_url), escalation.path(person)))
    tap = phone.get_by_role("button", name=button)
    box = tap.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 667, "The button must be seen without scrolling."
    picture(phone, f"{person}_before")
    tap.tap()
    expect(phone.get_by_role("status")).to_have_text(read)
    expect(phone.locator(".summary")).to_contain_text("Daniel Reed")
    picture(phone, f"{person}_after")
    assert escalation.row().status == "acknowledged"
    phone.reload()
    expect(phone.get_by_role("status")).to_have_text(read)
    phone.set_viewport_size({"width": 320, "height": 640})
    widest = phone.locator("main").bounding_box()
    assert widest is not None
    assert widest["x"] + widest["width"] <= 320


def test_a_link_that_is_none_is_told_clearly(
    start: Start, phone: Page, escalation: Asked, clock: Clock
) -> None:
    gateway = start(now=clock, rasa_up=False)
    answer = phone.goto(urljoin(str(gateway.base_url), escalation.path()[:-3]))
    assert answer is not None
    assert answer.status == 404
    expect(phone.get_by_role("heading")).to_have_text("This is no link of ours.")
    expect(phone.get_by_role("link")).to_contain_text("Hotline")
    picture(phone, "unknown")
