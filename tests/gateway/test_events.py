"""The stream of what comes by itself: each message once, in order, to its own chat only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import httpx
import pytest
from chat_steps import open_chat
from pushing import Pushing

from bot.settings import Settings

Start = Callable[..., httpx.Client]


@pytest.fixture
def pushing(settings: Settings) -> Pushing:
    return Pushing(settings)


def events(gateway: httpx.Client, token: str, *, after: int | None = None) -> Iterator[Any]:
    """Yield the messages of a stream as they come, and None for each sign of life."""
    headers = {"authorization": f"Bearer {token}"}
    if after is not None:
        headers["last-event-id"] = str(after)
    with gateway.stream("GET", "/api/chat/events", headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        number = 0
        for line in answer.iter_lines():
            if line.startswith(":"):
                yield None
            if line.startswith("id: "):
                number = int(line[4:])
            if line.startswith("data: "):
                yield number, httpx.Response(200, text=line[6:]).json()["text"]


def status(gateway: httpx.Client, token: str, **headers: str) -> int:
    given = {"authorization": f"Bearer {token}", **headers}
    with gateway.stream("GET", "/api/chat/events", headers=given) as answer:
        return answer.status_code


def test_what_is_pushed_while_the_chat_listens_comes_at_once_and_in_order(
    start: Start, pushing: Pushing
) -> None:
    gateway = start(stream_seconds=0.1)
    token = open_chat(gateway)
    to = pushing.address(token)
    pushing.push(to, "before")
    stream = events(gateway, token)
    assert next(stream) is None
    assert next(stream)[1] == "before"
    pushing.push(to, "first")
    pushing.push(to, "second")
    assert [one[1] for one in islice(stream, 2)] == ["first", "second"]


def test_who_comes_back_gets_what_came_since_and_nothing_twice(
    start: Start, pushing: Pushing
) -> None:
    gateway = start(stream_seconds=0.1)
    token = open_chat(gateway)
    to = pushing.address(token)
    for text in ("one", "two"):
        pushing.push(to, text)
    stream = events(gateway, token)
    known = next(one[0] for one in islice(stream, 1, 3))
    stream.close()
    pushing.push(to, "three")
    again = events(gateway, token, after=known)
    assert [one[1] for one in islice(again, 1, 3)] == ["two", "three"]


def test_who_has_missed_more_than_one_answer_holds_gets_all_of_it(
    start: Start, pushing: Pushing
) -> None:
    gateway = start(stream_seconds=0.1)
    token = open_chat(gateway)
    to = pushing.address(token)
    for number in range(52):
        pushing.push(to, str(number))
    got = [one[1] for one in islice(events(gateway, token), 1, 53)]
    assert got == [str(number) for number in range(52)]


def test_nobody_hears_the_messages_of_another_chat(start: Start, pushing: Pushing) -> None:
    gateway = start(stream_seconds=0.1)
    mine, other = open_chat(gateway), open_chat(gateway)
    stream = events(gateway, mine)
    assert next(stream) is None
    pushing.push(pushing.address(other), "for the other")
    pushing.push(pushing.address(mine), "for me")
    assert next(stream)[1] == "for me"


@pytest.mark.parametrize("token", ["x", "x" * 5000])
def test_without_the_conversations_token_there_is_no_stream(
    gateway: httpx.Client, token: str
) -> None:
    assert status(gateway, token) == 401


@pytest.mark.parametrize("number", ["-1", "x", str(2**31)])
def test_a_number_that_is_none_is_refused(gateway: httpx.Client, number: str) -> None:
    assert status(gateway, open_chat(gateway), **{"last-event-id": number}) == 422


def test_where_too_many_listen_the_next_one_is_sent_away_and_places_come_free_again(
    start: Start,
) -> None:
    gateway = start(streams=1, stream_seconds=0.1)
    first, second = open_chat(gateway), open_chat(gateway)
    stream = events(gateway, first)
    next(stream)
    assert status(gateway, second) == 429
    stream.close()
    assert any(status(gateway, second) == 200 for _ in range(20))


def test_one_chat_cannot_take_all_places(start: Start) -> None:
    gateway = start(stream_seconds=0.1)
    token = open_chat(gateway)
    streams = [events(gateway, token) for _ in range(4)]
    for stream in streams:
        next(stream)
    assert status(gateway, token) == 429
    assert status(gateway, open_chat(gateway)) == 200


def test_a_stream_ends_with_its_conversation(start: Start, pushing: Pushing) -> None:
    clock = [datetime.now(UTC)]
    gateway = start(now=lambda: clock[0], stream_seconds=0.1)
    token = open_chat(gateway)
    stream = events(gateway, token)
    next(stream)
    clock[0] += timedelta(hours=49)
    pushing.push(pushing.address(token), "too late")
    assert list(stream) == []


def test_an_absent_store_is_said_so(start: Start, settings: Settings) -> None:
    gateway = start()
    token = open_chat(gateway)
    for file in settings.var_dir.glob("secondvoice.db*"):
        file.unlink()
    assert status(gateway, token) == 503


def test_the_gateway_ends_without_waiting_for_those_who_listen(settings: Settings) -> None:
    from gateway_servers import running

    from bot.gateway.app import create_app
    from bot.gateway.server import make_server

    ended = threading.Event()
    server = make_server(create_app(settings), settings)
    with (
        running(server),
        httpx.Client(
            base_url=f"http://127.0.0.1:{settings.port}", timeout=15, trust_env=False
        ) as client,
    ):
        stream = events(client, open_chat(client))
        next(stream)
        server.should_exit = True
        # It ends long before the next sign of life would have come.
        assert list(stream) == []
        ended.set()
    assert ended.is_set()
