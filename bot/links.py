"""Signed links: each opens one thing, for one purpose, until it expires."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.errors import ExpiredError, SignatureError

LIVES: Mapping[str, timedelta] = {
    # A leader who was asked on Friday night may open it on Monday morning.
    "acknowledge": timedelta(hours=72),
    # As long as a payment may be stopped, and the weekend after it.
    "packet": timedelta(days=7),
    # Who was robbed goes to the police, and writes to his company, when he can.
    "report": timedelta(days=14),
    "note": timedelta(days=14),
}
"""What a link may be for, and how long it is good."""

_UNTIL = "until"


class Links:
    """Makes and reads signed links; a link of one kind is worth nothing as another kind.

    Args:
        key: The secret that signs; the same in every process.
        base_url: Address under which people reach the gateway, without a slash at its end.
        now: The clock; aware.
    """

    def __init__(self, *, key: str, base_url: str, now: Callable[[], datetime]) -> None:
        self._key = key
        self._base_url = base_url.rstrip("/")
        self._now = now

    def url(self, kind: str, **claims: Any) -> str:
        """Return a link.

        Args:
            kind: What it is for: a key of ``LIVES``, and its place below the base address.
            claims: Ids and codes that it carries, readable for whoever has it: no secrets.
        """
        until = int((self._now() + LIVES[kind]).timestamp())
        token = self._serializer(kind).dumps({**claims, _UNTIL: until})
        return f"{self._base_url}/{kind}/{token}"

    def read(self, kind: str, token: str) -> dict[str, Any]:
        """Return the claims of a link's last part.

        Args:
            kind: What it must be for.
            token: What follows the kind in the address.

        Raises:
            ExpiredError: It was ours and is too old.
            SignatureError: It is forged, damaged or for another purpose.
        """
        try:
            claims = dict(self._serializer(kind).loads(token))
            until = int(claims.pop(_UNTIL))
        except (BadData, TypeError, ValueError, KeyError) as error:
            raise SignatureError(f"This is no {kind} link of ours.") from error
        if self._now().timestamp() >= until:
            raise ExpiredError(f"The {kind} link has expired.")
        return claims

    def finish(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of an outbox message with its links signed, ready to be sent.

        Each entry of ``links`` gets its ``url``, and the text a last line with the entry's label
        and the address. Nothing signed is ever stored: the outbox keeps only kind and ids.

        Args:
            body: As it was owed.
        """
        finished = dict(body)
        links = [self._signed(entry) for entry in body.get("links", ())]
        if links:
            lines = [str(body.get("text", "")), *(_line(entry) for entry in links)]
            finished.update(links=links, text="\n".join(lines))
        return finished

    def _signed(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        claims = {key: value for key, value in entry.items() if key not in ("kind", "label")}
        return {**entry, "url": self.url(entry["kind"], **claims)}

    def _serializer(self, kind: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._key,
            salt=f"secondvoice.link.{kind}",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )


def _line(entry: Mapping[str, Any]) -> str:
    return " ".join(part for part in (entry.get("label", ""), entry["url"]) if part)
