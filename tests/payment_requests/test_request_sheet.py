"""The page for whoever signs for a company, drawn by a real browser: one sheet of A4."""

from __future__ import annotations

import html as markup
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.database import make_engine, migrate, session_factory
from bot.casework.payment_requests import RequestDetails, begin_request, note_request
from bot.casework.request_sheets import sheet_of
from bot.demo import load_demo
from bot.payment_requests import QUESTIONS, SIGNS, Read
from bot.payment_requests.sheet import Sheet, request_page, sheet_words
from tests.casework.builders import EVENING, open_case
from tests.casework.payment_builders import BANK

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")
LANGUAGES = ("en", "zh")
QUOTE = "王总在新群里说先付款，合同回头补"

printed = pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="No Chromium is installed.")


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    migrate(url)
    engine = make_engine(url)
    factory = session_factory(engine)
    with factory.begin() as session:
        load_demo(session)
    yield factory
    engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "SECONDVOICE_TEST_REQUIRE names the browser, but Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def sheet(session: Session, *, customer: str | None = "C-1001", told: bool = True) -> Sheet:
    case = open_case(session, customer=customer)
    request = begin_request(session, case, now=EVENING)
    if told:
        details = RequestDetails(
            asker="boss",
            amount=Decimal(480_000),
            currency="CNY",
            payee_name="宏达贸易有限公司",
            payee_bank="工商银行",
            payee_account_ending="8901",
        )
        read = Read(there={"approval_skipped": QUOTE, "urgent": "", "new_account": "换了账户"})
        note_request(session, request, read, details, now=EVENING)
    request.asked = ["callback"]
    return sheet_of(session, request, now=EVENING, bank=BANK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_what_is_asked_what_was_seen_and_whom_to_ring(
    sessions: sessionmaker[Session], language: str
) -> None:
    with sessions.begin() as session:
        html = markup.unescape(request_page(sheet(session), language))
    words = sheet_words(language)
    for text in ("480,000.00", "宏达贸易有限公司", "…8901", QUOTE, "何建国", BANK.hotline):
        assert text in html
    assert words["askers"]["boss"] in html
    assert words["signs"]["new_account"] in html
    assert words["unanswered"]["callback"] in html
    assert all(item in html for item in (*words["advice_items"], *words["decisions"]))
    assert "+86 101 0000 0011" in html, "The account manager's own number."


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_without_any_sign_does_not_call_the_request_honest(
    sessions: sessionmaker[Session], language: str
) -> None:
    with sessions.begin() as session:
        page = request_page(sheet(session, customer=None, told=False), language)
    html = markup.unescape(page)
    assert sheet_words(language)["none_seen"] in html
    assert sheet_words(language)["title_nobody"] in html


def test_what_a_customer_wrote_is_text_and_nothing_else(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        made = replace(sheet(session), payee_name="<script>x</script>")
    assert "<script>" not in request_page(made, "en")


def test_every_language_has_words_for_every_sign_and_question() -> None:
    for language in LANGUAGES:
        words = sheet_words(language)
        assert set(words["signs"]) == set(SIGNS)
        assert set(words["unanswered"]) == set(QUESTIONS)
        assert set(words) == set(sheet_words("en"))


@printed
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_prints_on_one_sheet(
    sessions: sessionmaker[Session], browser: Browser, language: str, full: bool
) -> None:
    with sessions.begin() as session:
        made = sheet(session)
    if full:
        long = "欧阳W" * 70
        made = replace(
            made,
            signs=tuple((sign, long) for sign in SIGNS),
            unanswered=tuple(QUESTIONS)[:3],
            payee_name=long,
            payee_bank=long,
            customer={"en": long, "zh": long},
            company={"en": long, "zh": long},
            addressee=long,
            manager={"en": long, "zh": long},
        )
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.set_content(request_page(made, language))
    page.emulate_media(media="print")
    if folder := os.environ.get("SECONDVOICE_SHOTS"):
        page.screenshot(path=f"{folder}/request_{language}_{full}.png")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    over = page.evaluate(
        """(() => {
             const sheet = document.querySelector('.sheet').getBoundingClientRect();
             const foot = document.querySelector('.foot').getBoundingClientRect();
             return [...document.querySelectorAll('.sheet > *')].filter(part => {
               const box = part.getBoundingClientRect();
               return (!part.classList.contains('foot') && box.bottom > foot.top + 1)
                 || box.bottom > sheet.bottom + 1 || box.right > sheet.right + 1;
             }).map(part => part.textContent.trim().slice(0, 60));
           })()"""
    )
    page.close()
    assert len(pdf.pages) == 1
    assert over == []
