"""Messages that come by themselves, in a real browser: shown at once, in order, never twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from gateway_servers import StandInForRasa
from playwright.sync_api import Locator, Page, Request, expect
from pushing import Pushing
from test_chat_page_in_a_browser import (  # noqa: F401  # the browser and its page
    browser,
    open_page,
    page,
    pytestmark,
)

from bot.settings import Settings

Start = Callable[..., httpx.Client]
#: Both ways to news: the stream, and the looks where there is none.
NEWS = re.compile(r"/api/chat/(events|messages\?)")


@pytest.fixture
def pushing(settings: Settings) -> Pushing:
    return Pushing(settings)


@pytest.fixture
def chat(page: Page, start: Start) -> Page:  # noqa: F811
    """An open chat that looks for messages each second."""
    open_page(page, start(poll_seconds=1), "/chat?lang=en")
    expect(page.locator(".reply")).to_have_count(3)
    return page


def address(chat: Page, pushing: Pushing) -> str:
    token: str = chat.evaluate(
        "JSON.parse(sessionStorage.getItem('secondvoice.chat')).conversation"
    )
    return pushing.address(token)


def bubbles(chat: Page) -> Locator:
    return chat.locator(".row-bot .bubble")


def said(chat: Page) -> list[str]:
    """What the assistant has said, without the words for screen readers."""
    texts: list[str] = chat.evaluate(
        "[...document.querySelectorAll('.row-bot .bubble')]"
        ".map((one) => [...one.childNodes].slice(1).map((node) => node.textContent).join(''))"
    )
    return texts


def test_a_pushed_message_appears_in_the_open_chat_and_is_answered_by_a_button(
    chat: Page, pushing: Pushing, rasa: StandInForRasa
) -> None:
    pushing.push(
        address(chat, pushing),
        "How are things now?",
        buttons=["I am fine", "They called again", "I have already paid"],
    )
    expect(bubbles(chat).last).to_contain_text("How are things now?")
    expect(chat.locator(".reply")).to_have_text(
        ["I am fine", "They called again", "I have already paid"]
    )
    chat.get_by_role("button", name="They called again").click()
    expect(bubbles(chat).last).to_contain_text("I hear you.")
    assert [one["message"] for one in rasa.received] == ["They called again"]


def test_nothing_is_doubled_or_lost_over_reloads(chat: Page, pushing: Pushing) -> None:
    to = address(chat, pushing)
    pushing.push(to, "first")
    expect(bubbles(chat).last).to_contain_text("first")
    chat.reload()
    pushing.push(to, "second")
    expect(bubbles(chat).last).to_contain_text("second")
    chat.goto("about:blank")
    pushing.push(to, "third")
    chat.go_back()
    expect(bubbles(chat).last).to_contain_text("third")
    chat.reload()
    chat.wait_for_timeout(2500)
    assert said(chat)[1:] == ["first", "second", "third"]


def test_where_no_stream_gets_through_the_page_asks_from_time_to_time(
    chat: Page, pushing: Pushing
) -> None:
    chat.route("**/api/chat/events", lambda route: route.abort())
    chat.reload()
    pushing.push(address(chat, pushing), "by asking")
    expect(bubbles(chat).last).to_contain_text("by asking", timeout=15_000)


def test_what_came_while_the_connection_was_away_comes_in_order_afterwards(
    chat: Page, pushing: Pushing
) -> None:
    to = address(chat, pushing)
    chat.route(NEWS, lambda route: route.abort())
    chat.reload()  # The stream that was open already would go on.
    for text in ("one", "two", "three"):
        pushing.push(to, text)
    chat.wait_for_timeout(1500)
    assert len(said(chat)) == 1
    chat.unroute(NEWS)
    expect(bubbles(chat).last).to_contain_text("three", timeout=15_000)
    assert said(chat)[1:] == ["one", "two", "three"]


def test_a_message_that_comes_during_a_turn_is_shown_after_its_answer(
    chat: Page, pushing: Pushing, rasa: StandInForRasa
) -> None:
    rasa.delay = 2.0
    to = address(chat, pushing)
    chat.get_by_label("Your message").fill("Somebody called me")
    chat.keyboard.press("Enter")
    expect(chat.locator("#typing")).to_be_visible()
    pushing.push(to, "Zhou Min has read it.")
    expect(bubbles(chat).last).to_contain_text("Zhou Min has read it.")
    assert said(chat)[1:] == ["I hear you.", "Zhou Min has read it."]


def test_news_without_buttons_leaves_the_answers_to_the_question_before_it(
    chat: Page, pushing: Pushing
) -> None:
    pushing.push(address(chat, pushing), "Zhou Min has read it.")
    expect(bubbles(chat).last).to_contain_text("Zhou Min has read it.")
    expect(chat.locator(".reply")).to_have_count(3)


def test_each_message_is_marked_with_its_own_language_and_shown_as_text(
    chat: Page, pushing: Pushing
) -> None:
    pushing.push(address(chat, pushing), "<b>您还好吗？</b>", lang="zh")
    expect(bubbles(chat).last).to_contain_text("<b>您还好吗？</b>")
    expect(bubbles(chat).last).to_have_attribute("lang", "zh-CN")


def test_a_message_takes_no_focus_away_and_the_token_is_in_no_address(
    chat: Page, pushing: Pushing
) -> None:
    asked: list[Request] = []
    chat.on("request", lambda request: asked.append(request))
    field = chat.get_by_label("Your message")
    field.fill("I was just writ")
    field.focus()
    pushing.push(address(chat, pushing), "news")
    expect(bubbles(chat).last).to_contain_text("news")
    expect(field).to_be_focused()
    expect(field).to_have_value("I was just writ")
    token = chat.evaluate("JSON.parse(sessionStorage.getItem('secondvoice.chat')).conversation")
    assert token
    assert all(token not in one.url and len(one.url) < 80 for one in asked)


def test_a_cleared_chat_gets_nothing_of_the_old_one(chat: Page, pushing: Pushing) -> None:
    old = address(chat, pushing)
    chat.get_by_role("button", name="Clear this chat").click()
    chat.get_by_role("button", name="Clear it").click()
    expect(chat.locator(".reply")).to_have_count(3)
    pushing.push(old, "for the old one")
    pushing.push(address(chat, pushing), "for the new one")
    expect(bubbles(chat).last).to_contain_text("for the new one")
    assert said(chat)[1:] == ["for the new one"]
