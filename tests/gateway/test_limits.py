from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from chat_steps import open_chat, say
from gateway_servers import StandInForRasa

from bot.errors import ConfigurationError, LimitExceededError
from bot.gateway.limits import Limits, client_address
from bot.settings import Settings

Start = Callable[..., httpx.Client]


def test_a_burst_gets_the_safe_answer_and_is_asked_to_wait(
    start: Start, rasa: StandInForRasa
) -> None:
    gateway = start(limit_conversation="3/minute")
    token = open_chat(gateway)
    answers = [say(gateway, token, "help") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "110" in refused.json()["messages"][0]["text"]
    assert refused.json()["degraded"] is True
    assert "do" in refused.json()["error"]
    assert len(rasa.received) == 3


def test_a_full_conversation_does_not_stop_another(start: Start) -> None:
    gateway = start(limit_conversation="1/minute")
    first, second = open_chat(gateway), open_chat(gateway)
    assert say(gateway, first, "a").status_code == 200
    assert say(gateway, first, "b").status_code == 429
    assert say(gateway, second, "c").status_code == 200


def test_one_address_cannot_open_conversations_without_end(start: Start) -> None:
    gateway = start(limit_address="2/minute")
    codes = [gateway.post("/api/chat/conversations", json={}).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


def test_a_stranger_cannot_choose_his_address_by_a_header(start: Start) -> None:
    gateway = start(limit_address="2/minute")
    codes = [
        gateway.post(
            "/api/chat/conversations", json={}, headers={"x-forwarded-for": f"198.51.100.{n}"}
        ).status_code
        for n in range(3)
    ]
    assert codes == [201, 201, 429]


def test_a_trusted_proxy_names_the_customers_address(start: Start) -> None:
    gateway = start(limit_address="1/minute", trusted_proxies=("127.0.0.1",))
    codes = [
        gateway.post(
            "/api/chat/conversations", json={}, headers={"x-forwarded-for": address}
        ).status_code
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.9, 198.51.100.2")
    ]
    assert codes == [201, 201, 429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        (None, [], "unknown"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
    ],
)
def test_only_our_own_proxies_are_believed(
    peer: str | None, forwarded: list[str], expected: str
) -> None:
    assert client_address(peer, forwarded, trusted_proxies=["10.0.0.0/8"]) == expected


def test_a_refused_message_uses_nothing_up(settings: Settings) -> None:
    limits = Limits(settings.model_copy(update={"limit_address": "1/minute"}))
    limits.count_message(conversation="a", address="1")
    for _ in range(50):
        with pytest.raises(LimitExceededError):
            limits.count_message(conversation="b", address="1")
    limits.count_message(conversation="b", address="2")


def test_a_limit_that_cannot_be_read_is_named(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="SECONDVOICE_LIMIT_TOTAL"):
        Limits(settings.model_copy(update={"limit_total": "many"}))
