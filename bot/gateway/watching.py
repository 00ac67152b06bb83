"""Wakes the chats that listen: one query a moment finds out for all of them who has got news."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched

from anyio import to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.casework.database import reading_factory
from bot.casework.pushes import newest_pushed
from bot.errors import LimitExceededError

logger = logging.getLogger("secondvoice.gateway")

PER_CHAT = 4
"""Streams of one chat at once: a few tabs that were duplicated, and no more."""

FULL_RETRY_SECONDS = 30.0
_ADDRESSES_PER_QUERY = 500


class Listener:
    """One chat that listens.

    Args:
        address: The contact's address.
        after: Number of the last message that it knows.
    """

    def __init__(self, address: str, *, after: int) -> None:
        self.address = address
        self.after = after
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Let it look."""
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news; returns whether there may be some.

        Args:
            seconds: Longest wait.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Watching:
    """Looks for news on behalf of every chat of this process that listens.

    Args:
        engine: The casework database.
        seconds: Time between two looks.
        most: Chats that may listen at once.
    """

    def __init__(self, engine: Engine, *, seconds: float, most: int) -> None:
        self._sessions = reading_factory(engine)
        self._seconds = seconds
        self._most = most
        self._listeners: dict[str, set[Listener]] = {}
        self._count = 0
        self._task: asyncio.Task[None] | None = None
        self.closing = False

    @contextmanager
    def listening(self, address: str, *, after: int) -> Iterator[Listener]:
        """Listen for a chat as long as the block lasts.

        Args:
            address: The contact's address.
            after: Number of the last message that it knows.

        Raises:
            LimitExceededError: Too many listen already; the chat asks from time to time instead.
        """
        mine = self._listeners.get(address, set())
        if self._count >= self._most or len(mine) >= PER_CHAT:
            raise LimitExceededError("Too many chats listen.", retry_after=FULL_RETRY_SECONDS)
        listener = Listener(address, after=after)
        self._listeners.setdefault(address, mine).add(listener)
        self._count += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield listener
        finally:
            self._count -= 1
            mine.discard(listener)
            if not mine:
                self._listeners.pop(address, None)

    def close(self) -> None:
        """Let every chat go, so that the process can end; each of them comes back by itself."""
        self.closing = True
        self._wake_all()

    async def _watch(self) -> None:
        while self._listeners and not self.closing:
            await asyncio.sleep(self._seconds)
            try:
                for addresses in batched(tuple(self._listeners), _ADDRESSES_PER_QUERY):
                    self._tell(await to_thread.run_sync(self._newest, addresses))
            except SQLAlchemyError as error:
                logger.warning("news not looked for: %s", type(error).__name__)
                # Each stream looks for itself now, and ends where it cannot.
                self._wake_all()

    def _newest(self, addresses: tuple[str, ...]) -> dict[str, int]:
        with self._sessions() as session:
            return newest_pushed(session, addresses)

    def _tell(self, newest: dict[str, int]) -> None:
        for address, number in newest.items():
            for listener in self._listeners.get(address, ()):
                if number > listener.after:
                    listener.wake()

    def _wake_all(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.wake()
