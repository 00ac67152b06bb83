"""The two words on a telephone, without JavaScript: large, labelled, and on the screen at once."""

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
from sqlalchemy import select

from bot.casework.identity import WordKeeper, in_words
from bot.casework.models import Case
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
def clock() -> Clock:
    return Clock()


@pytest.fixture
def escalation(settings: Settings, clock: Clock) -> Iterator[Asked]:
    with asked(settings, clock) as escalation:
        yield escalation


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("person", "open_it", "heading", "not_me", "done"),
    [
        (
            "M-02",
            "I have read this",
            "The customer asks whether it is really the bank that calls",
            "I am not calling this customer",
            "Recorded.",
        ),
        (
            "M-01",
            "我已看到",
            "客户想确认来电的真是银行的人",
            "我没有在联系这位客户",
            "已记录。",
        ),
    ],
)
def test_the_words_are_read_and_denied_on_a_telephone_without_scripts(
    start: Start,
    browser: Browser,
    escalation: Asked,
    settings: Settings,
    clock: Clock,
    person: str,
    open_it: str,
    heading: str,
    not_me: str,
    done: str,
    scheme: str,
) -> None:
    gateway = start(now=clock, rasa_up=False)
    with escalation.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        keeper = WordKeeper(settings.key("vault_key"))
        things = keeper.make(session, case, language="en", now=clock()).things
    context = browser.new_context(
        viewport={"width": 375, "height": 667},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        java_script_enabled=False,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    phone = context.new_page()
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    phone.goto(urljoin(str(gateway.base_url), escalation.path(person)))
    phone.get_by_role("button", name=open_it).tap()
    words = phone.get_by_role("region", name=heading)
    expect(words).to_contain_text(in_words(things, "en"))
    box = phone.locator(".pair").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 667, "The words must be seen without scrolling."
    button = phone.get_by_role("button", name=not_me)
    size = button.bounding_box()
    assert size is not None
    assert size["height"] >= 44
    _picture(phone, f"{person}_{scheme}")
    phone.set_viewport_size({"width": 320, "height": 640})
    widest = phone.locator("main").bounding_box()
    assert widest is not None
    assert widest["x"] + widest["width"] <= 320
    phone.set_viewport_size({"width": 375, "height": 667})
    button.tap()
    expect(phone.get_by_role("alert")).to_contain_text(done)
    expect(words).to_have_count(0)
    assert context.cookies() == []
    context.close()
    assert complaints == []


def _picture(page: Page, name: str) -> None:
    """Keep a picture to look at, where a folder for pictures is named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"words_{name}.png", full_page=True)
