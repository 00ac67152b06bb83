"""The webhook: only Telegram is heard, what it brings is kept before it is told so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from gateway_servers import StandInForRasa

from bot.errors import ConfigurationError
from bot.gateway.app import create_app
from bot.gateway.telegram.service import WEBHOOK_PATH
from bot.settings import Settings
from tests.gateway.telegram.bot_api import TOKEN, BotApi
from tests.gateway.telegram.test_telegram_outages import without_table

Start = Callable[..., httpx.Client]


@pytest.fixture
def gateway(start: Start, api: BotApi, api_url: str) -> httpx.Client:
    client = start(telegram_token=TOKEN, telegram_api_url=api_url, telegram_mode="webhook")
    api.until(lambda: api.webhook)
    return client


@pytest.mark.usefixtures("gateway")
def test_telegram_is_told_where_to_call_with_a_secret_and_for_what(
    api: BotApi, settings: Settings
) -> None:
    assert api.webhook["url"] == f"http://127.0.0.1:{settings.port}{WEBHOOK_PATH}"
    assert len(api.webhook["secret_token"]) >= 32
    assert "channel_post" not in api.webhook["allowed_updates"]


@pytest.mark.usefixtures("gateway")
def test_a_message_is_answered_once_however_often_it_is_brought(
    api: BotApi, rasa: StandInForRasa
) -> None:
    update = api.say("they want my money")
    assert [api.call_webhook(update).status_code for _ in range(3)] == [200, 200, 200]
    api.until_sent(1)
    api.call_webhook(api.say("ok then"))
    api.until_sent(2)
    assert [body["message"] for body in rasa.received] == ["they want my money", "ok then"]


@pytest.mark.parametrize("secret", ["", "x", "é", None])
def test_nobody_else_is_heard(
    gateway: httpx.Client, api: BotApi, rasa: StandInForRasa, secret: str | None
) -> None:
    headers = (
        {"X-Telegram-Bot-Api-Secret-Token": secret.encode("latin-1")} if secret is not None else {}
    )
    answer = gateway.post(WEBHOOK_PATH, json=api.say("forged"), headers=headers)
    assert answer.status_code == 401
    assert rasa.received == []


@pytest.mark.usefixtures("gateway")
def test_a_long_forwarded_message_in_escapes_is_taken_although_people_may_send_less(
    api: BotApi,
) -> None:
    quoted = api.say("骗" * 3900)["message"]
    update = api.say("骗" * 3900, reply_to_message=quoted)
    import json

    assert len(json.dumps(update)) > 32_768
    raw = httpx.post(
        api.webhook["url"],
        content=json.dumps(update),
        headers={"X-Telegram-Bot-Api-Secret-Token": api.webhook["secret_token"]},
        trust_env=False,
    )
    assert raw.status_code == 200
    api.until_sent(1)


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("update", [{}, [], {"update_id": "x"}, {"update_id": 1, "message": {}}])
def test_what_cannot_be_read_is_not_asked_for_again(api: BotApi, update: Any) -> None:
    assert api.call_webhook(update).status_code == 200


@pytest.mark.usefixtures("gateway")
def test_what_cannot_be_kept_is_asked_for_again(api: BotApi, settings: Settings) -> None:
    update = api.say("hold on")
    with without_table(settings, "received_messages"):
        assert api.call_webhook(update).status_code == 503
    assert api.call_webhook(update).status_code == 200
    api.until_sent(1)


def test_without_a_token_there_is_no_such_address(start: Start) -> None:
    assert start().post(WEBHOOK_PATH, json={}).status_code == 404


def test_by_polling_the_gateway_takes_no_calls(start: Start, api_url: str) -> None:
    gateway = start(telegram_token=TOKEN, telegram_api_url=api_url)
    assert gateway.post(WEBHOOK_PATH, json={}).status_code == 404


def test_an_address_that_telegram_would_not_call_is_refused_at_the_start(
    settings: Settings,
) -> None:
    wrong = settings.model_copy(update={"telegram_token": TOKEN, "telegram_mode": "webhook"})
    with pytest.raises(ConfigurationError, match="https addresses only"):
        create_app(wrong)
