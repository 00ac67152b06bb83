"""What is kept of a messenger's chats, asked for beside the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import messenger_chats, received
from bot.casework.received import Waiting
from bot.errors import SecondVoiceError
from bot.gateway.channels import Heard, MessengerTalk
from bot.gateway.customers import Customers

logger = logging.getLogger("secondvoice.messengers")

LEASE = timedelta(seconds=30)
"""Longer than one step of an answer takes; it is renewed with each."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True)
class Chats:
    """Reads and writes the chats; every method runs in a thread of its own.

    Args:
        scheme: The messenger: what its addresses begin with.
        sessions: Makes sessions on the migrated database.
        reading: Makes sessions that wait for no writer.
        customers: Notes who came with a contact card.
        now: The clock, aware.
        kept_for: How long the key of an answered message is known.
    """

    scheme: str
    sessions: sessionmaker[Session]
    reading: sessionmaker[Session]
    customers: Customers
    now: Callable[[], datetime]
    kept_for: timedelta = received.KEPT_FOR

    async def keep(self, heard: Sequence[Heard]) -> int:
        """Keep what was heard, each once; returns how many are new."""

        def keep(session: Session, now: datetime) -> int:
            return sum(
                received.keep(
                    session,
                    self.scheme,
                    [(one.key, one.address, one.to_dict())],
                    now=_written(one, now),
                )
                for one in heard
            )

        return await self._write(keep)

    async def last_heard(self, address: str) -> datetime | None:
        """Return when the customer wrote last; None where that is long ago."""

        def read() -> datetime | None:
            with self.reading() as session:
                return received.last_heard(session, self.scheme, address)

        return await to_thread.run_sync(read)

    async def claim(self, *, limit: int, but: set[int]) -> list[Waiting]:
        """Claim the next message of each chat."""

        def waits() -> bool:
            with self.reading() as session:
                return received.something_waits(session, self.scheme, now=self.now())

        if not await to_thread.run_sync(waits):
            return []
        return await self._write(
            lambda session, now: received.claim(
                session, self.scheme, now=now, lease=LEASE, limit=limit, but=but
            )
        )

    async def language(self, address: str) -> str | None:
        """Return the language last spoken in a chat; None for a new one."""

        def read() -> str | None:
            with self.reading() as session:
                return messenger_chats.language_of_chat(session, address)

        return await to_thread.run_sync(read)

    async def hear(self, heard: Any, *, language: str) -> tuple[bool, int | None]:
        """Note that the customer has spoken, as ``note_heard`` does.

        Where the messenger does not number its messages, the moment in milliseconds is the number.
        """
        return await self._write(
            lambda session, now: messenger_chats.note_heard(
                session,
                heard["address"],
                key=heard["key"],
                number=heard["detail"].get("number", milliseconds(now)),
                pressed=heard["kind"] == "press",
                language=language,
                now=now,
            )
        )

    async def keep_answer(self, message: Waiting, answer: dict[str, Any], *, language: str) -> None:
        """Keep what is answered before it is sent, and the language of the chat with it."""

        def keep(session: Session, now: datetime) -> None:
            if language:
                messenger_chats.note_language(session, message.address, language=language, now=now)
            received.keep_answer(session, message.id, answer, until=now + LEASE)

        await self._write(keep)

    async def note_sent(self, message: Waiting, sent: int, *, keyboard: int | None) -> None:
        """Note that one more part has been sent, and its number where it has buttons."""

        def note(session: Session, now: datetime) -> None:
            received.note_sent(session, message.id, sent, until=now + LEASE)
            if keyboard is not None:
                messenger_chats.note_keyboard(session, message.address, number=keyboard, now=now)

        await self._write(note)

    async def try_again(self, message: Waiting, *, seconds: float) -> None:
        """Try the answer again later."""
        await self._write(
            lambda session, now: received.try_again(
                session,
                message.id,
                attempts=message.attempts + 1,
                due=now + timedelta(seconds=seconds),
            )
        )

    async def finish(self, message: Waiting, *, blocked: bool | None = None) -> None:
        """End a message; ``blocked`` says whether its chat is known to be closed or open now."""

        def end(session: Session, now: datetime) -> None:
            if blocked:
                messenger_chats.note_blocked(session, message.address, now=now)
            elif blocked is False:
                messenger_chats.note_reachable(session, message.address)
            left = _leaves_question(message.body)
            if left is None:
                left = received.question_left(session, self.scheme, message)
            received.finish(session, message.id, now=now, question_left=left)

        await self._write(end)

    async def question_left(self, message: Waiting) -> bool:
        """Tell whether the customer had left the last question when he wrote a message."""

        def read() -> bool:
            with self.reading() as session:
                return received.question_left(session, self.scheme, message)

        return await to_thread.run_sync(read)

    async def name_by_card(self, talk: MessengerTalk, token: str) -> bool:
        """Note that the chat was opened with a contact card; returns whether the card is good.

        Raises:
            UnavailableError: The database cannot be reached; the command is answered later.
        """
        return await to_thread.run_sync(self.customers.bind_card, talk, token)

    async def stop(self, address: str) -> str:
        """Write no more by ourselves; returns the key of what is said about it."""
        try:
            told = await self._write(
                lambda session, now: messenger_chats.stop_chat(session, address, now=now)
            )
        except (SQLAlchemyError, SecondVoiceError) as error:
            logger.error("a chat was not stopped: %s", type(error).__name__)
            return "not_stopped"
        return "stopped" if told else "stopped_quietly"

    async def resume(self, address: str) -> bool:
        """Let messages come again where they had been stopped."""
        return await self._write(
            lambda session, now: messenger_chats.resume_chat(session, address, now=now)
        )

    async def tidy(self, *, alone: bool) -> None:
        """Forget what is old; where this is the only process, free what a dead one has claimed."""

        def work(session: Session, now: datetime) -> None:
            received.forget_old(session, self.scheme, now=now, kept_for=self.kept_for)
            if alone:
                received.release_all(session, self.scheme)

        await self._write(work)

    async def _write(self, work: Callable[[Session, datetime], _Result]) -> _Result:
        def run() -> _Result:
            with self.sessions.begin() as session:
                return work(session, self.now())

        return await to_thread.run_sync(run)


def milliseconds(moment: datetime) -> int:
    """Return a moment as the number of a message, where the messenger itself gives none."""
    return int(moment.timestamp() * 1000)


def _leaves_question(heard: Mapping[str, Any]) -> bool | None:
    """Tell whether a message leaves the last question; None where it leaves things as they were."""
    if heard["kind"] == "command" and heard["detail"].get("name") == "cancel":
        return True
    return False if heard["kind"] in ("text", "press") else None


def _written(heard: Heard, now: datetime) -> datetime:
    """Return when the customer wrote, where the messenger says so: it may bring it much later."""
    written = heard.detail.get("written")
    return now if written is None else min(now, datetime.fromtimestamp(written, tz=UTC))
