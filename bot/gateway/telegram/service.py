"""Telegram's parts, put together in one place: as a process of its own, or inside the gateway."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from telegram import Update

from bot.casework.database import reading_factory, session_factory
from bot.errors import ConfigurationError, DeliveryError
from bot.gateway.channels import Heard, MessengerTalk
from bot.gateway.messengers.answering import Answering
from bot.gateway.messengers.chats import Chats
from bot.gateway.messengers.conversing import Replies
from bot.gateway.telegram.channel import TelegramChannel
from bot.gateway.telegram.polling import LONGEST_WAIT_SECONDS, Polling
from bot.gateway.telegram.reading import ALLOWED_UPDATES, Reader
from bot.gateway.telegram.showing import InTelegram
from bot.gateway.wiring import Gateway
from bot.notify.messengers.parts import Rendering
from bot.notify.messengers.words import FALLBACK_LANGUAGE, words
from bot.notify.telegram.sending import Sender, close_bot, make_bot, told
from bot.notify.telegram_chat import SCHEME
from bot.settings import Settings

logger = logging.getLogger("secondvoice.telegram")

WEBHOOK_PATH = "/telegram/webhook"
SETTINGS_COMMAND = "settings"
"""Every bot is expected to know it; here it asks for the language."""


class Telegram:
    """All of Telegram in one process.

    Args:
        gateway: The parts that every channel shares.
    """

    def __init__(self, gateway: Gateway) -> None:
        settings = gateway.settings
        self._settings = settings
        self._payee_numbers = gateway.payee_numbers
        self._bot = make_bot(settings.telegram_token, settings.telegram_api_url)
        self._sender = Sender(self._bot)
        rendering = Rendering(gateway.bank, public_url=settings.effective_public_url)
        reader = Reader(
            commands=frozenset((*words(FALLBACK_LANGUAGE).commands, SETTINGS_COMMAND)),
            longest=settings.text_characters,
            language=gateway.strings.language,
            me=lambda: (self._bot.username, self._bot.id),
        )
        self.channel = TelegramChannel(
            self._bot, reader=reader, rendering=rendering, now=gateway.now
        )
        self._chats = Chats(
            scheme=SCHEME,
            sessions=session_factory(gateway.engine, tiers=settings.tiers),
            reading=reading_factory(gateway.engine, tiers=settings.tiers),
            customers=gateway.customers,
            now=gateway.now,
        )
        self._conversing = Replies(
            turns=gateway.turns,
            limits=gateway.limits,
            chats=self._chats,
            bank=gateway.bank,
            strings=gateway.strings,
            messenger="Telegram",
            private_url=lambda: f"https://t.me/{self._bot.username}",
            longest=settings.text_characters,
        )
        self._answering = Answering(
            conversing=self._conversing,
            chats=self._chats,
            messenger=InTelegram(self._sender, rendering=rendering, conversing=self._conversing),
            rendering=rendering,
            alone=settings.telegram_mode == "polling",
        )

    async def poll(self, stop: asyncio.Event) -> None:
        """Fetch updates and answer them until told to end."""
        async with self._answers(stop):
            await self._until_done(self._introduce, stop)
            if stop.is_set():
                return
            polling = Polling(
                channel=self.channel,
                chats=self._chats,
                sender=self._sender,
                conversing=self._conversing,
                answering=self._answering,
                offer=self._offer_numbers,
            )
            fetching = asyncio.create_task(polling.run(stop))
            ended = asyncio.create_task(stop.wait())
            await asyncio.wait((fetching, ended), return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            await _cancelled(fetching)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer what the webhook keeps, for as long as the block lasts."""
        stop = asyncio.Event()
        async with self._answers(stop):
            introducing = asyncio.create_task(self._until_done(self._introduce, stop))
            try:
                yield
            finally:
                await _cancelled(introducing)

    async def take(self, raw: Any) -> None:
        """Keep an update that Telegram has brought; only then may it be told that it has arrived.

        Raises:
            SQLAlchemyError: It could not be kept.
        """
        update = Update.de_json(raw, self._bot)
        heard = self.channel.receive(update)
        if heard is not None:
            await self._chats.keep([heard])
            self._answering.wake.set()
            self._offer_numbers(heard, update)

    def is_telegram(self, secret: str) -> bool:
        """Tell whether a caller knows the secret, in a time that does not tell how much of it."""
        return hmac.compare_digest(secret.encode(), self._secret().encode())

    def _offer_numbers(self, heard: Heard, update: Update) -> None:
        """Offer a payee's account number to the vault: what is kept of the message is masked."""
        message = update.effective_message
        if heard.kind == "text" and message is not None:
            talk = MessengerTalk(address=heard.address, language=heard.language)
            text = message.text or message.caption or ""
            self._payee_numbers.offer(text, conversation=talk, late=True)

    @asynccontextmanager
    async def _answers(self, stop: asyncio.Event) -> AsyncIterator[None]:
        answering = asyncio.create_task(self._answering.run(stop))
        try:
            yield
        finally:
            stop.set()
            self._answering.wake.set()
            await answering
            await close_bot(self._bot)

    async def _until_done(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Do what Telegram must answer once; while it cannot, wait longer each time."""
        wait = 1.0
        while not stop.is_set():
            try:
                await work()
            except DeliveryError as error:
                pause = max(wait, error.retry_after or 0.0)
                logger.warning("Telegram is not ready, again in %.0f s: %s", pause, error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
            else:
                return

    async def _introduce(self) -> None:
        """Learn our own name, tell our commands, and say how we want to be told of updates."""
        with told():
            await self._bot.get_me()
            await self._sender.set_commands()
            if self._settings.telegram_mode == "polling":
                await self._bot.delete_webhook(drop_pending_updates=False)
            else:
                await self._bot.set_webhook(
                    webhook_url(self._settings),
                    secret_token=self._secret(),
                    allowed_updates=ALLOWED_UPDATES,
                )
        logger.info(
            "Telegram is ready by %s as @%s", self._settings.telegram_mode, self._bot.username
        )

    def _secret(self) -> str:
        return self._settings.key("telegram_webhook_secret")


def called_by_telegram(gateway: Gateway) -> Telegram | None:
    """Return Telegram where it calls the gateway; None where it is polled, or not used at all.

    Raises:
        ConfigurationError: Telegram would not call there.
    """
    settings = gateway.settings
    if not settings.telegram_token or settings.telegram_mode != "webhook":
        return None
    webhook_url(settings)
    return Telegram(gateway)


def webhook_url(settings: Settings) -> str:
    """Return where Telegram calls.

    Raises:
        ConfigurationError: Telegram would not call there.
    """
    url = settings.telegram_webhook_url or f"{settings.effective_public_url}{WEBHOOK_PATH}"
    own_server = settings.telegram_api_url != Settings.model_fields["telegram_api_url"].default
    if urlsplit(url).scheme != "https" and not own_server:
        raise ConfigurationError(
            f"SECONDVOICE_TELEGRAM_WEBHOOK_URL: Telegram calls https addresses only, not {url}; "
            "set it or SECONDVOICE_PUBLIC_URL, or use SECONDVOICE_TELEGRAM_MODE=polling."
        )
    return url


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
