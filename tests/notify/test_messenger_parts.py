"""From a message to the parts of a chat: short, complete, and nothing of a stranger to tap."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank import load_bank
from bot.casework.cards import ContactCard
from bot.notify.messengers.parts import Part, Rendering
from bot.notify.messengers.sentences import length, split
from bot.notify.telegram.sending import keyboard
from bot.settings import Settings

NOW = datetime(2024, 3, 14, 12, 0, tzinfo=UTC)
PUBLIC_URL = "https://voice.bank.example"
CARD = ContactCard(
    kind="manager",
    name="周敏",
    title="客户经理",
    branch="海港支行",
    mobile="+86 101 0000 0011",
    backup="",
    hours="全天",
    language="zh",
)


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    return Rendering(load_bank(Settings(_env_file=None).bank_file), public_url=PUBLIC_URL)


@given(st.text(alphabet=st.sampled_from("ab 。！?.\n，,😟骗"), max_size=400), st.integers(4, 60))
def test_pieces_are_short_enough_and_lose_nothing_but_spaces_at_the_seams(
    text: str, most: int
) -> None:
    pieces = split(text, most=most)
    assert all(0 < length(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("第一句话说完了。第二句话也说完了。", ["第一句话说完了。第二句话也说完了。"]),
        ("It cost 1.7 million yuan, he says so.", ["It cost 1.7 million yuan,", "he says so."]),
        ("Title of it\n\nThe text beneath it.", ["Title of it", "The text beneath it."]),
        ("x" * 45, ["x" * 28, "x" * 17]),
        ("", []),
    ],
)
def test_a_text_is_split_where_a_reader_would(text: str, pieces: list[str]) -> None:
    assert split(text, most=28) == pieces


def test_characters_count_as_telegram_counts_them() -> None:
    assert length("骗😟a") == 4
    assert split("😟" * 3, most=4) == ["😟😟", "😟"]


def test_a_card_is_a_contact_and_words_with_the_buttons_beneath(rendering: Rendering) -> None:
    message = {
        "text": "请现在就打给她。",
        "lang": "zh",
        "buttons": [{"title": "我已经挂了"}],
        "card": CARD.to_dict(),
    }
    words, contact, beneath = rendering.parts(message, now=NOW)
    assert (words.text, words.buttons) == ("请现在就打给她。", ())
    assert (contact.phone, contact.name) == ("+8610100000011", "周敏")
    assert "TEL;TYPE=CELL:+86 101 0000 0011" in contact.vcard
    assert "绝不会索要密码" in contact.vcard.replace("\r\n ", "")
    assert beneath.text.splitlines() == [
        "您的客户经理：周敏",
        "拨打：+86 101 0000 0011",
        "接听时间：全天",
        "号码取自银行自己的记录，不是来电者给的。",
    ]
    assert beneath.buttons == ("我已经挂了",)


@pytest.mark.parametrize("card", [None, {}, {"name": "x"}, "x"])
def test_what_is_no_card_costs_no_words(rendering: Rendering, card: object) -> None:
    parts = rendering.parts({"text": "Hello", "card": card, "buttons": None}, now=NOW)
    assert parts == [Part(text="Hello")]


def test_a_vcard_that_is_too_long_for_telegram_is_shortened(rendering: Rendering) -> None:
    long = {**CARD.to_dict(), "branch": "支" * 900}
    contact = rendering.parts({"text": "Hello", "card": long}, now=NOW)[1]
    assert len(contact.vcard.encode()) < 300
    assert "周敏" in contact.vcard


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Pay at http://bad.example.com/x?y=1 now", ["http://bad.example.com/x?y=1"]),
        ("Look at bad-bank.cn，quickly", ["bad-bank.cn"]),
        (f"Read {PUBLIC_URL}/report/abc", []),
        (f"{PUBLIC_URL}.evil.com/report", [f"{PUBLIC_URL}.evil.com/report"]),
        ("It cost 1.7 million at 20.04. Really.", []),
        ("Ring +86 101 0000 0011.", []),
    ],
)
def test_only_the_banks_own_addresses_can_be_tapped(
    rendering: Rendering, text: str, dead: list[str]
) -> None:
    part = rendering.words(text)
    assert [text[start : start + size] for start, size in part.dead] == dead


def test_a_part_survives_its_way_through_the_database() -> None:
    part = Part(text="a b.cn", buttons=("x", "y"), link=("t", "https://u"), dead=((2, 4),))
    assert Part.from_dict(part.to_dict()) == part


def test_buttons_stand_one_a_row_and_a_long_title_is_found_by_its_place() -> None:
    markup = keyboard(Part(text="?", buttons=("Yes", "长" * 30)))
    assert markup is not None
    assert [[b.callback_data for b in row] for row in markup.inline_keyboard] == [["=Yes"], ["#1"]]
