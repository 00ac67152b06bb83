from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.cards import ContactCard
from bot.casework.vcards import MOST_SHORT_BYTES, CardFacts, Version, short_vcard, vcard
from tests.casework.builders import EVENING

CARD = ContactCard(
    kind="manager",
    name="周敏",
    title="客户经理",
    branch="江畔银行古渡支行",
    mobile="+86 101 0000 0011",
    backup="+86 101 0000 0001",
    hours="全天24小时，节假日不休",
    language="zh",
)
FACTS = CardFacts(
    bank="江畔银行",
    note="江畔银行，热线 101 0000 0000。我们绝不会索要密码、验证码或卡号，也绝不会叫您转账。",
    url="https://help.riverside-bank.example/card/abcdefghijklmnopqrstuv",
    token="abcdefghijklmnopqrstuv",
    revised=EVENING,
)
VERSIONS: tuple[Version, ...] = ("3.0", "4.0")

# Control characters never get past the import.
names = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=120
)


def read(content: bytes) -> Any:
    """What an independent library reads from it."""
    return vobject.readOne(content.decode("utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
def test_another_library_reads_back_what_was_written(version: Version) -> None:
    found = read(vcard(CARD, FACTS, version=version))
    assert found.version.value == version
    assert found.fn.value == "周敏"
    assert found.n.value.family == "周敏"
    assert found.org.value == ["江畔银行", "江畔银行古渡支行"]
    assert found.title.value == "客户经理"
    assert found.url.value == FACTS.url
    assert found.note.value == f"{CARD.hours}\n{FACTS.note}"
    assert found.rev.value == "20240314T120000Z"
    assert found.uid.value.startswith("urn:uuid:")


def test_version_3_writes_numbers_to_be_read_and_version_4_as_addresses() -> None:
    three, four = (read(vcard(CARD, FACTS, version=version)) for version in VERSIONS)
    assert [tel.value for tel in three.tel_list] == [CARD.mobile, CARD.backup]
    assert three.tel.params["TYPE"] == ["CELL"]
    assert [tel.value for tel in four.tel_list] == ["tel:+8610100000011", "tel:+8610100000001"]
    assert four.tel.params == {"VALUE": ["uri"], "TYPE": ["work,cell"], "PREF": ["1"]}
    assert (four.kind.value, four.lang.value) == ("individual", "zh")


def test_a_number_without_its_country_stays_a_text_in_version_4() -> None:
    desk = replace(CARD, kind="duty_desk", mobile="101 0000 0001", backup="", title="")
    found = read(vcard(desk, FACTS, version="4.0"))
    assert found.tel.value == "101 0000 0001"
    assert found.tel.params["VALUE"] == ["text"]
    assert found.kind.value == "org"
    assert not hasattr(found, "title")


@pytest.mark.parametrize("version", VERSIONS)
@given(name=names, branch=names, title=names)
def test_any_name_comes_back_whole_from_lines_of_at_most_75_octets(
    version: Version, name: str, branch: str, title: str
) -> None:
    card = replace(CARD, name=name, branch=branch, title=title)
    content = vcard(card, FACTS, version=version)
    found = read(content)
    assert found.fn.value == name
    assert found.org.value == [FACTS.bank, branch]
    assert found.title.value == title
    lines = content.split(b"\r\n")
    assert lines[:2] == [b"BEGIN:VCARD", f"VERSION:{version}".encode()]
    assert lines[-2:] == [b"END:VCARD", b""]
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")  # No line ends inside a character.


@pytest.mark.parametrize("special", [";", ",", "\\", "\\;", "\\n", "a;b,c\\d"])
def test_signs_with_a_meaning_of_their_own_come_back_as_they_were(special: str) -> None:
    card = replace(CARD, name=f"A{special}B", branch=f"{special}C", title=special)
    for version in VERSIONS:
        found = read(vcard(card, FACTS, version=version))
        assert found.n.value.family == f"A{special}B"
        assert found.org.value[1] == f"{special}C"
        assert found.title.value == special


def test_whoever_takes_over_replaces_his_predecessor_in_the_address_book() -> None:
    later = replace(CARD, name="林嘉怡", mobile="+86 101 0000 0012")
    first, second = (read(vcard(card, FACTS, version="4.0")) for card in (CARD, later))
    assert first.uid.value == second.uid.value
    other = replace(FACTS, token="another")
    assert read(vcard(CARD, other, version="4.0")).uid.value != first.uid.value


def test_the_token_stands_in_the_address_alone() -> None:
    content = vcard(CARD, replace(FACTS, url="https://x.example/"), version="4.0")
    assert FACTS.token.encode() not in content


def test_the_short_form_has_all_of_an_ordinary_card() -> None:
    content = short_vcard(CARD, FACTS)
    found = read(content)
    assert len(content) < MOST_SHORT_BYTES
    assert (found.fn.value, found.url.value) == ("周敏", FACTS.url)
    assert [tel.value for tel in found.tel_list] == [CARD.mobile, CARD.backup]
    assert found.org.value == ["江畔银行", "江畔银行古渡支行"]


@given(name=names, branch=names, title=names)
def test_the_short_form_always_fits_and_never_loses_a_number(
    name: str, branch: str, title: str
) -> None:
    numbers = {"mobile": "+86 101 0000 0011", "backup": "+86 101 0000 0001 (12345-67890)"}
    content = short_vcard(replace(CARD, name=name, branch=branch, title=title, **numbers), FACTS)
    assert len(content) < MOST_SHORT_BYTES
    found = read(content)
    assert [tel.value for tel in found.tel_list] == list(numbers.values())
    assert name.startswith(found.fn.value)
