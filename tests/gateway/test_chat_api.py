from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from chat_steps import open_chat, say
from gateway_servers import StandInForRasa
from sqlalchemy import select

from bot.casework.database import make_engine, session_factory
from bot.casework.models import Contact
from bot.gateway.tokens import ConversationTokens, CustomerTokens
from bot.settings import Settings

Start = Callable[..., httpx.Client]


def test_a_message_gets_rasas_answer_with_buttons_card_and_page(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    card = {"kind": "manager", "name": "Zhou Min", "mobile": "+86 101 0000 0011"}
    rasa.reply = lambda _: [
        {"text": "Are you on the phone?", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
        {"custom": {"card": card, "lang": "en", "link": "https://bank.example/report/x"}},
    ]
    answer = say(gateway, open_chat(gateway), "Somebody called").json()
    assert answer["degraded"] is False
    assert answer["messages"] == [
        {
            "text": "Are you on the phone?",
            "lang": "en",
            "buttons": [{"title": "Yes"}],
            "card": card,
            "link": "https://bank.example/report/x",
        }
    ]


def test_rasa_is_told_a_contact_address_that_we_chose(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    say(gateway, open_chat(gateway, language="zh"), "你好")
    assert rasa.received[0]["sender"].startswith("web:")
    assert len(rasa.received[0]["sender"]) == len("web:") + 32
    assert rasa.received[0]["metadata"] == {"language": "zh"}


def test_a_conversation_begins_with_a_greeting_in_its_language(gateway: httpx.Client) -> None:
    started = gateway.post("/api/chat/conversations", json={"language": "zh"}).json()
    assert started["language"] == "zh"
    assert started["identified"] is False
    assert started["messages"][0]["lang"] == "zh"
    assert len(started["messages"][0]["buttons"]) == 3


@pytest.mark.parametrize("forgery", ["", "x", "eyJpZCI6ImEifQ.aaaa.bbbb"])
def test_a_forged_conversation_token_is_refused(gateway: httpx.Client, forgery: str) -> None:
    answer = say(gateway, forgery, "hello")
    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"what", "do"}


def test_a_changed_conversation_token_is_refused(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    token = open_chat(gateway)
    payload, stamp, signature = token.rsplit(".", 2)
    changed = payload[:-1] + ("A" if payload[-1] != "A" else "B")
    assert say(gateway, f"{changed}.{stamp}.{signature}", "hello").status_code == 401
    assert rasa.received == []


def test_an_expired_conversation_token_is_refused_in_the_customers_language(start: Start) -> None:
    clock = [datetime.now(UTC)]
    gateway = start(now=lambda: clock[0])
    token = open_chat(gateway)
    clock[0] += timedelta(hours=49)
    answer = say(gateway, token, "在吗", language="zh")
    assert answer.status_code == 401
    assert "失效" in answer.json()["error"]["what"]


def test_a_customer_token_is_no_conversation_token(
    gateway: httpx.Client, settings: Settings
) -> None:
    tokens = CustomerTokens(
        settings.key("secret_key"), life=timedelta(hours=1), now=lambda: datetime.now(UTC)
    )
    assert say(gateway, tokens.sign("C-1001"), "hello").status_code == 401


def test_a_signed_customer_is_bound_to_the_contact(
    gateway: httpx.Client, settings: Settings, rasa: StandInForRasa
) -> None:
    tokens = CustomerTokens(
        settings.key("bank_key"), life=timedelta(hours=1), now=lambda: datetime.now(UTC)
    )
    body = {"language": "zh", "customer_token": tokens.sign("C-1001")}
    started = gateway.post("/api/chat/conversations", json=body).json()
    assert started["identified"] is True
    say(gateway, started["conversation"], "你好")
    engine = make_engine(settings.effective_database_url)
    with session_factory(engine)() as session:
        contact = session.scalars(
            select(Contact).where(Contact.address == rasa.received[0]["sender"])
        ).one()
        assert contact.customer is not None
        assert contact.customer.code == "C-1001"
    engine.dispose()


def test_a_forged_customer_token_is_refused_and_never_ignored(gateway: httpx.Client) -> None:
    forged = CustomerTokens("other key", life=timedelta(hours=1), now=lambda: datetime.now(UTC))
    body = {"customer_token": forged.sign("C-1001")}
    answer = gateway.post("/api/chat/conversations", json=body)
    assert answer.status_code == 401
    assert "login" in answer.json()["error"]["what"]


def test_an_expired_customer_token_is_refused(start: Start, settings: Settings) -> None:
    later = datetime.now(UTC) + timedelta(minutes=61)
    gateway = start(now=lambda: later)
    tokens = CustomerTokens(
        settings.key("bank_key"), life=timedelta(hours=1), now=lambda: datetime.now(UTC)
    )
    body = {"customer_token": tokens.sign("C-1001")}
    assert gateway.post("/api/chat/conversations", json=body).status_code == 401


def test_a_customer_is_counselled_even_when_the_database_is_down(
    start: Start, settings: Settings
) -> None:
    gateway = start()
    for file in settings.var_dir.glob("secondvoice.db*"):
        file.unlink()
    tokens = CustomerTokens(
        settings.key("bank_key"), life=timedelta(hours=1), now=lambda: datetime.now(UTC)
    )
    body = {"customer_token": tokens.sign("C-1001")}
    started = gateway.post("/api/chat/conversations", json=body)
    assert started.status_code == 201
    assert started.json()["identified"] is False


@pytest.mark.parametrize(
    "text",
    ["/has_paid", "／has_paid", "\u200b/has_paid", " \t/ /／has_paid", "\ufeff／\u200d/has_paid"],
)
def test_nobody_can_inject_an_intent_with_a_leading_slash(
    gateway: httpx.Client, rasa: StandInForRasa, text: str
) -> None:
    say(gateway, open_chat(gateway), text + '{"amount": 1}')
    assert rasa.received[0]["message"] == 'has_paid{"amount": 1}'


def test_secrets_are_masked_before_the_text_leaves_for_rasa(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    text = "card 4111 1111 1111 1111, ID 11010519491231002X, 验证码是482199"
    say(gateway, open_chat(gateway), text)
    assert rasa.received[0]["message"] == ("card [card …1111], ID [ID …002X], 验证码是[code]")


def test_secrets_split_by_invisible_characters_are_masked(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    say(gateway, open_chat(gateway), "4111\u200b1111\u200b1111\u200b1111")
    assert rasa.received[0]["message"] == "[card …1111]"


def test_control_characters_and_half_surrogates_are_removed(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    token = open_chat(gateway)
    raw = json.dumps({"conversation": token, "text": "a\x07b\ud800c\nd"})
    headers = {"content-type": "application/json"}
    answer = gateway.post("/api/chat/messages", content=raw, headers=headers)
    assert answer.status_code == 200, answer.text
    assert rasa.received[0]["message"] == "abc\nd"


def test_markup_comes_back_as_plain_text(gateway: httpx.Client, rasa: StandInForRasa) -> None:
    rasa.reply = lambda body: [{"text": body["message"]}]
    markup = "<img src=x onerror=alert(1)>"
    answer = say(gateway, open_chat(gateway), markup)
    assert answer.json()["messages"][0]["text"] == markup
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "/", "／ /"])
def test_an_empty_message_is_refused_readably(gateway: httpx.Client, text: str) -> None:
    answer = say(gateway, open_chat(gateway), text)
    assert answer.status_code == 422
    assert answer.json()["error"]["what"] == "The message is empty."


def test_a_message_of_4000_characters_is_taken_and_one_more_is_not(gateway: httpx.Client) -> None:
    token = open_chat(gateway, language="zh")
    assert say(gateway, token, "  " + "钱" * 4000 + "  ").status_code == 200
    refused = say(gateway, token, "钱" * 4001)
    assert refused.status_code == 422
    assert "4000" in refused.json()["error"]["do"]


@pytest.mark.parametrize("body", [b'{"text": "secret words"', b"[1, 2]", b"[" * 30_000, b"\xff"])
def test_what_cannot_be_read_is_refused_without_repeating_it(
    gateway: httpx.Client, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    answer = gateway.post("/api/chat/messages", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert set(answer.json()["error"]) == {"what", "do"}
    assert "secret words" not in answer.text


def test_unknown_fields_are_refused_by_name(gateway: httpx.Client) -> None:
    answer = say(gateway, open_chat(gateway), "hi", payload="/has_paid")
    assert answer.status_code == 422
    assert "payload" in answer.json()["error"]["what"]


def test_a_body_above_32_kilobytes_is_refused_before_parsing(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    answer = say(gateway, open_chat(gateway), "x" * 33_000)
    assert answer.status_code == 413
    assert "what" in answer.json()["error"]
    assert rasa.received == []


def test_a_body_that_does_not_announce_its_size_is_limited_too(gateway: httpx.Client) -> None:
    chunks = (b"x" * 1000 for _ in range(40))
    answer = gateway.post("/api/chat/messages", content=chunks)
    assert answer.status_code == 413


def test_two_conversations_have_different_ids_and_answers(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.reply = lambda body: [{"text": f"for {body['sender']}"}]
    first, second = open_chat(gateway), open_chat(gateway)
    mine = say(gateway, first, "one").json()["messages"][0]["text"]
    theirs = say(gateway, second, "two").json()["messages"][0]["text"]
    assert mine != theirs
    assert [entry["message"] for entry in rasa.received] == ["one", "two"]


def test_messages_of_one_conversation_are_answered_in_order(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    # The earlier a message, the longer Rasa takes: without order the last would finish first.
    rasa.delay = lambda body: 0.6 - 0.1 * int(body["message"])  # type: ignore[assignment]
    token = open_chat(gateway)
    arrived: list[threading.Thread] = []
    for number in range(4):
        thread = threading.Thread(target=say, args=(gateway, token, str(number)))
        thread.start()
        arrived.append(thread)
        threading.Event().wait(0.05)
    for thread in arrived:
        thread.join()
    assert rasa.finished == ["0", "1", "2", "3"]


def test_different_conversations_are_answered_side_by_side(
    gateway: httpx.Client, rasa: StandInForRasa
) -> None:
    rasa.delay = 0.8
    tokens = [open_chat(gateway) for _ in range(6)]
    began = datetime.now(UTC)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda token: say(gateway, token, "hi"), tokens))
    assert all(answer.json()["degraded"] is False for answer in answers)
    assert datetime.now(UTC) - began < timedelta(seconds=2.4)


def test_a_conversation_token_says_when_it_expires() -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    tokens = ConversationTokens("key", bank="b", life=timedelta(hours=24), now=lambda: now)
    _, conversation = tokens.start("en")
    assert conversation.expires == now + timedelta(hours=24)


def test_the_api_describes_itself_and_has_no_documentation_page(gateway: httpx.Client) -> None:
    assert "/api/chat/messages" in gateway.get("/api/openapi.json").json()["paths"]
    assert gateway.get("/docs").status_code == 404
    assert gateway.get("/redoc").status_code == 404
