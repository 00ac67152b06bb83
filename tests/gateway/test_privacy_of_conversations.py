"""Nobody reads or writes another's conversation, and a limit never means silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from chat_steps import open_chat, say
from gateway_servers import StandInForRasa
from pushing import Pushing

from bot.errors import SignatureError
from bot.gateway.tokens import ConversationTokens
from bot.settings import Settings

Start = Callable[..., httpx.Client]
LIFE = timedelta(hours=1)


def tokens(*, key: str = "k", bank: str = "riverside", channel: str = "web") -> ConversationTokens:
    return ConversationTokens(
        key, bank=bank, channel=channel, life=LIFE, now=lambda: datetime.now(UTC)
    )


@pytest.mark.parametrize("other", [{"bank": "hillside"}, {"channel": "app"}, {"key": "other"}])
def test_a_token_of_another_bank_channel_or_key_names_no_conversation(
    other: dict[str, str],
) -> None:
    token, conversation = tokens().start("en")
    assert tokens().read(token).id == conversation.id
    with pytest.raises(SignatureError):
        tokens(**other).read(token)


def test_conversation_ids_have_128_random_bits() -> None:
    ids = {tokens().start("en")[1].id for _ in range(200)}
    assert len(ids) == 200
    assert {len(bytes.fromhex(one)) for one in ids} == {16}


def test_another_banks_token_is_refused_by_the_gateway(
    gateway: httpx.Client, settings: Settings, rasa: StandInForRasa
) -> None:
    foreign = ConversationTokens(
        settings.key("secret_key"), bank="hillside", life=LIFE, now=lambda: datetime.now(UTC)
    )
    token, _ = foreign.start("en")
    assert say(gateway, token, "hello").status_code == 401
    headers = {"authorization": f"Bearer {token}"}
    assert gateway.get("/api/chat/messages", headers=headers).status_code == 401
    assert rasa.received == []


def test_what_comes_to_one_chat_is_read_in_no_other(
    gateway: httpx.Client, settings: Settings
) -> None:
    mine, theirs = open_chat(gateway), open_chat(gateway)
    pushing = Pushing(settings)
    pushing.push(pushing.address(mine), "for me alone")

    def read(token: str) -> list[str]:
        headers = {"authorization": f"Bearer {token}"}
        answer = gateway.get("/api/chat/messages", headers=headers)
        return [message["text"] for message in answer.json()["messages"]]

    assert read(mine) == ["for me alone"]
    assert read(theirs) == []


def test_a_message_names_its_conversation_by_the_token_alone(
    gateway: httpx.Client, settings: Settings, rasa: StandInForRasa
) -> None:
    mine, theirs = open_chat(gateway), open_chat(gateway)
    victim = Pushing(settings).address(theirs)
    for field in ("sender", "address", "id"):
        assert say(gateway, mine, "hello", **{field: victim}).status_code == 422
    say(gateway, mine, "hello", headers={"x-conversation": victim})
    assert [message["sender"] for message in rasa.received] == [Pushing(settings).address(mine)]


@pytest.mark.parametrize(
    "limit", ["limit_conversation", "limit_address", "limit_bank", "limit_total"]
)
def test_at_every_limit_the_emergency_text_still_comes(start: Start, limit: str) -> None:
    gateway = start(**{limit: "2/minute"})
    token = open_chat(gateway)
    answers = [say(gateway, token, "help") for _ in range(3)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert "110" in refused.json()["messages"][0]["text"]
    assert int(refused.headers["retry-after"]) >= 1
