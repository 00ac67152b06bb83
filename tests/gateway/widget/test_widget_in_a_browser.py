"""The chat on a bank's page of another origin, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from bank_site import BankSite
from gateway_servers import StandInForRasa
from playwright.sync_api import Page, expect
from pushing import Pushing
from test_chat_page_in_a_browser import pytestmark  # noqa: F401  # skips without a browser
from widget_steps import STORE, address, chat_of, last_answer, launcher, open_widget, say_in

Embed = Callable[..., Page]
Start = Callable[..., httpx.Client]


def test_a_customer_tells_his_story_on_the_banks_page_and_gets_the_managers_card(
    embed: Embed, rasa: StandInForRasa, pushing: Pushing
) -> None:
    page = embed()
    chat = open_widget(page)
    card = {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011"}
    rasa.reply = lambda _: [
        {"text": "He will ask for secrecy next.", "buttons": [{"title": "They did"}]},
        {"custom": {"card": card}},
    ]
    say_in(chat, "The card centre says I owe 380,000")
    expect(chat.get_by_role("link", name="Call +86 101 0000 0011")).to_be_visible()
    chat.get_by_role("button", name="They did").click()
    expect(chat.locator(".row-mine")).to_have_count(2)
    pushing.push(address(page, pushing), "Zhou Min has read it at 20:04.")
    expect(last_answer(chat)).to_contain_text("read it at 20:04")
    assert [one["message"] for one in rasa.received][1] == "They did"


def test_the_page_loads_nothing_of_the_chat_but_the_loader_until_it_is_opened(
    page: Page, embed: Embed
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    embed()
    expect(launcher(page)).to_be_visible()
    assert [url.rpartition("/")[2] for url in asked] == ["", "widget.js"]


def test_no_third_host_is_asked_and_no_cookie_is_set(
    page: Page, embed: Embed, site: BankSite, settings: object
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_widget(embed())
    ours = (site.origin, f"http://127.0.0.1:{settings.port}", "data:")  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith(ours)] == []
    assert page.context.cookies() == []


def test_the_launcher_says_its_state_and_focus_goes_in_and_comes_back(embed: Embed) -> None:
    page = embed()
    button = page.get_by_role("button", name="Open the scam help chat")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    chat = chat_of(page)
    expect(chat.get_by_label("Your message")).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("second-voice .panel")).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    chat.get_by_role("button", name="Close the chat").click()
    expect(launcher(page)).to_be_focused()


def test_commands_open_close_and_switch_the_language_and_keep_the_talk(embed: Embed) -> None:
    page = embed()
    page.evaluate("SecondVoice('open')")
    chat = chat_of(page)
    expect(chat.locator(".reply")).to_have_count(3)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    page.evaluate("SecondVoice('setLanguage', 'zh')")
    expect(chat.get_by_label("您的消息")).to_be_visible()
    expect(chat.locator(".row-mine .bubble")).to_contain_text("Somebody called me")
    expect(page.locator("second-voice iframe")).to_have_attribute("title", "反诈求助对话")
    page.evaluate("SecondVoice('close')")
    expect(page.locator("second-voice .panel")).to_be_hidden()
    assert "there are open, close" in page.evaluate(
        "(() => { try { SecondVoice('dance') } catch (error) { return error.message } })()"
    )


def test_the_talk_goes_on_on_the_next_page_and_news_shows_on_the_closed_launcher(
    embed: Embed, pushing: Pushing
) -> None:
    page = embed()
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    to = address(page, pushing)
    chat.get_by_role("button", name="Close the chat").click()
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/next")
    pushing.push(to, "Are you all right?")
    expect(page.locator("second-voice .badge")).to_have_text("1")
    expect(page.locator("second-voice [role=status]")).to_contain_text("new message")
    assert page.evaluate("document.activeElement === document.body")
    launcher(page).click()
    expect(last_answer(chat_of(page))).to_contain_text("Are you all right?")
    expect(page.locator("second-voice .badge")).to_be_hidden()


def test_nothing_is_lost_or_doubled_when_the_gateway_goes_and_comes_back(
    page: Page, start: Start, site: BankSite, pushing: Pushing
) -> None:
    site.embed(str(start().base_url))
    page.goto(site.origin)
    chat = open_widget(page)
    to = address(page, pushing)
    pushing.push(to, "one")
    expect(last_answer(chat)).to_contain_text("one")
    page.context.set_offline(True)
    page.route("**/api/**", lambda route: route.abort())
    pushing.push(to, "two")
    pushing.push(to, "three")
    page.wait_for_timeout(1000)
    page.unroute("**/api/**")
    page.context.set_offline(False)
    expect(last_answer(chat)).to_contain_text("three", timeout=20_000)
    page.wait_for_timeout(1500)
    texts = chat.locator(".row-bot .bubble").all_inner_texts()
    assert [text.rpartition(" ")[2].rpartition("\n")[2] for text in texts[1:]] == [
        "one",
        "two",
        "three",
    ]


def test_markup_is_shown_as_text_inside_the_frame_and_reaches_no_page(
    embed: Embed, rasa: StandInForRasa, pushing: Pushing
) -> None:
    page = embed()
    chat = open_widget(page)
    rasa.reply = lambda body: [{"text": body["message"], "buttons": [{"title": "<svg onload=x>"}]}]
    attack = (
        "<img src=x onerror=parent.postMessage('x','*')><script>document.title='broken'</script>"
    )
    say_in(chat, attack)
    expect(last_answer(chat)).to_contain_text("<img src=x")
    expect(chat.locator(".reply")).to_have_text(["<svg onload=x>"])
    pushing.push(address(page, pushing), "<a href='javascript:alert(1)'>tap</a>")
    expect(last_answer(chat)).to_contain_text("<a href=")
    assert chat.locator(".bubble img, .bubble script, .bubble a").count() == 0
    assert page.title() == "The bank"


@pytest.mark.parametrize("way", ["button", "escape"])
def test_leaving_quickly_forgets_everything_and_shows_a_neutral_page(
    embed: Embed, way: str
) -> None:
    page = embed()
    page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="Sunny spells"))
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    if way == "button":
        chat.get_by_role("button", name="Leave quickly").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.com/weather")
    page.go_back()
    assert page.url == "about:blank"


def test_shutting_down_forgets_the_talk_even_on_a_page_where_the_chat_was_not_opened(
    embed: Embed,
) -> None:
    page = embed()
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    page.goto(page.url + "goodbye")
    page.evaluate("SecondVoice('shutdown')")
    expect(page.locator("second-voice")).to_have_count(0)
    page.evaluate("SecondVoice('open')")
    chat = chat_of(page)
    expect(chat.locator(".reply")).to_have_count(3)
    assert chat.locator(".row-mine").count() == 0
    assert "Somebody" not in page.frames[1].evaluate(f"sessionStorage.getItem('{STORE}')")
    assert page.evaluate("sessionStorage.length") == 0


def test_clearing_the_chat_leaves_no_trace_on_the_page(embed: Embed) -> None:
    page = embed()
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    chat.get_by_role("button", name="Clear this chat").click()
    chat.get_by_role("button", name="Clear it").click()
    expect(chat.locator(".row-mine")).to_have_count(0)
    expect(chat.locator(".reply")).to_have_count(3)
    assert page.evaluate("sessionStorage.length") == 0


def test_inline_the_chat_stands_in_the_page_without_a_launcher(embed: Embed) -> None:
    page = embed('data-mode="inline" data-target="#here"', body='<div id="here"></div>')
    chat = chat_of(page)
    expect(chat.locator(".reply")).to_have_count(3)
    assert page.locator("#here second-voice iframe").count() == 1
    assert launcher(page).count() == 0
    expect(chat.locator("#minimise")).to_be_hidden()


def test_the_banks_colour_is_taken_and_the_letters_on_it_can_be_read(embed: Embed) -> None:
    page = embed(head="<style>:root{--secondvoice-brand:#ffd400;--secondvoice-side:40px}</style>")
    chat = open_widget(page)
    colours = "(node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    yellow_and_black = ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
    assert launcher(page).evaluate(colours) == yellow_and_black
    assert chat.locator(".bar").evaluate(colours) == yellow_and_black


def test_on_another_site_the_talk_survives_a_change_of_language_without_any_storage(
    page: Page, start: Start, site: BankSite
) -> None:
    site.embed(str(start().base_url))
    page.goto(site.foreign)
    chat = open_widget(page)
    say_in(chat, "Somebody called me")
    expect(last_answer(chat)).to_contain_text("I hear you.")
    chat.get_by_role("link", name="切换到中文").click()
    expect(chat.get_by_label("您的消息")).to_be_visible()
    expect(chat.locator(".row-mine .bubble")).to_contain_text("Somebody called me")
    assert "Somebody" not in page.evaluate(
        "JSON.stringify([document.querySelector('second-voice').shadowRoot.innerHTML, name])"
    )


def test_the_language_follows_the_page(embed: Embed, site: BankSite, page: Page) -> None:
    embed()
    site.html = site.html.replace('data-lang="en"', 'data-lang="auto"')
    site.html = site.html.replace('<html lang="en">', '<html lang="zh-Hans">')
    page.goto(site.origin)
    page.get_by_role("button", name="打开反诈求助对话").click()
    expect(chat_of(page).get_by_label("您的消息")).to_be_visible()
