"""Sending parts to a chat, with every answer of Telegram turned into what to do about it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.constants import ChatAction, MessageEntityType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.errors import BlockedError, DeliveryError, UndeliverableError
from bot.notify.messengers.parts import Part
from bot.notify.messengers.words import languages, words

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
_CONNECTIONS = 64
_DATA_BYTES = 64
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

SAYS = "="
"""What the data of a button begins with that carries its own title."""
SHOWS = "#"
"""What it begins with where the title is too long: then the number of the button follows."""


def quiet_library() -> None:
    """Keep the libraries' own lines out of the log: they hold the token and customers' words."""
    for name in ("telegram", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def make_bot(token: str, api_url: str) -> Bot:
    """Return a bot with bounded waits; nothing is sent yet.

    Args:
        token: From BotFather.
        api_url: Address of the Bot API.
    """
    quiet_library()

    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=_CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            write_timeout=READ_SECONDS,
            pool_timeout=CONNECT_SECONDS,
        )

    # Long polls have connections of their own, so that no answer waits behind one.
    return Bot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        request=request(),
        get_updates_request=request(),
    )


async def close_bot(bot: Bot) -> None:
    """Let go of a bot's connections, whether it has ever been asked for its name or not."""
    for request in bot._request:
        await request.shutdown()


class Sender:
    """Sends parts to chats.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def send(self, chat: int, part: Part) -> int:
        """Send one part.

        Args:
            chat: The chat's number.
            part: What is sent.

        Returns:
            Number of the message.

        Raises:
            BlockedError: Its owner wants nothing of us.
            UndeliverableError: Telegram will never take it.
            DeliveryError: Not this time; ``retry_after`` where Telegram asked for a wait.
        """
        with told():
            try:
                return await self._send(chat, part)
            except BadRequest as error:
                if _no_chat(error):
                    raise
                # A number or an address that Telegram does not like must not cost the words.
                return await self._send(chat, Part(text=part.text or f"{part.name}\n{part.phone}"))

    async def typing(self, chat: int) -> None:
        """Show that an answer is being written."""
        with told():
            await self.bot.send_chat_action(chat, ChatAction.TYPING)

    async def answer_press(self, press: str, notice: str = "") -> None:
        """Answer the press of a button, or the customer's device waits for it.

        Args:
            press: Telegram's id of the press.
            notice: What is shown over the chat.
        """
        with told():
            await self.bot.answer_callback_query(
                press, text=notice or None, show_alert=bool(notice)
            )

    async def take_keyboard(self, chat: int, number: int, part: Part | None = None) -> None:
        """Take the buttons of a message away.

        Args:
            chat: The chat's number.
            number: The message's number.
            part: The words that stand there from now on; None leaves them as they are.
        """
        with told():
            if part is None:
                await self.bot.edit_message_reply_markup(chat, number, reply_markup=None)
            else:
                await self.bot.edit_message_text(
                    part.text,
                    chat,
                    number,
                    entities=_entities(part),
                    link_preview_options=_NO_PREVIEW,
                )

    async def set_commands(self) -> None:
        """Tell Telegram the commands in every language."""
        with told():
            for index, language in enumerate(languages()):
                found = words(language).commands
                commands = [BotCommand(name, what) for name, what in found.items()]
                await self.bot.set_my_commands(commands, language_code=language)
                if index == 0:
                    await self.bot.set_my_commands(commands)

    async def _send(self, chat: int, part: Part) -> int:
        if part.phone:
            sent = await self.bot.send_contact(
                chat, phone_number=part.phone, first_name=part.name, vcard=part.vcard or None
            )
        else:
            sent = await self.bot.send_message(
                chat,
                part.text,
                entities=_entities(part),
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard(part),
            )
        return sent.message_id


def keyboard(part: Part) -> InlineKeyboardMarkup | None:
    """Return the buttons of a part, one a row, so that a shaking thumb hits one."""
    rows = [
        [InlineKeyboardButton(title, callback_data=_data(title, index))]
        for index, title in enumerate(part.buttons)
    ]
    if part.link:
        rows.append([InlineKeyboardButton(part.link[0], url=part.link[1])])
    return InlineKeyboardMarkup(rows) if rows else None


@contextmanager
def told() -> Iterator[None]:
    """Turn the library's errors into ours, without their texts: these may hold the token.

    Raises:
        BlockedError: The chat's owner wants nothing of us.
        UndeliverableError: Telegram will never take it.
        DeliveryError: Not this time.
    """
    try:
        yield
    except RetryAfter as error:
        raise DeliveryError("Telegram asks us to slow down.", retry_after=_seconds(error)) from None
    except Forbidden:
        raise BlockedError("The customer has blocked the bot.") from None
    except BadRequest as error:
        if _no_chat(error):
            raise BlockedError("The chat does not exist any more.") from None
        raise UndeliverableError("Telegram refuses what we ask as it is.") from None
    except ChatMigrated:
        raise UndeliverableError("The chat has become another one.") from None
    except InvalidToken:
        raise DeliveryError(
            "Telegram refuses the token; correct SECONDVOICE_TELEGRAM_TOKEN."
        ) from None
    except TelegramError as error:
        raise DeliveryError(f"Telegram did not take it ({type(error).__name__}).") from None


def _data(title: str, index: int) -> str:
    """Return what comes back when a button is pressed; it must be short enough for Telegram."""
    said = f"{SAYS}{title}"
    return said if len(said.encode()) <= _DATA_BYTES else f"{SHOWS}{index}"


def _entities(part: Part) -> Sequence[MessageEntity] | None:
    found = [MessageEntity(MessageEntityType.CODE, start, size) for start, size in part.dead]
    return MessageEntity.adjust_message_entities_to_utf_16(part.text, found) if found else None


def _no_chat(error: BadRequest) -> bool:
    return "chat not found" in error.message.lower()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
