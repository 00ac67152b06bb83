"""The payee's account number: kept where a payment calls for it, in the vault and nowhere else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_servers import StandInForRasa
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.cases import case_for, find_open_case
from bot.casework.database import make_engine, session_factory
from bot.casework.models import OutboxMessage, PayeeAccount, Payment
from bot.casework.payee_accounts import Vault
from bot.casework.payments import PaymentDetails, end_payment, note_details, open_payment
from bot.gateway.payee_numbers import numbers_in
from bot.settings import Settings
from tests.casework.builders import EVENING
from tests.casework.payment_builders import NUMBER

Start = Callable[..., httpx.Client]
OTHER = "6222021234567890128"
OWN_CARD = "4111111111111111"


@pytest.fixture
def sessions(settings: Settings) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(settings.effective_database_url)
    yield session_factory(engine)
    engine.dispose()


class Chat:
    """One customer; what the actions would record of his message is recorded by the stand-in."""

    def __init__(
        self, gateway: httpx.Client, rasa: StandInForRasa, sessions: sessionmaker[Session]
    ) -> None:
        self.gateway, self.rasa, self.sessions = gateway, rasa, sessions
        self.token = gateway.post("/api/chat/conversations", json={}).json()["conversation"]
        self.address = ""
        self.ending: str | None = None
        rasa.reply = self._record

    def _record(self, body: dict[str, Any]) -> Any:
        self.address = body["sender"]
        with self.sessions.begin() as session:
            case = case_for(session, self.address, language="zh", now=EVENING)
            payment = case.payments[-1] if case.payments else None
            if payment is None and self.ending is not None:
                payment = open_payment(session, case, now=EVENING)
            if payment is not None and self.ending:
                details = PaymentDetails(payee_account_ending=self.ending)
                note_details(session, payment, details, now=EVENING, words=body["message"])
        return [{"recipient_id": body["sender"], "text": "记下了。"}]

    def say(self, words: str) -> httpx.Response:
        return self.gateway.post(
            "/api/chat/messages", json={"conversation": self.token, "text": words}
        )

    def kept(self, *, waits: float = 5.0) -> str | None:
        """The number in the vault, as soon as it is there; gives up after some seconds."""
        deadline = time.monotonic() + waits
        while time.monotonic() < deadline:
            with self.sessions() as session:
                if session.scalar(select(PayeeAccount)) is not None:
                    return self._shown(session)
            time.sleep(0.02)
        return None

    def _shown(self, session: Session) -> str | None:
        case = find_open_case(session, self.address)
        assert case is not None
        vault = Vault(self.settings.key("vault_key"))
        return vault.show(session, case.payments[-1], by="test", why="test", now=EVENING)

    settings: Settings


@pytest.fixture
def chat(
    start: Start, rasa: StandInForRasa, sessions: sessionmaker[Session], settings: Settings
) -> Chat:
    chat = Chat(start(), rasa, sessions)
    chat.settings = settings
    return chat


@pytest.mark.parametrize(
    "words",
    [
        f"转给宏达贸易，账号{NUMBER}",
        "转到６２１７００００１２３４０２７８９０１了，账号在这",
        f"my card is {OWN_CARD} and theirs is 6217 0000 1234 0278 901",
        f"先转了账号{OTHER}，不对，是账号{NUMBER}",
    ],
)
def test_number_of_the_payee_is_kept_and_the_desk_gets_the_packet_anew(
    chat: Chat, words: str
) -> None:
    chat.ending = "8901"
    assert chat.say(words).json()["degraded"] is False
    assert chat.kept() == NUMBER
    with chat.sessions() as session:
        [packet] = session.scalars(
            select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("packet:"))
        )
        assert packet.body["packet"]["payee"]["account_kept"] is True


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (None, f"账号{NUMBER}"),
        ("1234", f"账号{NUMBER}"),
        ("", f"账号{NUMBER}"),
        ("0128", "我的身份证号11010519491231002X，验证码482199"),
        ("8901", "尾号8901"),
    ],
)
def test_nothing_else_is_ever_kept(chat: Chat, ending: str | None, words: str) -> None:
    """No payment, another ending, none told yet, other kinds of secrets, no number at all."""
    chat.ending = ending
    chat.say(words)
    assert chat.kept(waits=1.0) is None


def test_number_of_a_payment_that_has_ended_is_not_kept(chat: Chat) -> None:
    chat.ending = "8901"
    chat.say("转给宏达贸易")
    with chat.sessions.begin() as session:
        end_payment(session, session.scalars(select(Payment)).one(), outcome="lost", now=EVENING)
    chat.say(f"账号{NUMBER}")
    assert chat.kept(waits=1.0) is None


def test_neither_rasa_nor_a_log_nor_any_table_nor_any_file_ever_holds_the_number(
    chat: Chat, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    chat.ending = "8901"
    with caplog.at_level(logging.DEBUG):
        chat.say(f"转给宏达贸易，账号{NUMBER}")
        assert chat.kept() == NUMBER
    assert chat.rasa.received[0]["message"] == "转给宏达贸易，账号[card …8901]"
    assert NUMBER not in caplog.text
    with chat.sessions() as session:
        for table in inspect(session.connection()).get_table_names():
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            assert NUMBER not in str(rows), table
    files = [path for path in Path(settings.var_dir).rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if NUMBER.encode() in path.read_bytes()] == []


def test_turn_is_answered_even_when_the_vault_cannot_be_used(
    start: Start,
    rasa: StandInForRasa,
    sessions: sessionmaker[Session],
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Chat(start(vault_key="no key at all"), rasa, sessions)
    broken.ending = "8901"
    answer = broken.say(f"账号{NUMBER}")
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["text"] == "记下了。"
    assert broken.kept(waits=1.0) is None
    assert "account number not kept" in caplog.text
    assert NUMBER not in caplog.text


def test_number_is_kept_of_a_turn_whose_answer_came_too_late(
    start: Start, rasa: StandInForRasa, sessions: sessionmaker[Session], settings: Settings
) -> None:
    """Rasa records the payment after the customer has got the safe answer."""
    chat = Chat(start(answer_seconds=0.3), rasa, sessions)
    chat.settings = settings
    chat.ending = "8901"
    rasa.delay = 1.0
    assert chat.say(f"账号{NUMBER}").json()["degraded"] is True
    assert chat.kept(waits=20.0) == NUMBER


def test_numbers_are_read_as_they_are_masked() -> None:
    assert numbers_in(f"卡号{OTHER}，账号{NUMBER}") == (NUMBER, OTHER)
    assert numbers_in("验证码482199，身份证11010519491231002X") == ()
    assert numbers_in("gb29 nwbk 6016 1331 9268 19") == ("GB29NWBK60161331926819",)
