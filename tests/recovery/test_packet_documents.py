"""The documents about a payment as they leave the printer: drawn by a real browser."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.packets import rail_packs
from bot.casework.payments import PaymentDetails
from bot.recovery.document_words import document_languages, document_words
from bot.recovery.documents import note_page, packet_page, report_page
from bot.recovery.packet import Customer, Packet, Payee, Said
from tests.casework.builders import EVENING, after, open_case
from tests.casework.databases import SqliteFiles
from tests.casework.payment_builders import BANK, NUMBER, made, paid

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = "browser" in os.environ.get("SECONDVOICE_TEST_REQUIRE", "")
MILLIMETRE = 72 / 25.4
LANGUAGES = ("en", "zh")
Make = Callable[[Packet, str], str]

printed = pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="No Chromium is installed.")


@pytest.fixture
def databases(tmp_path: Path) -> SqliteFiles:
    """What is drawn does not depend on the database."""
    return SqliteFiles(tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "SECONDVOICE_TEST_REQUIRE names the browser, but Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    yield page
    page.close()


@pytest.fixture
def seed(sessions: sessionmaker[Session]) -> Packet:
    with sessions.begin() as session:
        return made(session, paid(session))


@pytest.fixture
def nothing(sessions: sessionmaker[Session]) -> Packet:
    """A visitor who has only said that he paid."""
    with sessions.begin() as session:
        case = open_case(session, customer=None, exposure="paid")
        return made(session, paid(session, PaymentDetails(), case=case, words=""))


def fullest(packet: Packet) -> Packet:
    """The same packet with every text as long as it can be."""
    long = "欧阳W" * 70
    return replace(
        packet,
        script={"en": "A rather long title of a scam script", "zh": "一个名字相当长的骗局剧本"},
        amount=Decimal("99999999999.99"),
        currency_assumed=True,
        paying_bank=long,
        customer=Customer(
            code="C-1001",
            names={"en": long, "zh": long},
            kind="corporate",
            companies={"en": long, "zh": long},
            legal_representative=long,
            second_signer=long,
        ),
        payee=Payee(name=long, bank=long, account_ending="8901", account_kept=True),
        evidence=tuple(Said(at=after(minutes=n), text=f"{n} {long}") for n in range(8)),
        words=tuple(Said(at=after(minutes=n), text=f"{n} word {long}") for n in range(9)),
    )


def pages_of(page: Page, html: str) -> PdfReader:
    page.set_content(html)
    page.emulate_media(media="print")
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def bare(text: str) -> str:
    """A printed text without its spaces and line breaks, which are the printer's own."""
    return "".join(text.split())


def cut_off(page: Page) -> list[str]:
    """The parts of the sheet that stick out of it or lie on one another."""
    found: list[str] = page.evaluate(
        """(() => {
             const sheet = document.querySelector('.sheet').getBoundingClientRect();
             const foot = document.querySelector('.foot').getBoundingClientRect();
             return [...document.querySelectorAll('.sheet > *')].filter(part => {
               const box = part.getBoundingClientRect();
               const over = !part.classList.contains('foot') && box.bottom > foot.top + 1;
               return over || box.bottom > sheet.bottom + 1 || box.right > sheet.right + 1;
             }).map(part => part.className + ' ' + part.textContent.trim().slice(0, 60));
           })()"""
    )
    return found


@printed
@pytest.mark.parametrize("make", [packet_page, note_page])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["seed", "nothing", "fullest"])
def test_document_prints_to_exactly_one_page_of_a4_with_nothing_cut_off(
    page: Page, seed: Packet, nothing: Packet, make: Make, language: str, which: str
) -> None:
    packet = {"seed": seed, "nothing": nothing, "fullest": fullest(seed)}[which]
    [only] = pages_of(page, make(packet, language)).pages
    size = [float(side) / MILLIMETRE for side in only.mediabox[2:]]
    assert size == pytest.approx([210, 297], abs=0.5)
    assert packet.reference in only.extract_text()
    assert cut_off(page) == []


@printed
@pytest.mark.parametrize("language", LANGUAGES)
def test_desks_page_with_the_whole_number_is_one_page_too(
    page: Page, seed: Packet, language: str
) -> None:
    iban = "MT84MALT011000012345MTLCAST001S123"
    [only] = pages_of(page, packet_page(fullest(seed), language, account=iban)).pages
    assert iban in bare(only.extract_text())
    assert cut_off(page) == []


@printed
@pytest.mark.parametrize("country", rail_packs().jurisdictions)
def test_desks_page_is_one_page_whatever_the_countrys_rails(
    page: Page, sessions: sessionmaker[Session], country: str
) -> None:
    with sessions.begin() as session:
        bank = BANK.model_copy(update={"jurisdiction": country})
        unknown = made(session, paid(session, PaymentDetails()), bank=bank)
    for language in LANGUAGES:
        assert len(pages_of(page, packet_page(fullest(unknown), language)).pages) == 1
        assert cut_off(page) == []


@printed
@pytest.mark.parametrize("language", LANGUAGES)
def test_report_of_the_seed_story_is_one_page_and_a_longer_one_loses_no_word(
    page: Page, seed: Packet, language: str
) -> None:
    assert len(pages_of(page, report_page(seed, language)).pages) == 1
    long = fullest(seed)
    text = "".join(one.extract_text() for one in pages_of(page, report_page(long, language)).pages)
    assert bare(text).count("word欧阳W") == len(long.words)


@printed
def test_pages_fit_a_telephone_without_scrolling_sideways(browser: Browser, seed: Packet) -> None:
    telephone = browser.new_page(viewport={"width": 360, "height": 740})
    for make in (packet_page, report_page, note_page):
        telephone.set_content(make(fullest(seed), "zh"))
        assert telephone.evaluate("document.documentElement.scrollWidth") <= 360
    telephone.close()


@printed
def test_controls_are_not_printed(page: Page, seed: Packet) -> None:
    kept = replace(seed, payee=replace(seed.payee, account_kept=True))
    [only] = pages_of(page, packet_page(kept, "en", asks=True)).pages
    assert "Show the whole account number" not in only.extract_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheet_for_the_police_has_the_five_things_and_blanks_for_the_unknown(
    nothing: Packet, seed: Packet, language: str
) -> None:
    words = document_words(language)["report"]
    for packet in (nothing, seed):
        html = report_page(packet, language)
        five = ("victim", "paying_account", "amount_time", "payee", "voucher")
        places = [html.index(str(words[name]).replace("'", "&#39;")) for name in five]
        assert places == sorted(places)
        assert packet.police in html
    filled = [report_page(packet, language).count('class="blank"') for packet in (nothing, seed)]
    # Always by hand: the ID number and both account numbers.
    assert filled == [9, 3]


def test_story_is_told_in_order_in_his_own_words_each_once(seed: Packet) -> None:
    told = replace(
        seed,
        evidence=(
            Said(at=after(hours=2), text="pay today", red_flag="b"),
            Said(at=EVENING, text="they will sue me", red_flag="a"),
            Said(at=EVENING, text="they will sue me", red_flag="c"),
        ),
        words=(Said(at=after(hours=2), text="he said pay today and I sent it"),),
    )
    html = report_page(told, "en")
    assert html.count("they will sue me") == 1
    assert html.count("pay today") == 1
    assert html.index("2024-03-14 20:00") < html.index("2024-03-14 22:00")


@pytest.mark.parametrize("make", [report_page, note_page])
@pytest.mark.parametrize("language", LANGUAGES)
def test_report_and_note_never_hold_the_whole_number_nor_blame_nor_a_time_left(
    seed: Packet, make: Make, language: str
) -> None:
    html = make(replace(seed, payee=replace(seed.payee, account_kept=True)), language)
    assert NUMBER not in html
    assert "8901" in html
    blame = r"careless|should have|why did|mistake|大意|早该|怎么会|失误|过失"
    assert re.search(blame, html, re.IGNORECASE) is None
    assert re.search(r"\d+\s?(min|h)\b|还剩|小时", html) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_note_says_what_to_hold_who_acts_and_that_the_payer_is_a_witness(
    seed: Packet, language: str
) -> None:
    words = document_words(language)["note"]
    html = note_page(seed, language)
    assert words["title"].format(name="何建国") in html
    assert all(item in html for item in words["hold_items"])
    assert words["witness"] in html
    assert seed.desk_phone in html
    assert seed.police in html


@pytest.mark.parametrize("make", [packet_page, report_page, note_page])
def test_customers_words_are_text_and_never_markup(seed: Packet, make: Make) -> None:
    evil = "<script>alert(1)</script>\"'><b onclick=x>"
    nasty = replace(seed, payee=Payee(name=evil, bank=evil), words=(Said(at=EVENING, text=evil),))
    html = make(nasty, "en")
    assert "<script" not in html
    assert "<b onclick" not in html


@pytest.mark.parametrize("make", [packet_page, report_page, note_page])
def test_document_needs_nothing_else_and_runs_nothing(seed: Packet, make: Make) -> None:
    html = make(seed, "zh")
    assert not re.search(r"<script|\son\w+=|\sstyle=|<img|<link|@import|url\(", html)


def test_every_language_has_the_same_words_with_the_same_fields() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [shape(inner) for inner in value]
        return sorted(re.findall(r"\{(\w+)\}", str(value)))

    shapes = [shape(dict(document_words(code))) for code in document_languages()]
    assert shapes[0] == shapes[1]
    assert len(shapes) == 2
