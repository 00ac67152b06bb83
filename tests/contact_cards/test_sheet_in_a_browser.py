"""The sheet as it leaves the printer: drawn by a real browser."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import load_bank
from bot.casework.care import customer_by_code
from bot.contact_cards.making import Place, card_files
from bot.settings import Settings
from tests.casework.builders import EVENING

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="Chromium is not installed."),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]

MILLIMETRE = 72 / 25.4
URL = "https://a-rather-long-name-of-a-host.riverside-bank.example/card/abcdefghijklmnopqrstuv"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "SECONDVOICE_TEST_REQUIRE names the browser, but Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=2)
    yield page
    page.close()


def sheet(sessions: sessionmaker[Session], code: str, **changes: str) -> str:
    place = Place(
        public_url=URL.partition("/card/")[0],
        token=URL.rpartition("/")[2],
        made=EVENING,
        last_day=(EVENING + timedelta(days=365)).date(),
    )
    with sessions() as session:
        customer = customer_by_code(session, code)
        for name, value in changes.items():
            owner = customer if hasattr(customer, name) else customer.account_manager
            setattr(owner, name, value)
        bank = load_bank(Settings(_env_file=None).bank_file)
        return card_files(customer, bank, place)["card.html"].decode()


@pytest.mark.parametrize("code", ["C-1001", "C-1003", "C-2001"])
def test_the_sheet_prints_to_exactly_one_page_of_a4(
    page: Page, sessions: sessionmaker[Session], code: str
) -> None:
    page.set_content(sheet(sessions, code))
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    [only] = printed.pages
    size = [float(side) / MILLIMETRE for side in only.mediabox[2:]]
    assert size == pytest.approx([210, 297], abs=0.5)
    text = only.extract_text()
    assert text.count("101 0000 0000") == 8
    assert text.count("2025-03-14") == 8


def test_names_of_any_length_stay_inside_their_card_and_on_the_page(
    page: Page, sessions: sessionmaker[Session]
) -> None:
    long = {
        "company": "恒泰国际进出口贸易" * 20,
        "companies": {},
        "name": "欧阳" * 50,
        "mobile": "+86 101 0000 0011",
    }
    page.set_content(sheet(sessions, "C-1001", **long))  # type: ignore[arg-type]
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1
    assert overflowing(page) == []


@pytest.mark.parametrize("code", ["C-1001", "C-1003", "C-2001"])
def test_nothing_on_a_card_is_cut_off(
    page: Page, sessions: sessionmaker[Session], code: str
) -> None:
    page.set_content(sheet(sessions, code))
    page.emulate_media(media="print")
    assert overflowing(page) == []
    cut = page.evaluate(
        "[...document.querySelectorAll('.card p, .card span')]"
        ".filter(e => getComputedStyle(e).overflow === 'hidden')"
        ".filter(e => e.scrollHeight > e.clientHeight + 1)"
        ".map(e => e.textContent)"
    )
    assert cut == []


def test_all_eight_codes_can_be_scanned_from_the_drawn_page(
    page: Page, sessions: sessionmaker[Session]
) -> None:
    page.set_content(sheet(sessions, "C-1001"))
    page.emulate_media(media="print")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [URL] * 8


def overflowing(page: Page) -> list[str]:
    """The parts of cards that stick out of their card."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('.card')].flatMap(card => {
             const box = card.getBoundingClientRect();
             return [...card.querySelectorAll('.top, .heading, .middle, .never, .bottom, .code p')]
               .filter(part => {
                 const inner = part.getBoundingClientRect();
                 return inner.bottom > box.bottom + 1 || inner.right > box.right + 1;
               })
               .map(part => part.className + ': ' + part.textContent.trim());
           })"""
    )
    return found
