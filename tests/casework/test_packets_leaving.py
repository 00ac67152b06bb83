"""The last step of a packet: its number is filled in on record, and no version overtakes one."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.models import OutboxMessage, PayeeAccountView, Payment
from bot.casework.packet_sending import DESK, PacketFinish
from bot.casework.payee_accounts import Vault
from bot.links import Links
from bot.notify import Message
from bot.notify.webhook import Webhook, WebhookNotifier, signature
from bot.worker import Retries, Worker
from tests.casework.builders import EVENING, after
from tests.casework.payment_builders import NUMBER, bank_with, owed, paid
from tests.casework.test_packets import VALID
from tests.notify.receiver import receiving

KEY = "a-key-of-these-tests-that-signs-links"


class Desk:
    """The desk's own receiver: keeps what arrives; a test decides what happens on the way."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.on_send: Callable[[], object] = lambda: None

    def __call__(self, _method: str) -> Desk:
        return self

    def send(self, message: Message) -> None:
        self.on_send()
        self.received.append(message)

    @property
    def versions(self) -> list[int]:
        return [message.body["version"] for message in self.received]


class Clock:
    def __init__(self) -> None:
        self.now = after(minutes=5)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key().decode())


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(clock: Clock) -> Links:
    return Links(key=KEY, base_url="https://chat.bank.example", now=clock)


@pytest.fixture
def worker(
    sessions: sessionmaker[Session], vault: Vault, desk: Desk, links: Links, clock: Clock
) -> Worker:
    return Worker(
        sessions,
        desk,
        now=clock,
        finish=PacketFinish(sessions, vault, finish=links.finish, now=clock),
        retries=Retries(attempts=8, first_wait=5),
    )


def owe(sessions: sessionmaker[Session], vault: Vault | None, *methods: str, **values: Any) -> int:
    """A payment whose number is kept, and its first packet."""
    with sessions.begin() as session:
        payment = paid(session)
        if vault is not None:
            vault.keep(session, payment, NUMBER, now=EVENING)
        owed(session, payment, bank=bank_with(*(methods or ("webhook:operations",))), **values)
        return payment.id


def owe_again(sessions: sessionmaker[Session], payment_id: int) -> None:
    with sessions.begin() as session:
        payment = session.get_one(Payment, payment_id)
        owed(session, payment, bank=bank_with("webhook:operations"))


def views(sessions: sessionmaker[Session]) -> list[tuple[str, str, datetime]]:
    with sessions() as session:
        rows = session.scalars(select(PayeeAccountView).order_by(PayeeAccountView.id))
        return [(row.by, row.why, row.at) for row in rows]


def test_banks_own_receiver_gets_the_whole_number_and_the_view_is_on_record(
    sessions: sessionmaker[Session], vault: Vault, worker: Worker, desk: Desk, links: Links
) -> None:
    payment = owe(sessions, vault)
    assert worker.run_once() == 1
    [message] = desk.received
    packet = message.body["packet"]
    VALID.validate(packet)
    assert packet["payee"]["account"] == NUMBER
    assert NUMBER not in message.text
    claims = links.read("packet", packet["case"]["link"].rpartition("/")[2])
    assert claims == {"payment": payment, "person": "OPS"}
    assert views(sessions) == [(DESK, "packet version 1", after(minutes=5))]


def test_other_methods_never_get_the_number(
    sessions: sessionmaker[Session], vault: Vault, worker: Worker, desk: Desk
) -> None:
    owe(sessions, vault, "console", "mailto://desk.bank.example")
    assert worker.run_once() == 2
    assert all(NUMBER not in json.dumps(dict(m.body)) + m.text for m in desk.received)
    assert all(m.body["packet"]["payee"]["account_kept"] for m in desk.received)
    assert views(sessions) == []


def test_number_is_nowhere_in_the_outbox_after_the_packet_has_left(
    sessions: sessionmaker[Session],
    vault: Vault,
    worker: Worker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    owe(sessions, vault)
    with caplog.at_level(logging.DEBUG):
        worker.run_once()
    with sessions() as session:
        rows = session.scalars(select(OutboxMessage)).all()
        assert all(NUMBER not in json.dumps(row.body) for row in rows)
    assert NUMBER not in caplog.text


def test_packet_leaves_without_a_number_that_cannot_be_read(
    sessions: sessionmaker[Session], desk: Desk, links: Links, clock: Clock
) -> None:
    owe(sessions, Vault(Fernet.generate_key().decode()))
    other = Vault(Fernet.generate_key().decode())
    finish = PacketFinish(sessions, other, finish=links.finish, now=clock)
    Worker(sessions, desk, now=clock, finish=finish).run_once()
    [message] = desk.received
    assert message.body["packet"]["payee"]["account"] is None


def test_version_that_failed_is_not_sent_after_the_newer_one(
    sessions: sessionmaker[Session], vault: Vault, worker: Worker, desk: Desk, clock: Clock
) -> None:
    payment = owe(sessions, vault)

    def fail() -> None:
        raise ConnectionError

    desk.on_send = fail
    worker.run_once()
    desk.on_send = lambda: None
    owe_again(sessions, payment)
    for _ in range(5):
        clock.now += (after(minutes=1)) - EVENING
        worker.run_once()
    assert desk.versions == [2]


def test_version_claimed_before_the_newer_one_was_owed_is_withdrawn(
    sessions: sessionmaker[Session], vault: Vault, worker: Worker, desk: Desk, clock: Clock
) -> None:
    """It was claimed by a worker that died; the newer one must not wait for its ghost for ever."""
    payment = owe(sessions, vault)
    lease = after(seconds=60) - EVENING
    with sessions.begin() as session:
        [dead] = outbox.claim(session, worker="dead", now=clock(), lease=lease, limit=9)
    owe_again(sessions, payment)
    for _ in range(6):
        worker.run_once()
        clock.now += lease
    assert dead.body["version"] == 1
    assert desk.versions == [2]
    with sessions() as session:
        assert session.get(OutboxMessage, dead.id) is None


def test_newer_version_waits_while_the_older_one_is_on_its_way(
    sessions: sessionmaker[Session],
    vault: Vault,
    worker: Worker,
    desk: Desk,
    links: Links,
    clock: Clock,
) -> None:
    payment = owe(sessions, vault)
    second = Worker(
        sessions,
        desk,
        now=clock,
        finish=PacketFinish(sessions, vault, finish=links.finish, now=clock),
    )

    def meanwhile() -> None:
        desk.on_send = lambda: None
        owe_again(sessions, payment)
        assert second.run_once() == 1, "It is tried, and gives way."
        assert desk.versions == []

    desk.on_send = meanwhile
    worker.run_once()
    assert desk.versions == [1]
    clock.now = after(minutes=6)
    worker.run_once()
    assert desk.versions == [1, 2]


def test_other_messages_go_through_as_they_are(
    sessions: sessionmaker[Session], vault: Vault, links: Links, clock: Clock
) -> None:
    finish = PacketFinish(sessions, vault, finish=links.finish, now=clock)
    assert finish({"text": "hello", "case": "SV-1"}) == {"text": "hello", "case": "SV-1"}


def test_signed_webhook_carries_the_whole_packet_to_the_banks_server(
    sessions: sessionmaker[Session], vault: Vault, links: Links, clock: Clock
) -> None:
    """Over a real socket: schema, signature and number as the bank's server gets them."""
    owe(sessions, vault)
    with receiving() as server:
        webhook = Webhook(
            name="operations",
            url=f"{server.url}/stop",
            key=KEY,
            networks=(ip_network("127.0.0.0/8"),),
        )
        finish = PacketFinish(sessions, vault, finish=links.finish, now=clock)
        method = WebhookNotifier(webhook, now=clock)
        Worker(sessions, lambda _name: method, now=clock, finish=finish).run_once()
        [request] = server.received
    content = json.loads(request.body)
    VALID.validate(content["details"]["packet"])
    assert content["details"]["packet"]["payee"]["account"] == NUMBER
    assert content["dedupe_key"].startswith("packet:")
    assert {"whole_account", "way"} & content["details"].keys() == set()
    headers = {name.lower(): value for name, value in request.headers.items()}
    timestamp, signed = (headers[f"x-secondvoice-{name}"] for name in ("timestamp", "signature"))
    assert signed == f"v1={signature(KEY, timestamp, request.body)}"
