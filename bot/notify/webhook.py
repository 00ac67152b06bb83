"""Notification by the bank's own signed webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy

import requests
from urllib3.exceptions import HTTPError

from bot.errors import DeliveryError
from bot.notify.addresses import GuardedAdapter, Network
from bot.notify.message import Message
from bot.notify.retry_after import retry_after_seconds

TIMESTAMP_HEADER = "X-SecondVoice-Timestamp"
SIGNATURE_HEADER = "X-SecondVoice-Signature"
KEY_HEADER = "Idempotency-Key"

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
ANSWER_BYTES = 65_536
_CHUNK = 8_192


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One receiver of the bank.

    Args:
        name: What managers' ``notify`` calls it.
        url: Where messages go; https, or http on this machine alone.
        key: The secret that signs.
        networks: Networks that it may be in although they are not public.
    """

    name: str
    url: str = field(repr=False)
    key: str = field(repr=False)
    networks: tuple[Network, ...] = ()


class WebhookNotifier:
    """Posts messages as JSON, signed, to one receiver.

    Args:
        webhook: The receiver.
        now: The clock, aware.
        width: Connections kept for further messages.
        timeouts: Seconds to connect, and to wait for the answer.
    """

    def __init__(
        self,
        webhook: Webhook,
        *,
        now: Callable[[], datetime],
        width: int = 8,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._webhook = webhook
        self._now = now
        self._timeouts = timeouts
        self._session = requests.Session()
        # Neither a proxy nor a password file of this machine has a say in where messages go.
        self._session.trust_env = False
        # Threads share the session; a cookie of one answer must not travel with the next message.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = GuardedAdapter(networks=webhook.networks, width=width)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def send(self, message: Message) -> None:
        """Post the message; only an answer of 200 to 299 is a delivery.

        Raises:
            DeliveryError: There was no answer, or it was a refusal or a redirect.
        """
        body = encoded(message)
        timestamp = str(int(self._now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "second-voice",
            KEY_HEADER: message.dedupe_key,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: f"v1={signature(self._webhook.key, timestamp, body)}",
        }
        try:
            with self._session.post(
                self._webhook.url,
                data=body,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as answer:
                self._judge(answer)
                self._empty(answer)
        except requests.RequestException as error:
            # Its text quotes the URL, which may hold a token of the receiver.
            kind = type(error).__name__
            raise DeliveryError(f"webhook {self._webhook.name}: no answer ({kind}).") from None

    def _judge(self, answer: requests.Response) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        name = self._webhook.name
        if 300 <= status < 400:
            raise DeliveryError(
                f"webhook {name}: answered {status}, a redirect, which is not followed; "
                "give the final address in the file of webhooks."
            )
        asked = retry_after_seconds(answer.headers.get("Retry-After"), now=self._now())
        raise DeliveryError(f"webhook {name}: answered {status}.", retry_after=asked)

    def _empty(self, answer: requests.Response) -> None:
        """Read a short answer away, so that the connection can be used again; give up a long one.

        The message is delivered by now: what goes wrong here is no failure.
        """
        deadline = time.monotonic() + self._timeouts[1]
        left = ANSWER_BYTES
        with suppress(HTTPError, OSError):
            while left > 0 and time.monotonic() < deadline:
                chunk = answer.raw.read1(_CHUNK)
                if not chunk:
                    return
                left -= len(chunk)


def encoded(message: Message) -> bytes:
    """Return the body of the request: compact JSON in UTF-8."""
    details = {key: value for key, value in message.body.items() if key != "text"}
    content = {
        "dedupe_key": message.dedupe_key,
        "recipient": message.recipient,
        "subject": message.subject,
        "text": message.text,
        "details": details,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def signature(key: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 over timestamp, a full stop and the body, as lower-case hex."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
