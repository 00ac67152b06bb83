"""Secrets written into every channel are looked for in database, log, tracker and files."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.casework.models import ReceivedMessage
from tests.functional.chat import Chat
from tests.functional.running_stack import Stack, running_stack
from tests.gateway.gateway_servers import plain_server, running
from tests.gateway.telegram.bot_api import TOKEN, BotApi

#: What is written, and the parts of it that may be found nowhere afterwards.
SECRETS = {
    "card": ("my card is 4111 1111 1111 1111", ("4111 1111 1111 1111", "4111111111111111")),
    "unionpay": ("卡号 62170000 12340278901", ("62170000 12340278901", "6217000012340278901")),
    "identity": ("身份证11010519491231002X", ("11010519491231002X",)),
    "passport": ("my passport number is E76543219", ("E76543219",)),
    "iban": ("IBAN DE89 3704 0044 0532 0130 00", ("DE89 3704 0044 0532 0130 00",)),
    "phone": ("他用13812345678打来", ("13812345678",)),
    "mail": ("write to wei.secret@qq.com", ("wei.secret",)),
    "code": ("验证码是４８２９１７", ("４８２９１７", "482917")),
    "spelled": ("动态码：四八三九一七", ("四八三九一七",)),
    "password": ("my password is Hunter2secret", ("Hunter2secret",)),
}
TEXT = "他说我欠了38万，今晚就起诉我。" + "。".join(text for text, _ in SECRETS.values())
TRACES = tuple(trace for _, traces in SECRETS.values() for trace in traces)
CHAT = 6001


@dataclass(frozen=True)
class Told:
    """The running product after the secrets have been written into every channel."""

    stack: Stack
    answers: str
    trackers: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    api = BotApi()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    changes = {"telegram_token": TOKEN, "telegram_api_url": f"http://127.0.0.1:{port}"}
    with (
        running(plain_server(api.app, port)),
        running_stack(tmp_path_factory.mktemp("secrets"), **changes) as stack,
    ):
        web = Chat(stack, customer="C-1001", language="zh")
        answers = [web.say(TEXT).text, stack.http.post("/api/check", json={"text": TEXT}).text]
        api.say(TEXT, chat=CHAT)
        api.until(lambda: _answered(stack), seconds=30)
        answers += [call.text for call in api.sent(chat=CHAT)]
        trackers = [stack.tracker(address) for address in (web.address, f"telegram:{CHAT}")]
        yield Told(stack, "\n".join(answers), json.dumps(trackers, ensure_ascii=False))


def test_rasa_has_read_the_masked_words_of_both_chats(told: Told) -> None:
    for mask in ("[card …8901]", "[phone …5678]", "[passport …3219]", "[email …@qq.com]", "[code]"):
        assert told.trackers.count(mask) >= 2, mask


def test_no_secret_is_in_any_answer_or_in_rasas_tracker(told: Told) -> None:
    assert [trace for trace in TRACES if trace in told.answers] == []
    assert [trace for trace in TRACES if trace in told.trackers] == []


def test_no_secret_is_in_the_database_or_the_log(told: Told) -> None:
    stored, log = told.stack.stored(), told.stack.log()
    assert "38万" in stored, "What is no secret was kept."
    assert [trace for trace in TRACES if trace in stored] == []
    assert [trace for trace in TRACES if trace in log] == []


def test_no_secret_is_in_any_file_that_the_product_has_written(told: Told) -> None:
    found = [
        (path.name, trace)
        for path in Path(told.stack.settings.var_dir).rglob("*")
        if path.is_file()
        for trace in TRACES
        if trace.encode() in path.read_bytes()
    ]
    assert found == []


def _answered(stack: Stack) -> bool:
    with stack.reading() as session:
        done = select(ReceivedMessage.id).where(ReceivedMessage.done.is_not(None))
        return session.scalar(done) is not None
