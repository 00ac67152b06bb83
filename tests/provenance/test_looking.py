"""What can be known of links, numbers and accounts, and what is left open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bank import load_bank
from bot.gateway.masking.phones import forget_readable, keep_readable
from bot.gateway.privacy import mask
from bot.provenance import look, spot
from bot.settings import Settings

BANK = load_bank(Settings(_env_file=None).bank_file)

LINKS = [
    ("https://riverside-bank.example/login", "ours", ""),
    ("App: www.riverside-bank.example.", "ours", ""),
    ("https://riverside-bank.example.evil.top/login", "looks_like_ours", "front"),
    ("riverside-bank.evil.top", "looks_like_ours", "front"),
    ("http://rlverside-bank.example/", "looks_like_ours", "letters"),
    ("https://rivеrside-bank.com", "looks_like_ours", "letters"),
    ("riverside-bnak.example", "looks_like_ours", "letters"),
    ("riverside-bank.top", "looks_like_ours", "ending"),
    ("riverside-bank.pages.dev", "looks_like_ours", "ending"),
    ("riversidebank-login.com", "looks_like_ours", "inside"),
    ("请打开江畔银行.com", "looks_like_ours", "inside"),
    ("https://riverside-bank.example@evil.top/x", "hides_its_name", "user"),
    ("http://1.2.3.4/a", "hides_its_name", "address"),
    ("http://3232235777/", "hides_its_name", "address"),
    ("аррӏе.com", "hides_its_name", "alphabet"),
    ("bit.ly/3xyz", "shortened", ""),
    ("看一下t.cn/A6xyz这个", "shortened", ""),
    ("hxxps://evil[.]top/abc", "unknown", ""),
    ("ｗｗｗ．evil．top", "unknown", ""),
    ("https://evil.top。请打开", "unknown", ""),
    ("点开evil.top看看", "unknown", ""),
]
NO_LINKS = [
    "I paid.So what now",
    "e.g. Mr.Li of Hongda Co.Ltd, at 3.30 p.m.",
    "他说1.7万。我没转",
    "I owe 380,000 yuan since 2026-11-20",
]


@pytest.fixture(autouse=True)
def _readable() -> Iterator[None]:
    forget_readable()
    keep_readable(BANK.published_phones)
    yield
    forget_readable()


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("text", "verdict", "trick"), LINKS)
def test_link_is_judged_by_its_name_before_and_after_masking(
    text: str, verdict: str, trick: str, masked: bool
) -> None:
    found = look(mask(text).text if masked else text, BANK)
    assert [(one.verdict, one.trick) for one in found] == [(verdict, trick)]


@pytest.mark.parametrize("text", NO_LINKS)
def test_ordinary_sentence_has_nothing_to_check(text: str) -> None:
    assert spot(text) == ()


@pytest.mark.parametrize("number", BANK.own_phones)
@pytest.mark.parametrize("form", ["{}", "+86 {}", "number {}", "请问{}是你们的吗", "account {}"])
def test_banks_own_number_survives_masking_and_is_known(number: str, form: str) -> None:
    for written in (number, number.replace(" ", ""), number.replace(" ", "-")):
        masked = mask(form.format(written)).text
        assert [one.verdict for one in look(masked, BANK)] == ["ours"], masked


def test_public_line_is_known_as_one() -> None:
    assert [one.verdict for one in look("is 96110 real? and 110?", BANK)] == ["public", "public"]


def test_number_of_a_stranger_is_never_repeated_whole() -> None:
    found = look(mask("400 889 0077 and 13912345678").text, BANK)
    assert [(one.verdict, one.shown) for one in found] == [
        ("unknown", "…0077"),
        ("unknown", "…5678"),
    ]


def test_account_is_never_called_anybodys() -> None:
    found = look(mask("account 6222 0212 3456 7890 123").text, BANK)
    assert [(one.kind, one.verdict) for one in found] == [("account", "unknown")]


@pytest.mark.parametrize("text", [link for link, verdict, _ in LINKS if verdict != "ours"])
def test_name_that_is_not_ours_is_shown_so_that_nothing_makes_a_link_of_it(text: str) -> None:
    assert all("." not in one.shown for one in look(text, BANK))


def test_bank_without_domains_compares_nothing() -> None:
    found = look("riverside-bank.top", BANK.model_copy(update={"domains": ()}))
    assert [(one.verdict, one.listed) for one in found] == [("unknown", False)]


def test_what_looks_like_ours_is_said_first_and_each_thing_once() -> None:
    found = look("110 https://evil.top evil.top riverside-bank.top", BANK)
    assert [one.verdict for one in found] == ["looks_like_ours", "unknown", "public"]


PIECES = st.sampled_from(
    [
        *("http://", "@", ".", "。", "点", "[email …", "]", "[phone …1234]", "a", "xn--", "-", "1"),
        *(
            "evil.top",
            "/",
            ":80",
            "江",
            "\u200b",
            "\ud800",
            "е",
            "110",
            "hxxps://",
            "[.]",
            "İ",
            " ",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_looked_at_and_offsets_are_its_own(text: str) -> None:
    mentions = spot(text)
    assert all(0 <= one.start < one.end <= len(text) for one in mentions)
    assert all(one.end <= after.start for one, after in pairwise(mentions))
    assert all(one.shown for one in look(text, BANK))


@pytest.mark.parametrize(
    "piece", ["a", "a.", "1 ", "http://", "@a.", "[email …@", "x点", "江", "-"]
)
def test_no_long_text_takes_more_than_its_length(piece: str) -> None:
    spot(piece * (60_000 // len(piece)))  # Hangs where a repetition has no bound.
