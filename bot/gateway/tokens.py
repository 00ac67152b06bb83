"""Signed conversation ids (ours) and customer tokens (the bank's)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.errors import SignatureError

CONVERSATION_SALT = "secondvoice.conversation"
CUSTOMER_SALT = "secondvoice.customer"
WEB = "web"
_CLOCK_SKEW = timedelta(minutes=2)


class Conversation(NamedTuple):
    """One conversation, as its token states it."""

    id: str
    """128 random bits in hexadecimal, chosen by us."""
    language: str
    expires: datetime

    @property
    def address(self) -> str:
        """The contact address of this conversation."""
        return f"web:{self.id}"


class ConversationTokens:
    """Makes and reads the tokens that name a conversation, each good for one bank and channel.

    Args:
        key: The gateway's secret key.
        bank: The bank's key: banks that share a secret by mistake still share no conversation.
        channel: The channel's scheme.
        life: How long a token is good.
        now: The clock; aware UTC.
    """

    def __init__(
        self,
        key: str,
        *,
        bank: str,
        channel: str = WEB,
        life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._serializer = _serializer(key, CONVERSATION_SALT)
        self._bound = {"bank": bank, "channel": channel}
        self._life = life
        self._now = now

    def start(self, language: str) -> tuple[str, Conversation]:
        """Return a new token and the conversation it names."""
        conversation_id = secrets.token_hex(16)
        token = self._serializer.dumps({"id": conversation_id, "language": language, **self._bound})
        return str(token), Conversation(conversation_id, language, self._now() + self._life)

    def read(self, token: str) -> Conversation:
        """Return the conversation that a token names.

        Raises:
            SignatureError: The token is forged, expired, or of another kind, bank or channel.
        """
        payload, signed = _read(self._serializer, token, life=self._life, now=self._now())
        try:
            if {name: payload[name] for name in self._bound} != self._bound:
                raise SignatureError("The conversation token is of another bank or channel.")
            return Conversation(str(payload["id"]), str(payload["language"]), signed + self._life)
        except (KeyError, TypeError) as error:
            raise SignatureError("The conversation token has no conversation in it.") from error


class CustomerTokens:
    """Makes and reads the tokens by which the bank says who is chatting.

    The bank's own server signs them for a customer who has logged in, with a key that never
    reaches a browser.

    Args:
        key: The key that the bank and the gateway share.
        life: How long a token is good.
        now: The clock; aware UTC.
    """

    def __init__(self, key: str, *, life: timedelta, now: Callable[[], datetime]) -> None:
        self._serializer = _serializer(key, CUSTOMER_SALT)
        self._life = life
        self._now = now

    def sign(self, customer_code: str) -> str:
        """Return a token for one customer, as the bank's server would make it."""
        return str(self._serializer.dumps({"customer": customer_code}))

    def read(self, token: str) -> str:
        """Return the customer's code.

        Raises:
            SignatureError: The token is forged, expired or of another kind.
        """
        payload, _ = _read(self._serializer, token, life=self._life, now=self._now())
        try:
            return str(payload["customer"])
        except (KeyError, TypeError) as error:
            raise SignatureError("The customer token has no customer in it.") from error


def _serializer(key: str, salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        key, salt=salt, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    )


def _read(
    serializer: URLSafeTimedSerializer, token: str, *, life: timedelta, now: datetime
) -> tuple[Any, datetime]:
    try:
        payload, signed = serializer.loads(token, return_timestamp=True)
    except BadData as error:
        raise SignatureError("The token was not signed with our key.") from error
    # The age is judged here and not by the library, because the clock is injected.
    if not -_CLOCK_SKEW <= now - signed < life:
        raise SignatureError("The token has expired.")
    return payload, signed
