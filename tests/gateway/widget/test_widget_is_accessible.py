"""With keyboard, screen reader, large type and little motion: the chat on the bank's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from gateway_servers import StandInForRasa
from playwright.sync_api import Page, expect
from test_chat_page_in_a_browser import pytestmark  # noqa: F401  # skips without a browser
from widget_steps import chat_of, last_answer, launcher, open_widget, say_in

Embed = Callable[..., Page]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing(embed: Embed, rasa: StandInForRasa, scheme: str, language: str) -> None:
    card = {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011", "hours": "Always"}
    rasa.reply = lambda _: [{"text": "Here."}, {"custom": {"card": card}}]
    page = embed()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate("(language) => SecondVoice('setLanguage', language)", language)
    assert violations(page) == []
    chat = open_widget(page)
    chat.locator("#text").fill("help")
    page.keyboard.press("Enter")
    expect(chat.locator(".card-call")).to_be_visible()
    page.wait_for_timeout(400)  # A bubble that fades in has less contrast for a moment.
    assert violations(page) == []
    assert violations(page.frames[1]) == []
    chat.locator("#clear").click()
    assert violations(page.frames[1]) == []


def test_targets_are_large_and_nothing_overflows_at_four_times_the_size(embed: Embed) -> None:
    page = embed()
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %.
    box = launcher(page).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    chat = open_widget(page)
    for control in chat.locator("button:visible, a:visible").all():
        area = control.bounding_box()
        assert area is not None
        assert min(area["width"], area["height"]) >= 44, control.inner_text()
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(chat.locator("#minimise")).to_be_in_viewport()


def test_on_a_phone_the_chat_fills_the_screen_and_can_be_closed(embed: Embed) -> None:
    page = embed()
    page.set_viewport_size({"width": 390, "height": 844})
    chat = open_widget(page)
    box = page.locator("second-voice iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(launcher(page)).to_be_hidden()
    chat.get_by_role("button", name="Close the chat").click()
    expect(launcher(page)).to_be_visible()
    expect(launcher(page)).to_be_focused()


def test_little_motion_means_none(embed: Embed) -> None:
    page = embed()
    page.emulate_media(reduced_motion="reduce")
    open_widget(page)
    motion = "(node) => getComputedStyle(node).animationName"
    assert page.locator("second-voice .panel").evaluate(motion) == "none"


def test_the_keyboard_alone_is_enough_and_each_message_has_its_language(
    embed: Embed, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda _: [{"text": "我在听。"}]
    page = embed()
    page.keyboard.press("Tab")  # The page's own link.
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Space")
    chat = chat_of(page)
    expect(chat.get_by_label("Your message")).to_be_focused()
    say_in(chat, "help")
    expect(last_answer(chat)).to_have_attribute("lang", "zh-CN")
    expect(chat.get_by_role("log")).to_be_visible()
    assert chat.get_by_role("log").get_attribute("aria-label") == "Conversation"


def violations(place: object) -> list[str]:
    """What axe-core finds, as its rule and what it is found on."""
    found = Axe().run(place).response["violations"]  # type: ignore[arg-type]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
