"""Every kind of input gives its texts; what is unusable is named and costs only itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.checking.inputs import read_file
from bot.checking.items import Item, Unusable
from bot.checking.lines import known_encoding
from bot.checking.mail import visible_text
from bot.errors import DataError

Found = tuple[list[tuple[Any, str]], list[str]]
Given = Callable[..., Found]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Read a file of this name and content; return its texts with ids, and its problems."""

    def read(
        name: str, content: str | bytes, *, column: str | None = None, encoding: str = "utf-8"
    ) -> Found:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sizes: list[int] = []
        found = list(read_file(path, column=column, encoding=encoding, advance=sizes.append))
        assert sum(sizes) <= path.stat().st_size
        items = [(one.id, one.text) for one in found if isinstance(one, Item)]
        problems = [one.problem for one in found if isinstance(one, Unusable)]
        return items, [problem.removeprefix(f"{tmp_path}/") for problem in problems]

    return read


def test_line_of_a_text_file_keeps_its_spaces_because_offsets_count_them(given: Given) -> None:
    assert given("a.txt", "  pay now \r\nsecond\u2028line") == (
        [(1, "  pay now "), (2, "second\u2028line")],
        [],
    )


def test_ending_of_a_file_counts_in_capitals_too(given: Given) -> None:
    assert given("A.JSONL", '{"text": "hi", "id": "x"}') == ([("x", "hi")], [])


def test_replacement_mark_in_a_text_is_text(given: Given) -> None:
    assert given("a.txt", "pay \ufffd now")[0] == [(1, "pay \ufffd now")]


def test_chinese_spreadsheet_is_read_in_its_own_encoding(given: Given) -> None:
    table = "编号,内容\n1,他说今天就起诉\n".encode("gb18030")
    assert given("a.csv", table, column="内容", encoding="gb18030")[0] == [(2, "他说今天就起诉")]


def test_utf_16_is_named(given: Given) -> None:
    with pytest.raises(DataError, match=r"a.txt:1: is UTF-16 text; save the file as UTF-8"):
        given("a.txt", "他说".encode("utf-16"))


@pytest.mark.parametrize("name", ["klingon", "utf-16", "base64", ""])
def test_encoding_that_cannot_be_read_is_named(name: str) -> None:
    with pytest.raises(DataError, match="name one such as utf-8 or gb18030"):
        known_encoding(name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_table_may_use_the_delimiter_of_any_country(given: Given, delimiter: str) -> None:
    table = "id,note\n7,hello\n".replace(",", delimiter)
    assert given("a.csv", table, column="note") == ([("7", "hello")], [])


def test_row_without_text_is_a_row_still(given: Given) -> None:
    assert given("a.csv", "text,id\n,a\n\nhi,b\n") == ([("a", ""), ("b", "hi")], [])


def test_quote_that_nobody_closes_costs_its_row_only(given: Given) -> None:
    table = 'id,text\n1,one\n2,"two\n3,three\n4,"four\nlines"\n5,five\n'
    items, problems = given("a.csv", table)
    assert items == [("1", "one"), ("3", "three"), ("4", "four\nlines"), ("5", "five")]
    assert [problem.split(": ")[0] for problem in problems] == ["a.csv:3"]


def test_quote_that_nobody_closes_in_the_last_row_costs_that_row_only(given: Given) -> None:
    items, problems = given("a.csv", 'text\none\n"two')
    assert items == [(2, "one")]
    assert problems == ["a.csv:3: is not CSV: unexpected end of data"]


def test_text_that_the_delimiter_cuts_in_two_is_named_and_not_half_read(given: Given) -> None:
    items, problems = given("a.csv", "id,text\n1,pay now, or else\n2,fine\n")
    assert items == [("2", "fine")]
    assert problems == [
        "a.csv:2: has 3 cells under 2 heads; put a text that holds the delimiter into quotes"
    ]


def test_row_that_ends_before_its_text_is_named(given: Given) -> None:
    assert given("a.csv", "id,text\n1\n2,fine\n") == (
        [("2", "fine")],
        ["a.csv:2: ends before column 'text'"],
    )


def test_cell_that_is_longer_than_any_text_costs_its_row_only(given: Given) -> None:
    items, problems = given("a.csv", "text\n" + "x" * 200_000 + "\nfine\n")
    assert items == [(3, "fine")]
    assert problems == ["a.csv:2: is not CSV: field larger than field limit (131072)"]


def test_row_with_bytes_that_are_no_text_is_named_by_its_line(given: Given) -> None:
    items, problems = given("a.csv", b'text\n"one\n\xff two"\nfine\n')
    assert items == [(4, "fine")]
    assert problems == ["a.csv:3: is not UTF-8 text; name its encoding with --encoding"]


@pytest.mark.parametrize("content", ["", "\n", "a,b\n"])
def test_table_without_the_column_is_refused_with_the_columns_it_has(
    given: Given, content: str
) -> None:
    with pytest.raises(DataError, match=r"a.csv:1: has no column 'text'; name one with --column"):
        given("a.csv", content)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[" * 100_000, "is not JSON"),
        ('{"text": ' + "1" * 5000 + "}", "is not JSON"),
        ('{"text": null}', "needs an object with a string `text`"),
        ('"text"', "needs an object with a string `text`"),
    ],
)
def test_line_of_json_that_holds_no_text_costs_itself_only(
    given: Given, line: str, problem: str
) -> None:
    items, problems = given("a.jsonl", f'{line}\n{{"text": "fine"}}\n')
    assert items == [(2, "fine")]
    assert len(problems) == 1
    assert problems[0].startswith(f"a.jsonl:1: {problem}")


def test_id_that_is_no_id_is_replaced_by_the_number_of_the_line(given: Given) -> None:
    lines = [{"id": True, "text": "a"}, {"id": None, "text": "b"}, {"id": [1], "text": "c"}]
    assert given("a.jsonl", "\n".join(map(json.dumps, lines)))[0] == [(1, "a"), (2, "b"), (3, "c")]


def test_mail_that_is_a_page_is_read_as_it_is_seen(given: Given) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Your card"
    mail.set_content(
        "<html><head><title>x</title><style>p {}</style></head><body>"
        "<p>You owe\n 380,000&euro;.</p><script>pay()</script>"
        "<div>Pay <b>now</b></div></body></html>",
        subtype="html",
    )
    assert given("a.eml", bytes(mail))[0] == [(1, "Your card\nYou owe 380,000€.\nPay now")]


def test_mail_that_is_written_both_ways_is_read_as_plain_text(given: Given) -> None:
    mail = EmailMessage()
    mail["Subject"] = "催收通知"
    mail.set_content("今天就起诉")
    mail.add_alternative("<p>other</p>", subtype="html")
    mail.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="x.pdf")
    assert given("a.eml", bytes(mail))[0] == [(1, "催收通知\n今天就起诉")]


@pytest.mark.parametrize("charset", ["klingon", "utf-8"])
def test_mail_that_is_damaged_is_read_as_far_as_it_goes(given: Given, charset: str) -> None:
    mail = f"Subject: Pay\nContent-Type: text/plain; charset={charset}\n\nyou owe \xff us\n"
    [(number, text)] = given("a.eml", mail.encode("latin-1"))[0]
    assert number == 1
    assert text.startswith("Pay\nyou owe ")


def test_empty_mail_is_named(given: Given) -> None:
    assert given("a.eml", b"") == ([], ["a.eml:1: is no mail with a subject or a text"])


@pytest.mark.parametrize(
    "html", ["<head><p>hi", "<<p>hi", "<p>hi</p", "<!-- x", "<![CDATA[", "&#x;"]
)
def test_broken_page_is_no_crash(html: str) -> None:
    visible_text(html)


def test_head_that_nobody_closes_hides_no_mail() -> None:
    assert visible_text("<head><title>t<body>Pay now") == "Pay now"


def test_chat_that_telegram_exported_gives_every_message_its_id(given: Given) -> None:
    chat = {
        "name": "Card centre",
        "messages": [
            {"id": 1, "type": "service", "action": "join", "text": ""},
            {"id": 2, "type": "message", "text": "You owe 380,000"},
            {"id": 3, "type": "message", "photo": "x.jpg", "text": ""},
            {
                "id": 4,
                "type": "message",
                "text": ["Pay at ", {"type": "link", "text": "pay.example"}, " now"],
            },
            {"id": 5, "type": "message", "text": {"odd": 1}},
        ],
    }
    expected = (
        [(2, "You owe 380,000"), (4, "Pay at pay.example now")],
        ["a.json: message 5: has no usable `text`"],
    )
    assert given("a.json", json.dumps(chat)) == expected
    assert given("a.json", json.dumps({"chats": {"list": [chat, {"messages": []}]}})) == expected


@pytest.mark.parametrize("content", ["[]", "{}", '{"text": "hi"}', '{"chats": {"list": null}}'])
def test_other_json_is_refused_and_says_what_to_do(given: Given, content: str) -> None:
    with pytest.raises(DataError, match=r"is no chat that Telegram exported; .* as .jsonl"):
        given("a.json", content)


def test_json_that_is_broken_is_named_with_its_line(given: Given) -> None:
    with pytest.raises(DataError, match=r"a.json:2: is not JSON"):
        given("a.json", '{\n"a": }')
