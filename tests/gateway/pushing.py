"""Pushes messages into chats the way the worker does, into the gateway's own database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from bot.bank import load_bank
from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.casework.pushes import push
from bot.gateway.tokens import ConversationTokens
from bot.notify.chat import ChatNotifier
from bot.settings import Settings
from bot.worker import Worker


class Pushing:
    """Owes a message and lets a worker carry it.

    Args:
        settings: Where the database and the keys are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = count()

    def address(self, token: str) -> str:
        """The contact's address that a conversation token names."""
        key = self._settings.key("secret_key")
        life = timedelta(hours=self._settings.conversation_hours)
        bank = load_bank(self._settings.bank_file).key
        return ConversationTokens(key, bank=bank, life=life, now=_now).read(token).address

    def push(
        self,
        address: str,
        text: str,
        *,
        lang: str = "en",
        buttons: Sequence[str] = (),
        card: dict[str, Any] | None = None,
    ) -> None:
        """Push one message and wait until it is in the chat."""
        said = {"text": text, "lang": lang, "buttons": buttons, "card": card}
        with self._sessions() as sessions:
            with sessions.begin() as session:
                contact = contact_for(session, address, language=lang, now=_now())
                push(session, contact, dedupe_key=f"test:{next(self._keys)}", now=_now(), **said)
            chat = ChatNotifier(sessions)
            Worker(sessions, lambda _: chat, now=_now).run_once()

    @contextmanager
    def _sessions(self) -> Iterator[sessionmaker[Session]]:
        engine = make_engine(self._settings.effective_database_url)
        yield session_factory(engine)
        engine.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
