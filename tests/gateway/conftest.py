from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_servers import StandInForRasa, free_port, plain_server, running

from bot.casework.database import make_engine, migrate, session_factory
from bot.demo import load_demo
from bot.gateway.app import create_app
from bot.gateway.server import make_server
from bot.settings import Settings

Start = Callable[..., httpx.Client]


@pytest.fixture
def rasa() -> StandInForRasa:
    return StandInForRasa()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(_env_file=None, var_dir=tmp_path, rasa_port=free_port(), port=free_port())
    migrate(settings.effective_database_url)
    engine = make_engine(settings.effective_database_url)
    with session_factory(engine).begin() as session:
        load_demo(session)
    engine.dispose()
    return settings


@pytest.fixture
def start(settings: Settings, rasa: StandInForRasa) -> Iterator[Start]:
    """Start the gateway with changed settings; ``rasa_up=False`` leaves nobody at Rasa's port."""
    with ExitStack() as stack:

        def start_gateway(*, rasa_up: bool = True, now: Any = None, **changes: Any) -> httpx.Client:
            changed = settings.model_copy(update=changes)
            if rasa_up:
                stack.enter_context(running(plain_server(rasa.app, changed.rasa_port)))
            app = create_app(changed, now=now or (lambda: datetime.now(UTC)))
            stack.enter_context(running(make_server(app, changed)))
            return stack.enter_context(
                httpx.Client(
                    base_url=f"http://127.0.0.1:{changed.port}", timeout=15, trust_env=False
                )
            )

        yield start_gateway


@pytest.fixture
def gateway(start: Start) -> httpx.Client:
    return start()
