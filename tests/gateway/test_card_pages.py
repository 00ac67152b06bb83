from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import vobject
from card_links import bank_of, new_card
from chat_steps import open_chat, say
from gateway_servers import StandInForRasa
from sqlalchemy import select

import bot.gateway
from bot.casework.care import customer_by_code, manager_by_code
from bot.casework.models import Contact
from bot.settings import Settings

Start = Callable[..., httpx.Client]
TEMPLATES = Path(bot.gateway.__file__).parent / "templates"
UNKNOWN = "x" * 22


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Zhou Min", "Account manager", "Hang up and ring here", "never ask for")),
        ("zh", ("周敏", "客户经理", "先挂断，再打这里", "绝不会索要")),
    ],
)
def test_the_page_shows_in_both_languages_whom_to_reach(
    gateway: httpx.Client, settings: Settings, language: str, said: tuple[str, ...]
) -> None:
    answer = gateway.get(f"/card/{new_card(settings)}?lang={language}")
    assert answer.status_code == 200
    for words in (*said, "+86 101 0000 0011", "tel:+8610100000011", "tel:10100000000", "tel:110"):
        assert words in answer.text


def test_the_page_shows_nothing_that_is_not_printed_on_the_card(
    gateway: httpx.Client, settings: Settings
) -> None:
    page = gateway.get(f"/card/{new_card(settings)}?lang=zh").text
    for private in ("陈伟", "恒泰", "C-1001", "何建国", "孙丽", "1860000", "SV-"):
        assert private not in page


def test_an_old_card_shows_the_new_manager_and_never_a_dead_number(
    gateway: httpx.Client, settings: Settings
) -> None:
    token = new_card(settings, "C-2002")
    with bank_of(settings) as session:
        dead = manager_by_code(session, "M-03").mobile
        left = manager_by_code(session, "M-01")
        left.replaced_by, left.active = manager_by_code(session, "M-02"), False
        also_dead = left.mobile
    for path in ("", "/contact-3.0.vcf", "/contact-4.0.vcf"):
        text = gateway.get(f"/card/{token}{path}?lang=en").text
        assert "Grace Lin" in text
        for number in (dead, also_dead):
            assert number not in text
            assert number.replace(" ", "") not in text


def test_a_card_given_before_the_customer_changed_managers_shows_the_present_one(
    gateway: httpx.Client, settings: Settings
) -> None:
    token = new_card(settings)
    with bank_of(settings) as session:
        customer = customer_by_code(session, "C-1001")
        customer.account_manager = manager_by_code(session, "M-02")
    assert "Grace Lin" in gateway.get(f"/card/{token}?lang=en").text


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_the_card_can_be_saved_to_an_address_book(
    gateway: httpx.Client, settings: Settings, version: str
) -> None:
    token = new_card(settings)
    answer = gateway.get(f"/card/{token}/contact-{version}.vcf?lang=zh")
    assert answer.headers["content-type"] == "text/vcard; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="contact-{version}.vcf"'
    found = vobject.readOne(answer.content.decode())
    assert (found.version.value, found.fn.value) == (version, "周敏")
    assert found.url.value == f"{settings.effective_public_url}/card/{token}"


def test_there_is_no_other_version(gateway: httpx.Client, settings: Settings) -> None:
    assert gateway.get(f"/card/{new_card(settings)}/contact-2.1.vcf").status_code == 422


def test_the_code_to_scan_is_a_picture(gateway: httpx.Client, settings: Settings) -> None:
    answer = gateway.get(f"/card/{new_card(settings)}/contact.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<svg" in answer.text


@pytest.mark.parametrize("path", ["", "/contact-3.0.vcf", "/contact.svg"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("state", "status"), [("expired", 410), ("revoked", 410), ("unknown", 404), ("odd", 404)]
)
def test_a_card_that_is_not_good_shows_the_hotline_and_not_whose_it_was(
    gateway: httpx.Client, settings: Settings, state: str, status: int, language: str, path: str
) -> None:
    token = {
        "expired": lambda: new_card(settings, expired=True),
        "revoked": lambda: new_card(settings, revoked=True),
        "unknown": lambda: UNKNOWN,
        "odd": lambda: "%27%20or%201=1",
    }[state]()
    answer = gateway.get(f"/card/{token}{path}?lang={language}")
    assert answer.status_code == status
    assert "tel:10100000000" in answer.text
    assert "tel:110" in answer.text
    for named in ("周敏", "Zhou Min", "陈伟", "Chen Wei", "C-1001", "0000 0011", token):
        assert named not in answer.text


def test_expired_revoked_and_unknown_cards_look_the_same(
    gateway: httpx.Client, settings: Settings
) -> None:
    tokens = (new_card(settings, expired=True), new_card(settings, revoked=True), UNKNOWN)
    assert len({gateway.get(f"/card/{token}?lang=en").text for token in tokens}) == 1


def test_without_a_database_the_page_has_the_hotline_and_asks_to_come_back(
    start: Start,
) -> None:
    gateway = start(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    answer = gateway.get(f"/card/{UNKNOWN}?lang=en")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "tel:10100000000" in answer.text
    assert "no longer in use" not in answer.text


def test_who_tries_many_cards_is_slowed_down(start: Start) -> None:
    gateway = start(limit_address="3/minute")
    statuses = [gateway.get(f"/card/{UNKNOWN[:-1]}{n}").status_code for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("path", ["", "/contact.svg", "/contact-3.0.vcf"])
def test_a_card_is_kept_by_no_cache_named_to_no_site_and_framed_by_nobody(
    gateway: httpx.Client, settings: Settings, path: str
) -> None:
    headers = gateway.get(f"/card/{new_card(settings)}{path}").headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("name", ["card.html", "card_closed.html"])
def test_a_card_page_has_no_script_no_inline_style_and_no_foreign_address(name: str) -> None:
    page = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


def start_by_card(gateway: httpx.Client, token: str, **more: Any) -> dict[str, Any]:
    answer = gateway.post("/api/chat/conversations", json={"card_token": token, **more})
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


def named_by(settings: Settings, sender: str) -> tuple[str | None, str | None]:
    """Who the customer is, and who he says he is."""
    with bank_of(settings) as session:
        contact = session.scalars(select(Contact).where(Contact.address == sender)).one()
        known, said = contact.customer, contact.says_he_is
        return known.code if known else None, said.code if said else None


def test_a_chat_opened_by_card_says_who_it_may_be_and_is_not_identified(
    gateway: httpx.Client, settings: Settings, rasa: StandInForRasa
) -> None:
    started = start_by_card(gateway, new_card(settings))
    assert (started["identified"], started["by_card"]) == (False, True)
    say(gateway, started["conversation"], "hello")
    assert named_by(settings, rasa.received[0]["sender"]) == (None, "C-1001")


def test_what_the_bank_has_signed_counts_for_more_than_a_card(
    start: Start, settings: Settings, rasa: StandInForRasa
) -> None:
    gateway = start(demo=True)
    page = gateway.get("/?who=C-2001").text
    signed = re.search(r"#customer=([\w.-]+)", page)
    assert signed
    started = start_by_card(gateway, new_card(settings), customer_token=signed[1])
    assert (started["identified"], started["by_card"]) == (True, False)
    say(gateway, started["conversation"], "hello")
    assert named_by(settings, rasa.received[0]["sender"]) == ("C-2001", None)


@pytest.mark.parametrize("state", ["expired", "revoked", "unknown"])
def test_a_visitor_with_a_card_that_is_not_good_is_served_as_a_visitor(
    gateway: httpx.Client, settings: Settings, state: str
) -> None:
    token = UNKNOWN if state == "unknown" else new_card(settings, **{state: True})
    started = start_by_card(gateway, token)
    assert (started["identified"], started["by_card"]) == (False, False)
    assert started["messages"][0]["text"]


def test_a_text_too_long_for_a_token_is_refused(gateway: httpx.Client) -> None:
    answer = gateway.post("/api/chat/conversations", json={"card_token": "x" * 65})
    assert answer.status_code == 422


def test_a_store_that_is_down_keeps_nobody_with_a_card_from_the_chat(start: Start) -> None:
    gateway = start(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert start_by_card(gateway, UNKNOWN)["by_card"] is False
    assert open_chat(gateway)
