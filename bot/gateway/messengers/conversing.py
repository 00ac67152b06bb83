"""What is answered to each kind of thing that a customer does in a messenger."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.bank import Bank
from bot.counsel.phrases import phrases
from bot.errors import LimitExceededError
from bot.gateway.channels import MessengerTalk
from bot.gateway.limits import Limits
from bot.gateway.messages import Button, Message
from bot.gateway.messengers.chats import Chats
from bot.gateway.strings import Strings
from bot.gateway.turns import Turns
from bot.notify.messengers.parts import Part
from bot.notify.messengers.words import languages, words

logger = logging.getLogger("secondvoice.messengers")

_REMEMBERED = 10_000
_QUIET_SECONDS = 60.0
"""A chat that writes too much is given the emergency numbers once in this time."""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What is to be said, and in which chat.

    Args:
        messages: What counsel says, in the form of the chat API.
        parts: What is sent as it is.
        language: The language spoken, for the next time.
    """

    messages: tuple[Message, ...] = ()
    parts: tuple[Part, ...] = ()
    language: str


@dataclass(frozen=True, kw_only=True)
class Replies:
    """Answers what was heard; the way of the words is that of the web chat.

    Args:
        turns: Asks Rasa.
        limits: How many messages are welcome.
        chats: What is kept of the chats.
        bank: The bank's names and numbers.
        strings: Has the greeting.
        messenger: The messenger's name.
        longest: Characters of a message at most.
        private_url: Returns the address of a private chat, where there are groups.
    """

    turns: Turns
    limits: Limits
    chats: Chats
    bank: Bank
    strings: Strings
    messenger: str
    longest: int
    private_url: Callable[[], str] | None = None
    _told: OrderedDict[str, float] = field(default_factory=OrderedDict, init=False)
    _albums: OrderedDict[str, None] = field(default_factory=OrderedDict, init=False)

    async def answer(
        self, heard: Mapping[str, Any], *, language: str, question_left: bool = False
    ) -> Saying:
        """Return what is said to one thing that was heard.

        Args:
            heard: From :class:`Heard`, as plain values.
            language: The chat's language.
            question_left: Whether he has left the last question by command.
        """
        talk = MessengerTalk(address=heard["address"], language=language)
        if heard["kind"] == "public":
            return self._in_public(talk)
        try:
            self.limits.count_message(conversation=talk.id, address=talk.address)
            return await self._answer(heard, talk, question_left=question_left)
        except LimitExceededError as error:
            return self._too_much(talk, error)

    def safe(self, language: str) -> Saying:
        """Return the static answer, which needs no other process."""
        return Saying(messages=tuple(self.turns.safe(language).messages), language=language)

    def text(self, language: str, key: str, **fields: Any) -> str:
        """Return one of the messengers' own texts."""
        found = words(language).texts[key]
        return found.format(**{**self.bank.fields(language), "messenger": self.messenger, **fields})

    async def _answer(
        self, heard: Mapping[str, Any], talk: MessengerTalk, *, question_left: bool
    ) -> Saying:
        kind, detail = heard["kind"], heard["detail"]
        if kind == "press" and (chosen := _language_named(heard["text"])):
            return self._set_language(talk, chosen)
        if kind in ("text", "press"):
            return await self._talk(heard, talk, question_left=question_left)
        if kind == "command":
            return await self._command(detail, talk)
        if kind == "unreadable":
            return self._unreadable(detail, talk)
        return self._say(talk, kind, count=self.longest)

    async def _talk(
        self, heard: Mapping[str, Any], talk: MessengerTalk, *, question_left: bool = False
    ) -> Saying:
        detail, text = heard["detail"], heard["text"]
        if "origin" in detail:
            key = "forwarded" if detail["origin"] else "forwarded_unknown"
            text = self.text(talk.language, key, origin=detail["origin"], forwarded=text)
        answer = await self.turns.answer(
            text,
            conversation=talk,
            language=talk.language,
            own_words="origin" not in detail,
            question_left=question_left,
        )
        spoken = answer.messages[-1].lang
        before = [
            self.text(spoken, key)
            for key in (
                "edited" if "edited" in detail else "",
                f"{detail['unseen']}_with_words" if "unseen" in detail else "",
            )
            if key in words(spoken).texts
        ]
        first = [Message(text="\n".join(before), lang=spoken)] if before else []
        return Saying(messages=(*first, *answer.messages), language=spoken)

    async def _command(self, detail: Mapping[str, Any], talk: MessengerTalk) -> Saying:
        name = detail["name"]
        if name == "start":
            return await self._start(detail.get("argument"), talk)
        if name == "contact":
            asks = self.text(talk.language, "asks_contact")
            return await self._talk({"text": asks, "detail": {}}, talk)
        if name == "stop":
            return self._say(talk, await self.chats.stop(talk.address))
        if name in ("language", "settings"):
            return self._which_language(talk)
        return self._say(talk, {"cancel": "cancelled"}.get(name, name))

    async def _start(self, token: str | None, talk: MessengerTalk) -> Saying:
        first = []
        if token and not await self.chats.name_by_card(talk, token):
            first.append(self.text(talk.language, "card_closed"))
        if await self.chats.resume(talk.address):
            first.append(self.text(talk.language, "resumed"))
        greeting = self.strings.of(talk.language)["greeting"]
        text = "\n".join([*first, greeting["text"]])
        return Saying(
            messages=(_with_buttons(text, greeting["buttons"], talk.language),),
            language=talk.language,
        )

    def _which_language(self, talk: MessengerTalk) -> Saying:
        titles = tuple(words(code).name for code in languages())
        asks = Part(text=self.text(talk.language, "language"), buttons=titles)
        return Saying(parts=(asks,), language=talk.language)

    def _set_language(self, talk: MessengerTalk, language: str) -> Saying:
        """Speak the language that was chosen, from now on."""
        self.turns.switch(talk, language)
        return self._say(replace(talk, language=language), "language_set")

    def _unreadable(self, detail: Mapping[str, Any], talk: MessengerTalk) -> Saying:
        album = f"{talk.address}/{detail['album']}" if "album" in detail else ""
        if album and album in self._albums:  # One answer to ten pictures is enough.
            return Saying(language=talk.language)
        if album:
            _remember(self._albums, album, None)
        text = self.text(talk.language, detail["what"])
        # Who sends his voice may be unable to type just now.
        buttons = self.strings.of(talk.language)["greeting"]["buttons"]
        shown = buttons if detail["what"] == "recording" else []
        return Saying(messages=(_with_buttons(text, shown, talk.language),), language=talk.language)

    def _in_public(self, talk: MessengerTalk) -> Saying:
        if self.private_url is None or not self._first_in_a_while(talk.address):
            return Saying(language=talk.language)
        link = (self.text(talk.language, "private_open"), self.private_url())
        invites = Part(text=self.text(talk.language, "private_only"), link=link)
        return Saying(parts=(invites,), language=talk.language)

    def _too_much(self, talk: MessengerTalk, error: LimitExceededError) -> Saying:
        """A limit must never mean silence, and never a flood of answers either."""
        if not self._first_in_a_while(talk.address):
            return Saying(language=talk.language)
        logger.warning("limit reached conversation=%s: %s", talk.id[:8], error)
        return self.safe(talk.language)

    def _first_in_a_while(self, address: str) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._told.get(address, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return False
        _remember(self._told, address, now)
        return True

    def _say(self, talk: MessengerTalk, key: str, **fields: Any) -> Saying:
        message = Message(text=self.text(talk.language, key, **fields), lang=talk.language)
        return Saying(messages=(message,), language=talk.language)


def _with_buttons(text: str, keys: list[str], language: str) -> Message:
    titles = phrases(language).buttons
    return Message(text=text, lang=language, buttons=[Button(title=titles[key]) for key in keys])


def _language_named(title: str) -> str:
    """Return the language whose name a pressed button has; empty where it is another button."""
    return next((code for code in languages() if words(code).name == title), "")


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
