from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from gateway_servers import free_port, plain_server, running
from sqlalchemy.orm import Session

from bot.casework.database import make_engine, session_factory
from bot.gateway.whatsapp.service import WEBHOOK_PATH
from bot.settings import Settings
from tests.gateway.whatsapp.cloud_api import NUMBER_ID, SECRET, TOKEN, CloudApi

Begin = Callable[..., httpx.Client]


@pytest.fixture
def api() -> CloudApi:
    return CloudApi()


@pytest.fixture
def whatsapp_settings(api: CloudApi) -> Iterator[dict[str, Any]]:
    """What a bank sets that has a number at Meta's."""
    port = free_port()
    with running(plain_server(api.app, port)):
        yield {
            "whatsapp_token": TOKEN,
            "whatsapp_phone_number_id": NUMBER_ID,
            "whatsapp_app_secret": SECRET,
            "whatsapp_verify_token": "verify me",
            "whatsapp_api_url": f"http://127.0.0.1:{port}/v24.0",
        }


@pytest.fixture
def begin(start: Begin, api: CloudApi, whatsapp_settings: dict[str, Any]) -> Begin:
    """Start the gateway with WhatsApp and changed settings."""

    def begin_gateway(**changes: Any) -> httpx.Client:
        client = start(**{**whatsapp_settings, **changes})
        api.webhook = f"{str(client.base_url).rstrip('/')}{WEBHOOK_PATH}"
        return client

    return begin_gateway


@pytest.fixture
def whatsapp(begin: Begin) -> httpx.Client:
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
