"""Asking Telegram for updates: each is kept before Telegram is told that it has arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError
from telegram import Update

from bot.errors import DeliveryError
from bot.gateway.channels import Heard
from bot.gateway.messengers.answering import Answering
from bot.gateway.messengers.chats import Chats
from bot.gateway.messengers.conversing import Replies
from bot.gateway.telegram.channel import TelegramChannel
from bot.gateway.telegram.reading import ALLOWED_UPDATES
from bot.notify.messengers.parts import Part
from bot.notify.telegram.sending import Sender, told

logger = logging.getLogger("secondvoice.telegram")

POLL_SECONDS = 25
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0


class Polling:
    """Fetches updates and keeps them.

    Args:
        channel: Reads updates.
        chats: Keeps them.
        sender: Reaches Telegram, and customers while nothing can be kept.
        conversing: Has the words for that.
        answering: Is woken when something was kept.
        offer: Is shown what was kept together with the update it came in.
    """

    def __init__(
        self,
        *,
        channel: TelegramChannel,
        chats: Chats,
        sender: Sender,
        conversing: Replies,
        answering: Answering,
        offer: Callable[[Heard, Update], None],
    ) -> None:
        self._channel = channel
        self._chats = chats
        self._sender = sender
        self._conversing = conversing
        self._answering = answering
        self._offer = offer
        self._waits = _Waits()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until told to end; Telegram and the database may go away and come back."""
        offset: int | None = None
        while not stop.is_set():
            updates = await self._fetch(offset)
            brought = [(self._channel.receive(update), update) for update in updates]
            heard = [one for one, _ in brought if one is not None]
            if heard:
                await self._keep(heard, stop)
            if updates and not stop.is_set():
                offset = updates[-1].update_id + 1
                self._answering.wake.set()
                for one, update in brought:
                    if one is not None:
                        self._offer(one, update)

    async def _fetch(self, offset: int | None) -> Sequence[Update]:
        try:
            with told():
                updates = await self._sender.bot.get_updates(
                    offset=offset,
                    timeout=POLL_SECONDS,
                    allowed_updates=ALLOWED_UPDATES,
                )
        except DeliveryError as error:
            await self._waits.after(error)
            return ()
        self._waits.over()
        return updates

    async def _keep(self, heard: Sequence[Heard], stop: asyncio.Event) -> None:
        """Keep what was heard, however long it takes; meanwhile nobody is left without numbers."""
        told_already: set[str] = set()
        while not stop.is_set():
            try:
                await self._chats.keep(heard)
            except SQLAlchemyError as error:
                logger.error("database is away: %s", type(error).__name__)
                await self._tell_numbers(heard, told_already)
                await asyncio.sleep(FIRST_WAIT_SECONDS)
            else:
                return

    async def _tell_numbers(self, heard: Sequence[Heard], told_already: set[str]) -> None:
        for one in heard:
            if one.address in told_already or one.kind not in ("text", "press", "command"):
                continue
            told_already.add(one.address)
            text = self._conversing.safe(one.language).messages[0].text
            try:
                await self._sender.send(one.detail["chat"], Part(text=text))
            except DeliveryError as error:
                logger.warning("the static answer was not sent: %s", error)


class _Waits:
    """How long to wait after failures in a row: longer each time, and as Telegram asks."""

    def __init__(self) -> None:
        self._next = FIRST_WAIT_SECONDS

    async def after(self, error: DeliveryError) -> None:
        wait = max(self._next, error.retry_after or 0.0)
        logger.warning("asking Telegram again in %.0f s: %s", wait, error)
        self._next = min(self._next * 2, LONGEST_WAIT_SECONDS)
        await asyncio.sleep(wait)

    def over(self) -> None:
        self._next = FIRST_WAIT_SECONDS
