"""The bank's webhook: signed, bounded, and never led astray."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import DeliveryError
from bot.notify import Message
from bot.notify.addresses import ForbiddenAddressError, may_reach
from bot.notify.retry_after import retry_after_seconds
from bot.notify.webhook import Webhook, WebhookNotifier
from tests.notify.receiver import Answer, Receiver, receiving

NOW = datetime(2024, 3, 14, 12, 0, tzinfo=UTC)
KEY = "k" * 32
HERE = (ip_network("127.0.0.0/8"),)
MESSAGE = Message(
    dedupe_key="escalation:1:paid:M-01:abc",
    recipient="M-01",
    subject="SV-7F3K2Q：钱已转出",
    text="客户：陈伟",
    body={"text": "客户：陈伟", "case": "SV-7F3K2Q", "level": "scam"},
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def notifier(
    receiver: Receiver | str, *, timeouts: tuple[float, float] = (2, 2), **values: object
) -> WebhookNotifier:
    url = receiver if isinstance(receiver, str) else f"{receiver.url}/second-voice"
    webhook = Webhook(**{"name": "operations", "url": url, "key": KEY, "networks": HERE, **values})
    return WebhookNotifier(webhook, now=lambda: NOW, timeouts=timeouts)


def test_a_message_arrives_with_its_key_and_a_signature_over_time_and_body(
    receiver: Receiver,
) -> None:
    notifier(receiver).send(MESSAGE)
    [request] = receiver.received
    assert request.path == "/second-voice"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == MESSAGE.dedupe_key
    timestamp = request.headers["x-secondvoice-timestamp"]
    assert timestamp == str(int(NOW.timestamp()))
    signed = hmac.new(KEY.encode(), f"{timestamp}.".encode() + request.body, hashlib.sha256)
    assert request.headers["x-secondvoice-signature"] == f"v1={signed.hexdigest()}"
    assert json.loads(request.body) == {
        "dedupe_key": MESSAGE.dedupe_key,
        "recipient": "M-01",
        "subject": MESSAGE.subject,
        "text": "客户：陈伟",
        "details": {"case": "SV-7F3K2Q", "level": "scam"},
    }


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 503])
def test_a_refusal_is_no_delivery(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: Answer(status=status, body=b"secret details")
    with pytest.raises(DeliveryError, match=f"operations: answered {status}") as caught:
        notifier(receiver).send(MESSAGE)
    assert "secret details" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Thu, 14 Mar 2024 12:01:30 GMT", 90),
        ("Thu, 14 Mar 2024 11:00:00 GMT", 0),
        ("Thursday, 14-Mar-24 12:00:10 GMT", 10),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_the_wait_that_a_receiver_asks_for_is_read_in_both_forms(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after_seconds(header, now=NOW) == seconds


def test_the_wait_that_a_receiver_asks_for_goes_with_the_failure(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=429, headers={"Retry-After": "77"})
    with pytest.raises(DeliveryError) as caught:
        notifier(receiver).send(MESSAGE)
    assert caught.value.retry_after == 77


def test_a_redirect_is_an_error_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=307, headers={"Location": f"{receiver.url}/other"})
    with pytest.raises(DeliveryError, match="a redirect, which is not followed"):
        notifier(receiver).send(MESSAGE)
    assert len(receiver.received) == 1


def test_a_receiver_that_does_not_answer_is_given_up(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(after_seconds=2)
    began = time.monotonic()
    with pytest.raises(DeliveryError, match=r"no answer \(ReadTimeout\)"):
        notifier(receiver, timeouts=(1, 0.2)).send(MESSAGE)
    assert time.monotonic() - began < 1.5


def test_a_receiver_that_is_down_is_named_without_its_address() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}/in?token=hunter2"
        with pytest.raises(DeliveryError) as caught:
            notifier(url).send(MESSAGE)
    assert str(caught.value) == "webhook operations: no answer (ConnectionError)."
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("answer", [{"body": b"x" * 5_000_000}, {"trickle_seconds": 0.05}])
def test_a_long_or_slow_answer_takes_neither_memory_nor_time(
    receiver: Receiver, answer: dict[str, object]
) -> None:
    receiver.answer = lambda _: Answer(**{"status": 200, "body": b"x" * 1_000, **answer})
    began = time.monotonic()
    notifier(receiver, timeouts=(1, 0.4)).send(MESSAGE)
    assert time.monotonic() - began < 2


def test_one_connection_carries_several_messages(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=200, body=b'{"ok": true}')
    sender = notifier(receiver)
    for _ in range(3):
        sender.send(MESSAGE)
    assert len({request.port for request in receiver.received}) == 1


def test_a_cookie_of_one_answer_does_not_travel_with_the_next_message(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(headers={"Set-Cookie": "session=1; Path=/"})
    sender = notifier(receiver)
    sender.send(MESSAGE)
    sender.send(MESSAGE)
    assert "cookie" not in receiver.received[1].headers


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1"),  # noqa: S104  # to be refused
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_an_address_that_is_not_public_is_forbidden(address: str) -> None:
    assert not may_reach(address, networks=())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_allowed_but_never_unencrypted(address: str) -> None:
    assert may_reach(address, networks=())
    assert not may_reach(
        address, networks=(ip_network("0.0.0.0/0"), ip_network("::/0")), plain=True
    )


def test_a_network_of_the_bank_is_allowed_when_the_file_names_it() -> None:
    bank = (ip_network("10.20.0.0/16"), ip_network("fd12::/16"))
    assert may_reach("10.20.3.4", networks=bank)
    assert may_reach("fd12::1", networks=bank)
    assert may_reach("::ffff:10.20.3.4", networks=bank)
    assert not may_reach("10.21.3.4", networks=bank)


def test_a_name_that_leads_to_this_machine_gets_not_one_byte(receiver: Receiver) -> None:
    """What counts is where the connection ended, however the name was resolved."""
    url = receiver.url.replace("127.0.0.1", "localhost")
    with pytest.raises(ForbiddenAddressError):
        notifier(url, networks=()).send(MESSAGE)
    assert receiver.received == []


def test_an_encrypted_receiver_must_show_a_certificate_for_its_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_self_signed(tmp_path))
        threading.Thread(target=_shake_hands, args=(listening, context), daemon=True).start()
        with pytest.raises(DeliveryError, match="SSLError"):
            notifier(f"https://127.0.0.1:{listening.getsockname()[1]}/").send(MESSAGE)


def test_an_encrypted_receiver_in_a_forbidden_network_is_refused_before_the_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(ForbiddenAddressError):
            notifier(url, networks=()).send(MESSAGE)
        connection, _ = listening.accept()
        with connection:
            assert connection.recv(1) == b""


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listening.accept()
    with connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_side=True)


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(encoding))
    return path
