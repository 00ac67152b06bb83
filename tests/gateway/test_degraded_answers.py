from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from chat_steps import open_chat, say
from gateway_servers import StandInForRasa

from bot.bank import load_bank
from bot.counsel.static import safe_answer
from bot.gateway.rasa import SAFE_ANSWER_MARKER
from bot.settings import Settings

Start = Callable[..., httpx.Client]


def test_a_customer_has_the_safe_answer_within_three_seconds_when_rasa_is_down(
    start: Start, settings: Settings
) -> None:
    gateway = start(rasa_up=False)
    token = open_chat(gateway, language="zh")
    began = time.monotonic()
    answer = say(gateway, token, "在吗").json()
    assert time.monotonic() - began < 3
    assert answer["degraded"] is True
    assert answer["messages"][0]["text"] == safe_answer("zh", load_bank(settings.bank_file))
    assert "110" in answer["messages"][0]["text"]


def test_a_customer_has_the_safe_answer_within_three_seconds_when_rasa_is_slow(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.delay = 5
    token = open_chat(gateway)
    began = time.monotonic()
    answer = say(gateway, token, "hello").json()
    assert time.monotonic() - began < 3
    assert answer["degraded"] is True


def test_waiting_for_ones_turn_counts_into_the_three_seconds(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.delay = 5
    token = open_chat(gateway)

    def timed(number: int) -> float:
        began = time.monotonic()
        assert say(gateway, token, str(number)).json()["degraded"] is True
        return time.monotonic() - began

    with ThreadPoolExecutor(3) as pool:
        assert max(pool.map(timed, range(3))) < 3


@pytest.mark.parametrize(
    "entries",
    [[], {}, "text", [{"recipient_id": "x"}], [{"text": SAFE_ANSWER_MARKER}], [None, {"text": ""}]],
)
def test_an_answer_without_words_becomes_the_safe_answer(
    gateway: httpx.Client, rasa: StandInForRasa, entries: Any
) -> None:
    rasa.reply = lambda _: entries
    answer = say(gateway, open_chat(gateway), "hello").json()
    assert answer["degraded"] is True
    assert SAFE_ANSWER_MARKER not in answer["messages"][0]["text"]


def test_an_error_of_rasa_becomes_the_safe_answer(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.status = 500
    assert say(gateway, open_chat(gateway), "hello").json()["degraded"] is True


def test_rasa_is_asked_again_as_soon_as_it_is_back(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    token = open_chat(gateway)
    rasa.status = 503
    assert say(gateway, token, "hello").json()["degraded"] is True
    rasa.status = 200
    assert say(gateway, token, "hello").json()["degraded"] is False


def test_readiness_names_the_part_that_is_down(start: Start) -> None:
    gateway = start(rasa_up=False)
    assert gateway.get("/healthz").status_code == 200
    answer = gateway.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"rasa": "not ready", "database": "ready"}


def test_readiness_is_200_when_every_part_is_up(gateway: httpx.Client) -> None:
    assert gateway.get("/readyz").status_code == 200


def test_an_unmigrated_database_is_not_ready(start: Start, settings: Settings) -> None:
    gateway = start(database_url=f"sqlite:///{settings.var_dir / 'other.db'}")
    assert gateway.get("/readyz").json()["parts"]["database"] == "not ready"
