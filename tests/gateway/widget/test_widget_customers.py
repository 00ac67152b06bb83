"""Who has logged in on the bank's page: only what the bank's server has signed counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from chat_steps import open_chat
from playwright.sync_api import Page, expect
from pushing import Pushing
from sqlalchemy import select
from test_chat_page_in_a_browser import pytestmark  # noqa: F401  # skips without a browser
from widget_steps import HEARD, address, chat_of, last_answer, open_widget, say_in

from bot.casework.database import make_engine, session_factory
from bot.casework.models import Contact
from bot.gateway.tokens import CustomerTokens
from bot.settings import PROJECT_ROOT, Settings

Embed = Callable[..., Page]
GUIDE = PROJECT_ROOT / "docs" / "embedding.md"


@pytest.fixture
def tokens(settings: Settings) -> CustomerTokens:
    """What the bank's own server would sign with."""
    return CustomerTokens(
        settings.key("bank_key"), life=timedelta(hours=1), now=lambda: datetime.now(UTC)
    )


def customer_of(settings: Settings, address: str) -> str | None:
    """The code of the customer to whom a chat is bound."""
    engine = make_engine(settings.effective_database_url)
    with session_factory(engine)() as session:
        contact = session.scalar(select(Contact).where(Contact.address == address))
        code = contact.customer.code if contact and contact.customer else None
    engine.dispose()
    return code


def heard(page: Page, what: str) -> None:
    page.wait_for_function(f"heard.some(([name]) => name === '{what}')")


def test_a_customer_who_is_logged_in_is_known_from_the_first_word(
    embed: Embed, tokens: CustomerTokens, settings: Settings, pushing: Pushing
) -> None:
    page = embed()
    page.evaluate(HEARD)
    page.evaluate("(token) => SecondVoice('setCustomer', token)", tokens.sign("C-1001"))
    open_widget(page)
    heard(page, "customer")
    assert page.evaluate("heard.pop()") == ["customer", {"identified": True}]
    assert customer_of(settings, address(page, pushing)) == "C-1001"


def test_a_visitor_who_logs_in_keeps_his_talk_and_is_bound_to_it(
    embed: Embed, tokens: CustomerTokens, settings: Settings, pushing: Pushing
) -> None:
    page = embed()
    page.evaluate(HEARD)
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    before = address(page, pushing)
    page.evaluate("(token) => SecondVoice('setCustomer', token)", tokens.sign("C-1001"))
    heard(page, "customer")
    expect(chat.locator(".row-mine .bubble")).to_contain_text("Somebody called me")
    assert address(page, pushing) == before
    assert customer_of(settings, before) == "C-1001"


def test_another_customer_sees_nothing_of_the_first_ones_talk(
    embed: Embed, tokens: CustomerTokens, settings: Settings, pushing: Pushing
) -> None:
    page = embed()
    page.evaluate("(token) => SecondVoice('setCustomer', token)", tokens.sign("C-1001"))
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    first = address(page, pushing)
    page.evaluate("(token) => SecondVoice('setCustomer', token)", tokens.sign("C-2001"))
    expect(chat.locator(".row-mine")).to_have_count(0)
    expect(chat.locator(".reply")).to_have_count(3)
    second = address(page, pushing)
    assert (customer_of(settings, first), customer_of(settings, second)) == ("C-1001", "C-2001")


@pytest.mark.parametrize("begun", [False, True])
def test_a_forged_token_is_refused_aloud_and_the_visitor_is_still_served(
    embed: Embed, tokens: CustomerTokens, settings: Settings, pushing: Pushing, begun: bool
) -> None:
    page = embed()
    page.evaluate(HEARD)
    forged = tokens.sign("C-1001")[:-4] + "AAAA"
    chat = open_widget(page) if begun else chat_of(page)
    page.evaluate("(token) => SecondVoice('setCustomer', token)", forged)
    if not begun:
        open_widget(page)
    heard(page, "refused")
    expect(chat.locator(".log")).to_contain_text("login could not be confirmed")
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    assert customer_of(settings, address(page, pushing)) is None


@pytest.mark.parametrize("claim", ['{"id": "C-1001"}', '"C-1001"', "1001", "null", '"a.b"'])
def test_an_unsigned_claim_is_refused_and_not_ignored(embed: Embed, claim: str) -> None:
    page = embed()
    page.evaluate(HEARD)
    said = page.evaluate(
        f"(() => {{ try {{ SecondVoice('setCustomer', {claim}) }}"
        " catch (error) { return [error.name, error.message] } })()"
    )
    assert said[0] == "TypeError"
    assert "unsigned claim is refused" in said[1]
    heard(page, "refused")


@pytest.mark.parametrize("body", [{"customer": "C-1001"}, {"customer_token": "C-1001"}, {}])
def test_the_api_binds_nobody_to_what_is_not_signed(
    gateway: httpx.Client, body: dict[str, str]
) -> None:
    headers = {"authorization": f"Bearer {open_chat(gateway)}"}
    answer = gateway.post("/api/chat/customer", json=body, headers=headers)
    assert answer.status_code == (403 if "customer_token" in body else 422)


def test_a_conversation_of_one_customer_is_never_given_to_another(
    gateway: httpx.Client, tokens: CustomerTokens
) -> None:
    mine = open_chat(gateway, customer_token=tokens.sign("C-1001"))
    for code, expected in (("C-1001", 200), ("C-2001", 409)):
        answer = gateway.post(
            "/api/chat/customer",
            json={"customer_token": tokens.sign(code)},
            headers={"authorization": f"Bearer {mine}"},
        )
        assert answer.status_code == expected
    without = gateway.post("/api/chat/customer", json={"customer_token": tokens.sign("C-1001")})
    assert without.status_code == 401


def test_the_python_example_of_the_guide_signs_what_the_gateway_takes(
    gateway: httpx.Client, settings: Settings
) -> None:
    example: dict[str, object] = {}
    exec(example_in("python"), example)  # noqa: S102  # It is the very text of the guide.
    token = example["customer_token"]("C-1001", settings.key("bank_key"))  # type: ignore[operator]
    assert identified(gateway, token)


def test_the_javascript_example_of_the_guide_signs_what_the_gateway_takes(
    gateway: httpx.Client, settings: Settings, page: Page
) -> None:
    page.goto(f"{gateway.base_url}/healthz".replace("//healthz", "/healthz"))
    script = example_in("js").replace("export ", "")
    token = page.evaluate(
        f"(key) => {{ {script}; return customerToken('C-1001', key); }}", settings.key("bank_key")
    )
    assert identified(gateway, token)


def example_in(language: str) -> str:
    """The first example of a language in the guide."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def identified(gateway: httpx.Client, token: str) -> bool:
    body = {"customer_token": token}
    return bool(gateway.post("/api/chat/conversations", json=body).json().get("identified"))
