"""Reading Telegram's updates: what a customer has said, masked, before anything is kept of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardMarkup,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType, UpdateType

from bot.gateway.channels import Heard, UnheardError, words_of
from bot.gateway.privacy import mask
from bot.gateway.text import clean
from bot.notify.telegram.sending import SAYS, SHOWS
from bot.notify.telegram_chat import SCHEME

ALLOWED_UPDATES = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.S)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_NAME = 60

#: What a message may carry instead of words, and what it is called when we say that we cannot read
#: it. A document comes before an animation, because Telegram sends both for one.
_UNREADABLE = {
    "photo": "picture",
    "sticker": "sticker",
    "dice": "sticker",
    "animation": "sticker",
    "voice": "recording",
    "audio": "recording",
    "video": "recording",
    "video_note": "recording",
    "document": "file",
    "contact": "contact",
    "venue": "location",
    "location": "location",
    "poll": "other",
    "story": "other",
    "game": "other",
    "invoice": "other",
    "paid_media": "other",
    "checklist": "other",
}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads updates.

    Args:
        commands: Names of the commands that we know.
        longest: Characters of a customer's message at most.
        language: Returns the first of some language tags that we speak.
        me: Returns the bot's own name and number; only asked in groups.
    """

    commands: frozenset[str]
    longest: int
    language: Callable[[str | None], str]
    me: Callable[[], tuple[str, int]]

    def read(self, update: Update) -> Heard | None:
        """Return what is to be answered or noted; None where there is nothing.

        Args:
            update: One update of the Bot API.
        """
        if update.callback_query is not None:
            return self._press(update, update.callback_query)
        if update.my_chat_member is not None:
            return _membership(update, update.my_chat_member)
        message = update.message or update.edited_message
        if message is None or (message.from_user is not None and message.from_user.is_bot):
            return None
        edited = update.message is None
        if message.chat.type != ChatType.PRIVATE:
            return None if edited else self._in_public(update, message)
        return self._said(update, message, edited=edited)

    def _said(self, update: Update, message: Message, *, edited: bool) -> Heard | None:
        common = self._common(update, message)
        given = message.text or message.caption or ""
        command = _COMMAND.fullmatch(given.strip()) if message.text else None
        if command and command[1].lower() in self.commands and not message.forward_origin:
            return None if edited else self._command(common, command)
        unseen = _unreadable(message)
        if not given:
            if unseen is None or edited:  # A service message, or a location that moves.
                return None
            return Heard(
                **{**common, "kind": "unreadable", "detail": {**common["detail"], "what": unseen}}
            )
        detail = {
            **common["detail"],
            **({"edited": True} if edited else {}),
            **({"unseen": unseen} if unseen else {}),
            **({"origin": _origin(message)} if message.forward_origin else {}),
        }
        try:
            text = words_of(given, longest=self.longest)
        except UnheardError as error:
            return Heard(**{**common, "kind": error.why, "detail": detail})
        return Heard(**{**common, "text": text, "detail": detail})

    def _command(self, common: dict[str, Any], command: re.Match[str]) -> Heard:
        argument = (command[3] or "").strip()
        detail = {**common["detail"], "name": command[1].lower()}
        # The token of a card is no secret; a number that was typed here by mistake would be one.
        if _TOKEN.fullmatch(argument) and not mask(argument).found:
            detail["argument"] = argument
        return Heard(**{**common, "kind": "command", "detail": detail})

    def _press(self, update: Update, press: CallbackQuery) -> Heard | None:
        if press.message is None or press.message.chat.type != ChatType.PRIVATE:
            return None
        chat = press.message.chat
        shown = getattr(press.message, "text", None) or ""
        title = _title(press.data or "", getattr(press.message, "reply_markup", None))
        return Heard(
            key=str(update.update_id),
            address=f"{SCHEME}:{chat.id}",
            kind="press",
            text=mask(clean(title)).text,
            language=self.language(press.from_user.language_code),
            detail={
                "chat": chat.id,
                "number": press.message.message_id,
                "press": press.id,
                "shown": mask(shown).text,
            },
        )

    def _in_public(self, update: Update, message: Message) -> Heard | None:
        """In a group others read along: who addresses us there is asked into a private chat."""
        name, number = self.me()
        answered = message.reply_to_message
        to_us = answered is not None and answered.from_user and answered.from_user.id == number
        if not to_us and not _mentions(message, name):
            return None
        return Heard(**{**self._common(update, message), "kind": "public"})

    def _common(self, update: Update, message: Message) -> dict[str, Any]:
        user = message.from_user
        return {
            "key": str(update.update_id),
            "address": f"{SCHEME}:{message.chat.id}",
            "language": self.language(user.language_code if user else None),
            "detail": {
                "chat": message.chat.id,
                "number": message.message_id,
                **({"album": message.media_group_id} if message.media_group_id else {}),
            },
        }


def _membership(update: Update, change: ChatMemberUpdated) -> Heard | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status == ChatMemberStatus.BANNED
    return Heard(
        key=str(update.update_id),
        address=f"{SCHEME}:{change.chat.id}",
        kind="blocked" if blocked else "unblocked",
    )


def _mentions(message: Message, name: str) -> bool:
    """Tell whether the bot is named, by a mention or by a command with its name behind it."""
    kinds: list[str | None] = [MessageEntityType.MENTION, MessageEntityType.BOT_COMMAND]
    named = {
        **message.parse_entities(kinds),
        **message.parse_caption_entities(kinds),
    }
    return any(text.lower().endswith(f"@{name.lower()}") for text in named.values())


def _unreadable(message: Message) -> str | None:
    for attribute, what in _UNREADABLE.items():
        if getattr(message, attribute, None):
            return what
    return None


def _origin(message: Message) -> str:
    """Return who first wrote a forwarded message, as Telegram shows it; empty where it does not."""
    origin = message.forward_origin
    name = ""
    if isinstance(origin, MessageOriginUser):
        name = origin.sender_user.full_name
    elif isinstance(origin, MessageOriginHiddenUser):
        name = origin.sender_user_name
    elif isinstance(origin, MessageOriginChat):
        name = origin.sender_chat.effective_name or ""
    elif isinstance(origin, MessageOriginChannel):
        name = origin.chat.effective_name or ""
    plain = re.sub(r"[\s“”\"「」/]+", " ", clean(name)).strip()
    return mask(plain[:_LONGEST_NAME]).text


def _title(data: str, markup: InlineKeyboardMarkup | None) -> str:
    """Return the title of the button that was pressed; empty where it cannot be told."""
    if data.startswith(SAYS):
        return data.removeprefix(SAYS)
    if data.startswith(SHOWS) and markup is not None:
        titles: Mapping[object, str] = {
            button.callback_data: button.text for row in markup.inline_keyboard for button in row
        }
        return titles.get(data, "")
    return ""
