from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from gateway_servers import StandInForRasa, free_port, plain_server, running
from sqlalchemy.orm import Session

from bot.casework.database import make_engine, session_factory
from bot.gateway.telegram.service import Telegram
from bot.gateway.wiring import wire
from bot.settings import Settings
from tests.gateway.telegram.bot_api import TOKEN, BotApi

Begin = Callable[..., "Running"]


class Running:
    """Telegram's process, run in a thread with real settings."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime]) -> None:
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(settings, now), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Tell it to end, and wait until it has."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(15)
            assert not self._thread.is_alive(), "It did not end."

    def _run(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._loop.run_until_complete(self._serve(settings, now))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _serve(self, settings: Settings, now: Callable[[], datetime]) -> None:
        gateway = wire(settings, now=now, checks=False)
        try:
            await Telegram(gateway).poll(self._stop)
        finally:
            await gateway.close()


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
def api_url(api: BotApi) -> Iterator[str]:
    port = free_port()
    with running(plain_server(api.app, port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def with_token(settings: Settings, api_url: str) -> Settings:
    """The settings of a bank with a bot."""
    return settings.model_copy(update={"telegram_token": TOKEN, "telegram_api_url": api_url})


@pytest.fixture
def begin(with_token: Settings, rasa: StandInForRasa) -> Iterator[Begin]:
    """Start Telegram with changed settings; ``rasa_up=False`` leaves nobody at Rasa's port."""
    with ExitStack() as stack:
        served: list[int] = []

        def begin_telegram(*, rasa_up: bool = True, now: Any = None, **changes: Any) -> Running:
            settings = with_token.model_copy(update=changes)
            if rasa_up and not served:
                served.append(settings.rasa_port)
                stack.enter_context(running(plain_server(rasa.app, settings.rasa_port)))
            one = Running(settings, now=now or (lambda: datetime.now(UTC)))
            stack.callback(one.end)
            return one

        yield begin_telegram


@pytest.fixture
def telegram(begin: Begin) -> Running:
    return begin()


@pytest.fixture
def database(settings: Settings) -> Callable[[], Any]:
    """Opens a session on the database that the parts use."""

    @contextmanager
    def open_session() -> Iterator[Session]:
        engine = make_engine(settings.effective_database_url)
        try:
            with session_factory(engine).begin() as session:
                yield session
        finally:
            engine.dispose()

    return open_session
