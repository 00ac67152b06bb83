"""The chat fetches what came by itself: its own messages, in order, with the right token only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from chat_steps import open_chat, say
from pushing import Pushing

from bot.settings import Settings

Start = Callable[..., httpx.Client]


def fetch(gateway: httpx.Client, token: str, after: int | str = 0, **more: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
    return gateway.get("/api/chat/messages", params={"after": after}, headers=headers, **more)


@pytest.fixture
def pushing(settings: Settings) -> Pushing:
    return Pushing(settings)


def test_what_was_pushed_is_fetched_once_in_order_with_buttons_card_and_language(
    gateway: httpx.Client, pushing: Pushing
) -> None:
    token = open_chat(gateway)
    address = pushing.address(token)
    card = {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011"}
    pushing.push(address, "Are you all right?", buttons=["I am fine"])
    pushing.push(address, "周敏已看到。", lang="zh", card=card)
    first, second = fetch(gateway, token).json()["messages"]
    assert (first["text"], first["lang"]) == ("Are you all right?", "en")
    assert first["buttons"] == [{"title": "I am fine"}]
    assert (second["lang"], second["card"], second["buttons"]) == ("zh", card, [])
    assert first["id"] < second["id"]
    assert datetime.fromisoformat(first["at"]).tzinfo is not None
    assert fetch(gateway, token, first["id"]).json()["messages"] == [second]
    assert fetch(gateway, token, second["id"]).json() == {"messages": [], "more": False}


def test_a_chat_that_has_said_nothing_yet_has_no_messages(gateway: httpx.Client) -> None:
    assert fetch(gateway, open_chat(gateway)).json() == {"messages": [], "more": False}


def test_nobody_reads_the_messages_of_another_chat(gateway: httpx.Client, pushing: Pushing) -> None:
    mine, other = open_chat(gateway), open_chat(gateway)
    pushing.push(pushing.address(other), "for the other")
    assert fetch(gateway, mine).json()["messages"] == []


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic x", "Bearer " + "x" * 5000, "Bearer é"]
)
def test_without_the_conversations_token_nothing_is_told(
    gateway: httpx.Client, header: str
) -> None:
    headers = {"authorization": header.encode("latin-1")} if header else {}
    answer = gateway.get("/api/chat/messages", headers=headers)
    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"what", "do"}


def test_a_token_in_the_address_counts_for_nothing(gateway: httpx.Client) -> None:
    params = {"conversation": open_chat(gateway), "token": open_chat(gateway)}
    assert gateway.get("/api/chat/messages", params=params).status_code == 401


def test_an_expired_token_is_refused(start: Start) -> None:
    clock = [datetime.now(UTC)]
    gateway = start(now=lambda: clock[0])
    token = open_chat(gateway)
    clock[0] += timedelta(hours=49)
    assert fetch(gateway, token).status_code == 401


@pytest.mark.parametrize("after", ["-1", "x", str(2**31), "1.5"])
def test_a_number_that_is_none_is_refused(gateway: httpx.Client, after: str) -> None:
    assert fetch(gateway, open_chat(gateway), after).status_code == 422


def test_who_has_missed_many_is_told_that_there_are_more(
    gateway: httpx.Client, pushing: Pushing
) -> None:
    token = open_chat(gateway)
    address = pushing.address(token)
    for number in range(51):
        pushing.push(address, str(number))
    answer = fetch(gateway, token).json()
    assert (len(answer["messages"]), answer["more"]) == (50, True)
    rest = fetch(gateway, token, answer["messages"][-1]["id"]).json()
    assert ([one["text"] for one in rest["messages"]], rest["more"]) == (["50"], False)


def test_looking_too_often_is_refused_and_uses_up_no_message(start: Start) -> None:
    gateway = start(limit_polls="3/minute", limit_conversation="1/minute")
    token = open_chat(gateway)
    codes = [fetch(gateway, token).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert 1 <= int(fetch(gateway, token).headers["retry-after"]) <= 60
    assert say(gateway, token, "help").status_code == 200
    assert fetch(gateway, open_chat(gateway)).status_code == 200


def test_one_address_cannot_look_without_end(start: Start) -> None:
    gateway = start(limit_polls_address="2/minute")
    codes = [fetch(gateway, open_chat(gateway)).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_store_that_is_away_is_said_so_and_the_talk_goes_on(
    start: Start, settings: Settings
) -> None:
    gateway = start()
    token = open_chat(gateway)
    for file in settings.var_dir.glob("secondvoice.db*"):
        file.unlink()
    assert fetch(gateway, token).status_code == 503
    assert say(gateway, token, "help").json()["degraded"] is False


def test_what_came_is_kept_by_no_cache(gateway: httpx.Client) -> None:
    assert fetch(gateway, open_chat(gateway)).headers["cache-control"] == "no-store"
