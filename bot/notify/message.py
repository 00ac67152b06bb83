"""What every method of notification gets and promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message on its way out.

    Args:
        dedupe_key: The same for every attempt, so that a receiver can drop a second copy.
        recipient: Code of the person or address of the contact.
        subject: One line without personal data.
        text: What the recipient reads; may hold the customer's masked words.
        body: Everything else that was owed with the text: ids, level, exposure, links.
    """

    dedupe_key: str
    recipient: str
    subject: str
    text: str
    body: Mapping[str, Any] = field(default_factory=dict)


class Notifier(Protocol):
    """Carries messages out by one method."""

    def send(self, message: Message) -> None:
        """Deliver a message within a bounded time, or fail.

        Raises:
            DeliveryError: It was not delivered this time; its text holds no secret.
        """
        ...


def method_name(method: str) -> str:
    """Return what may be shown of a method: the scheme, never the URL, which holds passwords."""
    return method.partition(":")[0]
