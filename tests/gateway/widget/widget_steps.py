"""What a person does with the chat on a bank's page."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect
from pushing import Pushing

STORE = "secondvoice.chat.riverside"
HEARD = """
window.heard = [];
for (const what of ["ready", "customer", "refused", "unavailable", "shutdown"])
  addEventListener("secondvoice:" + what, (event) => heard.push([what, event.detail]));
"""


def launcher(page: Page) -> Locator:
    return page.locator("second-voice button.launcher")


def chat_of(page: Page) -> FrameLocator:
    return page.frame_locator("second-voice iframe")


def open_widget(page: Page) -> FrameLocator:
    launcher(page).click()
    chat = chat_of(page)
    expect(chat.locator(".reply")).to_have_count(3)
    return chat


def say_in(chat: FrameLocator, text: str) -> None:
    chat.get_by_label("Your message").fill(text)
    chat.get_by_label("Your message").press("Enter")


def last_answer(chat: FrameLocator) -> Locator:
    return chat.locator(".row-bot .bubble").last


def address(page: Page, pushing: Pushing) -> str:
    """The contact's address of the conversation in the frame."""
    frame = page.frames[1]
    token: str = frame.evaluate(f"JSON.parse(sessionStorage.getItem('{STORE}')).conversation")
    return pushing.address(token)
