"""Keep the messages of one conversation in order while conversations run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import LimitExceededError


class Turnstile:
    """Lets one message of a conversation through at a time, first come, first served.

    Args:
        longest_queue: Messages of one conversation that may wait or be answered at once.
    """

    def __init__(self, *, longest_queue: int = 8) -> None:
        self._longest_queue = longest_queue
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        """Wait for this conversation's turn and hold it.

        Raises:
            LimitExceededError: Too many messages of this conversation wait already.
        """
        users = self._users.get(conversation, 0)
        if users >= self._longest_queue:
            raise LimitExceededError("Too many messages wait in this conversation.", retry_after=2)
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] = users + 1
        try:
            async with lock:
                yield
        finally:
            self._leave(conversation)

    def __len__(self) -> int:
        return len(self._locks)

    def _leave(self, conversation: str) -> None:
        """Forget a conversation that nobody waits for, or the memory would grow for ever."""
        self._users[conversation] -= 1
        if not self._users[conversation]:
            del self._users[conversation], self._locks[conversation]
