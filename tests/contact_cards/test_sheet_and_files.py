from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import segno
import vobject
import yaml
import zxingcpp
from sqlalchemy.orm import Session, sessionmaker

from bot.bank import Bank, load_bank
from bot.casework.care import customer_by_code
from bot.casework.words import languages as handover_languages
from bot.contact_cards.codes import qr_svg
from bot.contact_cards.making import Place, card_files
from bot.contact_cards.words import WORDS_DIR, card_words, languages
from bot.settings import Settings
from tests.casework.builders import EVENING, person

URL = "https://help.riverside-bank.example"
PLACE = Place(
    public_url=URL,
    token="abcdefghijklmnopqrstuv",
    made=EVENING,
    last_day=(EVENING + timedelta(days=365)).date(),
)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def bank() -> Bank:
    return load_bank(Settings(_env_file=None).bank_file)


def files_of(session: Session, bank: Bank, code: str) -> dict[str, bytes]:
    return card_files(customer_by_code(session, code), bank, PLACE)


def scanned(svg: bytes) -> str:
    """What a telephone reads from a picture of a code, drawn here pixel by pixel."""
    rows = re.search(rb'viewBox="0 0 (\d+)', svg)
    strokes = re.search(rb'class="qrline"[^>]* d="([^"]+)"', svg)
    assert rows
    assert strokes
    picture = np.full((int(rows[1]), int(rows[1])), 255, np.uint8)
    x, y = 0.0, 0.0
    for command, numbers in re.findall(rb"([Mmh])([-\d. ]+)", strokes[1]):
        values = [float(number) for number in numbers.split()]
        if command == b"h":
            picture[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == b"M" else (x + values[0], y + values[1])
    enlarged = np.kron(picture, np.ones((4, 4), np.uint8))
    [found] = zxingcpp.read_barcodes(enlarged)
    return str(found.text)


def test_the_words_exist_in_every_language_that_staff_reads() -> None:
    assert set(languages()) == set(handover_languages())
    assert card_words("xx") == card_words("en")


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_words_with_the_same_placeholders(language: str) -> None:
    english, other = (
        yaml.safe_load((WORDS_DIR / f"{code}.yml").read_text(encoding="utf-8"))
        for code in ("en", language)
    )
    assert placeholders(other) == placeholders(english)


@pytest.mark.parametrize("language", languages())
def test_the_words_hold_no_number_of_their_own(language: str) -> None:
    text = (WORDS_DIR / f"{language}.yml").read_text(encoding="utf-8")
    assert re.findall(r"\d{3,}", text) == []


def test_the_sheet_has_eight_cards_half_in_each_language_the_customers_own_first(
    session: Session, bank: Bank
) -> None:
    sheet = files_of(session, bank, "C-1001")["card.html"].decode()
    assert re.findall(r'<section class="card" lang="([\w-]+)">', sheet) == ["zh-CN", "en"] * 4
    english = files_of(session, bank, "C-2001")["card.html"].decode()
    assert re.findall(r'<section class="card" lang="([\w-]+)">', english) == ["en", "zh-CN"] * 4
    for said in (
        "江畔银行",
        "Riverside Bank",
        "周敏",
        "Zhou Min",
        "+86 101 0000 0011",
        "陈伟 · 恒泰贸易有限公司",
        "Chen Wei · Hengtai Trading Co., Ltd.",
        "有效期至2025-03-14",
        "Good until 2025-03-14",
        "101 0000 0000",
        "110",
        "绝不会索要密码、验证码或卡号",
        "never ask for a password, a code or a card number",
    ):
        assert said in sheet


def test_the_sheet_says_nothing_of_the_customers_money_or_other_people(
    session: Session, bank: Bank
) -> None:
    everything = b"".join(files_of(session, bank, "C-1001").values()).decode()
    for secret in ("1860000", "1,860,000", "C-1001", "何建国", "孙丽", "on_call", "on call"):
        assert secret not in everything


def test_the_sheet_needs_nothing_from_elsewhere(session: Session, bank: Bank) -> None:
    sheet = files_of(session, bank, "C-1001")["card.html"].decode()
    assert not re.search(r"(?:src|href)=|@import|url\(|<script", sheet)


def test_names_are_text_on_the_sheet(session: Session, bank: Bank) -> None:
    customer_by_code(session, "C-1001").company = "<script>alert(1)</script> & Söhne"
    sheet = files_of(session, bank, "C-1001")["card.html"].decode()
    assert "<script>" not in sheet
    assert "&lt;script&gt;" in sheet


def test_a_card_for_a_customer_of_a_replaced_manager_names_the_new_one(
    session: Session, bank: Bank
) -> None:
    everything = files_of(session, bank, "C-2002")
    gone = person(session, "M-03")
    text = b"".join(everything.values()).decode()
    assert "周敏" in text
    assert gone.name not in text
    assert gone.mobile not in text


def test_the_code_on_paper_is_the_page_that_is_always_current(session: Session, bank: Bank) -> None:
    files = files_of(session, bank, "C-1001")
    assert scanned(files["link.svg"]) == f"{URL}/card/{PLACE.token}"
    drawn = re.search(r'd="(M4 [^"]+)"', files["link.svg"].decode())
    assert drawn
    assert files["card.html"].decode().count(drawn[1]) == 8


@pytest.mark.parametrize("code", ["C-1001", "C-2001"])
def test_the_code_for_the_address_book_is_a_short_vcard(
    session: Session, bank: Bank, code: str
) -> None:
    files = files_of(session, bank, code)
    text = scanned(files["contact.svg"])
    assert len(text.encode()) < 300
    found = vobject.readOne(text)
    assert found.version.value == "3.0"
    assert found.tel.value == customer_by_code(session, code).account_manager.mobile


def test_codes_have_error_correction_m_and_the_quiet_zone_of_the_standard() -> None:
    svg = qr_svg(f"{URL}/card/{PLACE.token}", name="x")
    code = segno.make_qr(f"{URL}/card/{PLACE.token}".encode(), error="m", boost_error=False)
    assert code.error == "M"
    size = code.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {size} {size}"' in svg


@pytest.mark.parametrize("name", ["contact-3.0.vcf", "contact-4.0.vcf"])
def test_vcards_are_in_the_customers_language_and_lead_to_the_page(
    session: Session, bank: Bank, name: str
) -> None:
    chinese, english = (
        vobject.readOne(files_of(session, bank, code)[name].decode())
        for code in ("C-1001", "C-2001")
    )
    assert (chinese.fn.value, english.fn.value) == ("周敏", "Grace Lin")
    assert chinese.url.value == PLACE.url
    assert "绝不会索要" in chinese.note.value
    assert "never ask" in english.note.value


def placeholders(value: Any) -> Any:
    """The same tree with only the placeholders of each text."""
    if isinstance(value, dict):
        return {key: placeholders(part) for key, part in value.items()}
    return sorted(re.findall(r"{(\w+)}", value))
