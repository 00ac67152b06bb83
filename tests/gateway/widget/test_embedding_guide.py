"""The guide's own snippets, tried on an empty page under a strict content policy."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from bank_site import BankSite
from playwright.sync_api import Page, expect
from test_chat_page_in_a_browser import pytestmark  # noqa: F401  # skips without a browser
from widget_steps import last_answer, launcher, open_widget, say_in

from bot.bank import load_bank
from bot.gateway.embedding import load_embedding
from bot.gateway.widget import snippet
from bot.settings import PROJECT_ROOT, Settings

Start = Callable[..., httpx.Client]
GUIDE = (PROJECT_ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
GATEWAY = "https://voice.riverside-bank.example"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


def empty_page(body: str) -> str:
    return f'<!doctype html><title>x</title><link rel="icon" href="data:,"><body>{body}</body>'


@pytest.mark.parametrize("tag", ["of the guide", "of the command"])
def test_the_tag_works_on_an_empty_page_under_the_policy_of_the_guide(
    page: Page, start: Start, site: BankSite, settings: Settings, tag: str
) -> None:
    address = str(start().base_url).rstrip("/")
    made = snippet(
        "riverside",
        embedding=load_embedding(settings.embedding_file),
        bank=load_bank(settings.bank_file),
        address=address,
        language="en",
    )
    html = block("html").replace(GATEWAY, address) if tag == "of the guide" else made
    found = re.search(r"Content-Security-Policy: (.*)", GUIDE)
    assert found
    # The icon in the page is the test's own, to keep the browser from asking for one.
    policy = found[1].replace(GATEWAY, address) + "; img-src data:"
    site.html, site.headers = empty_page(html), {"content-security-policy": policy}
    page.goto(site.origin)
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")


def test_the_policy_and_trusted_types_together_let_the_chat_in(
    page: Page, start: Start, site: BankSite
) -> None:
    site.embed(str(start().base_url))
    site.headers = {"content-security-policy": "require-trusted-types-for 'script'"}
    page.goto(site.origin)
    open_widget(page)


def test_a_loader_that_somebody_has_changed_is_refused_by_the_browser(
    browser: object, start: Start, site: BankSite, settings: Settings
) -> None:
    address = str(start().base_url).rstrip("/")
    made = snippet(
        "riverside",
        embedding=load_embedding(settings.embedding_file),
        bank=load_bank(settings.bank_file),
        address=address,
        language="zh",
    )
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    page.route(
        "**/widget-*.js",
        lambda route: route.fulfill(
            body="window.stolen = true", headers={"access-control-allow-origin": "*"}
        ),
    )
    site.html = empty_page(made)
    page.goto(site.origin)
    assert page.evaluate("window.stolen") is None
    assert launcher(page).count() == 0
    context.close()


def test_without_scripts_the_page_shows_the_hotline(
    browser: object, start: Start, site: BankSite
) -> None:
    start()
    site.html = empty_page(block("html"))
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(site.origin)
    expect(page.get_by_role("link")).to_have_attribute("href", "tel:10100000000")
    context.close()


def test_every_attribute_command_variable_and_event_of_the_loader_is_in_the_guide() -> None:
    loader = (PROJECT_ROOT / "widget" / "widget-1.js").read_text(encoding="utf-8")
    names = {f"data-{name}" for name in re.findall(r"(?:given|dataset)\.([a-z]+)", loader)}
    names |= set(re.findall(r"--secondvoice-[a-z]+", loader))
    names |= {f"secondvoice:{name}" for name in re.findall(r'dispatch\("([a-z]+)"', loader)}
    commands = re.search(r"const commands = \{ (.*?) \}", loader)
    assert commands
    names |= {f"SecondVoice('{name}'" for name in commands[1].split(", ")}
    assert len(names) > 15
    assert [name for name in sorted(names) if name not in GUIDE] == []
