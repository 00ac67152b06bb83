"""The contract of every channel by which customers talk to us: receive, render, push.

``tests/gateway/test_channels_keep_their_contract.py`` holds what each of them must do; a further
messenger is one class that passes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from bot.errors import SecondVoiceError
from bot.gateway.messages import Message
from bot.gateway.privacy import mask
from bot.gateway.text import clean, without_command
from bot.notify.message import Message as Owed


class UnheardError(SecondVoiceError):
    """What came in holds nothing that can be answered as words.

    Args:
        why: ``empty`` or ``too_long``.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class Conversing(Protocol):
    """Whose turn it is."""

    @property
    def id(self) -> str:
        """What tells the conversation from others in the log; it is no address."""

    @property
    def address(self) -> str:
        """The contact's address, ``<channel>:<id>``."""

    @property
    def language(self) -> str:
        """The language of the conversation until the customer's words tell another."""


@dataclass(frozen=True, kw_only=True)
class MessengerTalk:
    """A conversation in a messenger, which is known by its address alone.

    Args:
        address: The contact's address.
        language: The language of the chat.
    """

    address: str
    language: str

    @property
    def id(self) -> str:
        """A digest of the address, for the log."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a channel has brought, with nothing secret in it and nothing that could command.

    Args:
        key: The channel's own key of it: the same when it is brought a second time. Empty where
            the channel brings nothing twice.
        address: The contact's address.
        kind: ``text``, or what else the channel knows of.
        text: The customer's masked words.
        language: The reader's language as the channel knows it; empty where it does not.
        detail: What else the channel needs to answer it, as plain values.
    """

    key: str = ""
    address: str
    kind: str = "text"
    text: str = ""
    language: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


class Channel(Protocol):
    """One way in and out."""

    scheme: str
    """What its addresses begin with."""

    def receive(self, raw: Any) -> Heard | None:
        """Read what the channel has brought.

        Args:
            raw: As it came, decoded and authenticated.

        Returns:
            What is to be answered; None where nothing is.

        Raises:
            UnheardError: It holds no words that can be answered. A messenger, which answers
                everything with a message, returns it as a kind of its own instead.
            SignatureError: It comes from nobody whom the channel knows.
        """

    def render(self, message: Message) -> Sequence[Mapping[str, Any]]:
        """Return what the channel shows for one message of ours, in order, as plain values."""

    def push(self, message: Owed) -> None:
        """Carry a message that comes by itself to the chat of its recipient, once.

        Raises:
            DeliveryError: Not this time.
            UndeliverableError: Never.
        """


def words_of(given: str, *, longest: int) -> str:
    """Return a customer's words as they may be handed on: cleaned, masked, commanding nothing.

    Args:
        given: As they came.
        longest: Characters at most.

    Raises:
        UnheardError: There are none, or too many.
    """
    text = clean(given)
    if not without_command(text):
        raise UnheardError("empty")
    if len(text) > longest:
        raise UnheardError("too_long")
    return mask(without_command(text)).text
