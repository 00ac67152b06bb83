"""What Telegram does with an answer: it is sent, and the question it answers is seen to be over."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from typing import Any

from bot.casework.received import Waiting
from bot.gateway.messengers.conversing import Replies, Saying
from bot.notify.messengers.parts import Part, Rendering
from bot.notify.telegram.sending import Sender


class InTelegram:
    """Sends answers, takes buttons away, answers presses.

    Args:
        sender: Sends to chats.
        rendering: Makes parts of words.
        conversing: Has the words for a late press.
    """

    def __init__(self, sender: Sender, *, rendering: Rendering, conversing: Replies) -> None:
        self._sender = sender
        self._rendering = rendering
        self._conversing = conversing

    async def send(self, message: Waiting, part: Part) -> int:
        """Send one part; returns the number of the message."""
        return await self._sender.send(message.body["detail"]["chat"], part)

    def show(
        self, heard: Mapping[str, Any], *, counts: bool, keyboard: int | None, language: str
    ) -> Iterator[Coroutine[Any, Any, None]]:
        """Take the buttons of a question away that is over, and show that an answer is written."""
        chat = heard["detail"]["chat"]
        if heard["kind"] == "press":
            yield from self._press(heard, counts=counts, language=language)
        elif keyboard is not None:
            yield self._sender.take_keyboard(chat, keyboard)
        if counts and (heard["kind"] != "press" or heard["text"]):
            yield self._sender.typing(chat)

    def late(self, language: str) -> Saying:
        """Say nothing in the chat: a notice over it has answered the press."""
        return Saying(language=language)

    def _press(
        self, heard: Mapping[str, Any], *, counts: bool, language: str
    ) -> Iterator[Coroutine[Any, Any, None]]:
        detail = heard["detail"]
        good = counts and heard["text"]
        notice = "" if good else self._conversing.text(language, "late")
        yield self._sender.answer_press(detail["press"], notice)
        words = None
        if good and detail["shown"]:
            words = self._rendering.words(f"{detail['shown']}\n\n✓ {heard['text']}")
        yield self._sender.take_keyboard(detail["chat"], detail["number"], words)
