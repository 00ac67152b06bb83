"""The documentation's example verifies what we send, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from bot.notify import Message
from bot.notify.webhook import Webhook, WebhookNotifier
from bot.settings import PROJECT_ROOT
from tests.notify.receiver import Received, receiving

KEY = "k" * 32
MESSAGE = Message(dedupe_key="a", recipient="M-01", subject="s", text="钱已转出")
Verify = Callable[[CaseInsensitiveDict[str], bytes, str], bool]


@pytest.fixture(scope="module")
def verify() -> Verify:
    page = (PROJECT_ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/delivery.md", "exec"), names)  # noqa: S102  # our own page
    found: Verify = names["is_from_second_voice"]
    return found


@pytest.fixture
def sent() -> Iterator[Callable[[datetime], Received]]:
    with receiving() as receiver:
        webhook = Webhook(
            name="a", url=receiver.url, key=KEY, networks=(ip_network("127.0.0.0/8"),)
        )

        def send(now: datetime) -> Received:
            WebhookNotifier(webhook, now=lambda: now).send(MESSAGE)
            return receiver.received[-1]

        yield send


def headers(request: Received) -> CaseInsensitiveDict[str]:
    return CaseInsensitiveDict(request.headers)


def test_a_request_of_ours_is_genuine(verify: Verify, sent: Callable[[datetime], Received]) -> None:
    request = sent(datetime.now(UTC))
    assert verify(headers(request), request.body, KEY)


def test_a_changed_body_an_other_key_and_a_missing_header_are_refused(
    verify: Verify, sent: Callable[[datetime], Received]
) -> None:
    request = sent(datetime.now(UTC))
    assert not verify(headers(request), request.body + b" ", KEY)
    assert not verify(headers(request), request.body, "x" * 32)
    assert not verify(CaseInsensitiveDict(), request.body, KEY)


def test_a_request_that_was_recorded_and_played_again_later_is_refused(
    verify: Verify, sent: Callable[[datetime], Received]
) -> None:
    request = sent(datetime.now(UTC) - timedelta(minutes=6))
    assert not verify(headers(request), request.body, KEY)


def test_a_timestamp_that_was_made_younger_is_refused(
    verify: Verify, sent: Callable[[datetime], Received]
) -> None:
    request = sent(datetime.now(UTC) - timedelta(minutes=6))
    younger = headers(request)
    younger["X-SecondVoice-Timestamp"] = str(int(datetime.now(UTC).timestamp()))
    assert not verify(younger, request.body, KEY)
