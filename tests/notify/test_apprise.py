"""Services that Apprise knows, tried on real servers on this machine."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import ClassVar

import pytest

from bot.errors import DeliveryError
from bot.notify import Message, Methods
from tests.notify.receiver import Answer, receiving

MESSAGE = Message(
    dedupe_key="escalation:1:paid:M-01:abc",
    recipient="M-01",
    subject="SV-7F3K2Q：钱已转出",
    text="客户说：“<b>*现在*转账</b>”\nhttps://bank.example/acknowledge/abc_def",
)


class MailServer(socketserver.StreamRequestHandler):
    """Takes mails as RFC 5321 has it, as far as a sender without a password goes."""

    mails: ClassVar[list[bytes]] = []
    refuses: ClassVar[bool] = False

    def handle(self) -> None:
        self._say("220 mail.bank.example")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self.mails.append(self._data())
                self._say("250 taken")
            elif word.startswith(b"RCPT") and self.refuses:
                self._say("550 no such mailbox")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _data(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(*, refuses: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Serve mail until the block ends; gives the method URL and the mails that came."""

    class Handler(MailServer):
        mails: ClassVar[list[bytes]] = []

    Handler.refuses = refuses
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        url = f"mailto://127.0.0.1:{port}?from=voice@bank.example&to=m01@bank.example&mode=insecure"
        yield url, Handler.mails
        server.shutdown()


def test_a_mail_arrives_with_subject_text_and_dedupe_key() -> None:
    with mail_server() as (url, mails):
        Methods()(url).send(MESSAGE)
    [mail] = mails
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed["Subject"] == MESSAGE.subject
    assert parsed["To"].addresses[0].addr_spec == "m01@bank.example"
    assert parsed["Idempotency-Key"] == MESSAGE.dedupe_key
    body = parsed.get_body(("plain",)) or parsed.get_body()
    assert body is not None
    assert "https://bank.example/acknowledge/abc_def" in body.get_content()


def test_a_mailbox_that_does_not_exist_is_a_delivery_error_without_its_address() -> None:
    with (
        mail_server(refuses=True) as (url, _),
        pytest.raises(DeliveryError, match="mailto: the receiver did not take it") as caught,
    ):
        Methods()(url).send(MESSAGE)
    assert "m01" not in str(caught.value)


def test_the_customers_words_are_text_and_never_mark_up() -> None:
    with receiving() as receiver:
        url = receiver.url.replace("http:", "json:")
        Methods()(f"{url}/?format=html").send(MESSAGE)
    [request] = receiver.received
    assert "<b>" not in request.body.decode("unicode-escape")


def test_a_receiver_that_hangs_is_given_up_even_when_the_url_asks_for_more_patience() -> None:
    with receiving(Answer(after_seconds=3)) as receiver:
        url = receiver.url.replace("http:", "json:")
        began = time.monotonic()
        with pytest.raises(DeliveryError):
            Methods()(f"{url}/?rto=0.5&retry=9&wait=30").send(MESSAGE)
    assert time.monotonic() - began < 15
    assert len(receiver.received) == 1
