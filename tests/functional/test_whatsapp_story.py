"""WhatsApp through the whole product: a story is recognised, and a question can be left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.casework.cases import find_open_case
from bot.casework.models import ReceivedMessage
from bot.gateway.whatsapp.service import WEBHOOK_PATH
from tests.functional.running_stack import Stack, running_stack
from tests.gateway.gateway_servers import plain_server, running
from tests.gateway.whatsapp.cloud_api import NUMBER_ID, SECRET, TOKEN, CloudApi, Sent

TELLING = "A man says my credit card owes 380,000 and the bank will sue me today"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, CloudApi]]:
    api = CloudApi()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    changes: dict[str, Any] = {
        "whatsapp_token": TOKEN,
        "whatsapp_phone_number_id": NUMBER_ID,
        "whatsapp_app_secret": SECRET,
        "whatsapp_api_url": f"http://127.0.0.1:{port}/v24.0",
    }
    with (
        running(plain_server(api.app, port)),
        running_stack(tmp_path_factory.mktemp("whatsapp"), **changes) as one,
    ):
        api.webhook = f"http://127.0.0.1:{one.settings.port}{WEBHOOK_PATH}"
        yield one, api


def say(stack: Stack, api: CloudApi, text: str, *, sender: str) -> list[Sent]:
    """Write, and wait until the whole answer has come."""
    before, done = len(api.sent(to=sender)), len(answered(stack, sender))
    api.call(api.say(text, sender=sender))
    api.until(lambda: len(answered(stack, sender)) > done, seconds=30)
    return api.sent(to=sender)[before:]


def answered(stack: Stack, sender: str) -> list[int]:
    with stack.reading() as session:
        rows = select(ReceivedMessage.id).where(
            ReceivedMessage.address == f"whatsapp:{sender}", ReceivedMessage.done.is_not(None)
        )
        return list(session.scalars(rows))


def test_a_story_is_recognised_and_the_next_demand_foretold(stack: tuple[Stack, CloudApi]) -> None:
    one, api = stack
    answer = say(one, api, TELLING, sender="15550100001")
    assert "sue" in "\n".join(part.text for part in answer)


def test_a_bare_yes_answers_the_last_question_unless_it_was_left(
    stack: tuple[Stack, CloudApi],
) -> None:
    one, api = stack
    exposures = {}
    for sender, left in (("15550100002", False), ("15550100003", True)):
        say(one, api, TELLING, sender=sender)
        if left:
            say(one, api, "/cancel", sender=sender)
        say(one, api, "yes", sender=sender)
        with one.reading() as session:
            case = find_open_case(session, f"whatsapp:{sender}")
            exposures[left] = case.exposure if case else ""
    assert exposures == {False: "engaged", True: "contacted"}
