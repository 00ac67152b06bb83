"""Answering what a messenger has brought: each chat in its order, side by side, nothing lost."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.casework.received import Waiting
from bot.errors import BlockedError, DeliveryError, UnavailableError, UndeliverableError
from bot.gateway.messages import Message
from bot.gateway.messengers.chats import Chats
from bot.gateway.messengers.conversing import Replies, Saying
from bot.notify.messengers.parts import Part

logger = logging.getLogger("secondvoice.messengers")

SIDE_BY_SIDE = 16
LOOK_SECONDS = 0.5
"""Between two looks for what another process has kept, or for what is to be tried again."""

TIDY_SECONDS = 3600.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
GIVEN_UP_AFTER = timedelta(hours=24)
FINISH_SECONDS = 5.0
"""How long answers under way may take when the process is told to end."""


class Renders(Protocol):
    """Makes parts of messages."""

    def parts(self, message: Mapping[str, Any], *, now: datetime) -> Sequence[Part]:
        """Return the parts of one message, in order."""


class Messenger(Protocol):
    """What a messenger does with an answer, each in its own way."""

    async def send(self, message: Waiting, part: Part) -> int | None:
        """Send one part of the answer to a message.

        Returns:
            Number of what was sent, where its buttons can be taken away later.

        Raises:
            BlockedError: The chat's owner wants nothing of us.
            UndeliverableError: The messenger will never take it.
            DeliveryError: Not this time; ``retry_after`` where a wait was asked for.
        """

    def show(
        self, heard: Mapping[str, Any], *, counts: bool, keyboard: int | None, language: str
    ) -> Iterable[Coroutine[Any, Any, None]]:
        """Return what shows in the chat that something was heard; nothing depends on it.

        Args:
            heard: From :class:`Heard`, as plain values.
            counts: Whether it counts; the press of a button on an old question does not.
            keyboard: Number of the message whose buttons are over, where they can be taken away.
            language: The chat's language.
        """

    def late(self, language: str) -> Saying:
        """Return what is said to the press of a button on a question that is over."""


class Answering:
    """Answers kept messages until it is told to end.

    Args:
        conversing: Says what is answered.
        chats: What is kept.
        messenger: Sends it.
        rendering: Makes parts of messages.
        alone: Whether no other process answers this messenger's messages.
    """

    def __init__(
        self,
        *,
        conversing: Replies,
        chats: Chats,
        messenger: Messenger,
        rendering: Renders,
        alone: bool,
    ) -> None:
        self._conversing = conversing
        self._chats = chats
        self._messenger = messenger
        self._rendering = rendering
        self._alone = alone
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._aside: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until told to end; a database that is away ends nothing."""
        tidied = -TIDY_SECONDS
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            try:
                if loop.time() - tidied >= TIDY_SECONDS:
                    await self._chats.tidy(alone=self._alone and tidied < 0)
                    tidied = loop.time()
                await self._set_out()
            except SQLAlchemyError as error:
                logger.error("database is away: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), LOOK_SECONDS)
            self.wake.clear()
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=FINISH_SECONDS)
        for task in (*self._under_way.values(), *self._aside):
            task.cancel()

    async def _set_out(self) -> None:
        free = SIDE_BY_SIDE - len(self._under_way)
        if free <= 0:
            return
        for message in await self._chats.claim(limit=free, but=set(self._under_way)):
            task = asyncio.create_task(self._attend(message))
            self._under_way[message.id] = task
            task.add_done_callback(partial(self._ended, message.id))

    def _ended(self, message_id: int, _: asyncio.Task[None]) -> None:
        del self._under_way[message_id]
        self.wake.set()

    async def _attend(self, message: Waiting) -> None:
        """Answer one message; whatever goes wrong, it is finished or tried again."""
        try:
            await self._answer(message)
        except BlockedError:
            await self._end(message, blocked=True)
        except UndeliverableError as error:
            logger.error("an answer cannot be sent: %s", error)
            await self._end(message)
        except DeliveryError as error:
            await self._later(message, error)
        except (SQLAlchemyError, UnavailableError) as error:
            logger.error("an answer was interrupted: %s", type(error).__name__)
            await self._again(message, seconds=FIRST_WAIT_SECONDS)

    async def _answer(self, message: Waiting) -> None:
        heard = message.body
        if heard["kind"] in ("blocked", "unblocked"):
            await self._end(message, blocked=heard["kind"] == "blocked")
            return
        if message.answer is None:
            message = await self._think(message, heard)
        parts = [Part.from_dict(values) for values in (message.answer or {})["parts"]]
        for number, part in enumerate(parts[message.sent :], message.sent + 1):
            sent = await self._messenger.send(message, part)
            keyboard = sent if part.buttons else None
            await self._surely(partial(self._chats.note_sent, message, number, keyboard=keyboard))
        await self._end(message)

    async def _think(self, message: Waiting, heard: Mapping[str, Any]) -> Waiting:
        """Find the answer and keep it; the press of a button is answered in any case."""
        language = await self._chats.language(message.address) or heard["language"]
        if heard["kind"] == "public":
            saying = await self._conversing.answer(heard, language=language)
            return await self._kept(message, saying, language="")
        counts, keyboard = await self._chats.hear(heard, language=language)
        shows = self._messenger.show(heard, counts=counts, keyboard=keyboard, language=language)
        for work in shows:
            self._beside(work)
        if not counts or (heard["kind"] == "press" and not heard["text"]):
            return await self._kept(message, self._messenger.late(language), language=language)
        try:
            left = await self._chats.question_left(message)
            saying = await self._conversing.answer(heard, language=language, question_left=left)
        except (SQLAlchemyError, UnavailableError):
            raise
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "an answer failed: %s at %s:%s",
                *(type(error).__name__, place.filename, place.lineno),
            )
            saying = self._conversing.safe(language)
        return await self._kept(message, saying, language=saying.language)

    async def _kept(self, message: Waiting, saying: Saying, *, language: str) -> Waiting:
        now = self._chats.now()
        said = [part for one in saying.messages for part in self._parts(one, now=now)]
        answer = {"parts": [part.to_dict() for part in (*said, *saying.parts)]}
        await self._surely(partial(self._chats.keep_answer, message, answer, language=language))
        return replace(message, answer=answer)

    def _parts(self, message: Message, *, now: datetime) -> Sequence[Part]:
        return self._rendering.parts(message.model_dump(), now=now)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the answer that nobody waits for."""

        async def quietly() -> None:
            with suppress(DeliveryError):
                await work

        task = asyncio.create_task(quietly())
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _later(self, message: Waiting, error: DeliveryError) -> None:
        if self._chats.now() - message.received > GIVEN_UP_AFTER:
            logger.error("an answer was given up after a day: %s", error)
            await self._end(message)
            return
        wait = error.retry_after or min(
            FIRST_WAIT_SECONDS * 2 ** min(message.attempts, 6), LONGEST_WAIT_SECONDS
        )
        logger.warning("an answer is sent again in %.0f s: %s", wait, error)
        await self._again(message, seconds=wait)

    async def _again(self, message: Waiting, *, seconds: float) -> None:
        await self._surely(partial(self._chats.try_again, message, seconds=seconds))

    async def _end(self, message: Waiting, *, blocked: bool | None = None) -> None:
        await self._surely(partial(self._chats.finish, message, blocked=blocked))

    async def _surely(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write what only this process knows, however long the database is away."""
        while True:
            try:
                await write()
            except SQLAlchemyError as error:
                logger.error("database is away: %s", type(error).__name__)
                await asyncio.sleep(FIRST_WAIT_SECONDS)
            else:
                return
