"""The last step before a packet leaves: what is never stored is filled in, and order is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.models import OutboxMessage, Payment
from bot.casework.packets import prefix_of
from bot.casework.payee_accounts import Vault
from bot.errors import DeliveryError, NotFoundError

logger = logging.getLogger("secondvoice.worker")

DESK = "operations desk"
"""Whom the log of views names when a packet leaves with the whole number."""

WAIT_SECONDS = 5.0

Finish = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class PacketFinish:
    """Finishes the bodies of outbox messages just before they are sent.

    A packet that a newer version has replaced is withdrawn; one whose older version is on its way
    at this moment waits for it, so that the desk never gets an older version after a newer one.
    Other messages go through.

    Args:
        sessions: Makes sessions on the migrated database.
        vault: Holds the payees' account numbers.
        finish: Signs the links of a body.
        now: The clock, aware.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        vault: Vault,
        *,
        finish: Finish,
        now: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._finish = finish
        self._now = now

    def __call__(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a body as it is sent.

        Raises:
            DeliveryError: The packet is withdrawn, or must wait.
        """
        if "packet" not in body:
            return self._finish(body)
        account = self._account(body)
        finished = dict(self._finish(body))
        links = [entry["url"] for entry in finished["links"] if entry["kind"] == "packet"]
        packet = dict(finished["packet"])
        packet["case"] = {**packet["case"], "link": links[0]}
        packet["payee"] = {**packet["payee"], "account": account}
        finished["packet"] = packet
        return {
            key: value for key, value in finished.items() if key not in ("whole_account", "way")
        }

    def _account(self, body: Mapping[str, Any]) -> str | None:
        """Return the whole number where it may leave; the view is on record before it does."""
        superseded = False
        with self._sessions.begin() as session:
            payment = session.get(Payment, body["payment"])
            if payment is None or payment.packet_version > body["version"]:
                superseded = True
                self._withdraw(session, body)
            else:
                self._wait_for_older(session, body)
                if body["whole_account"]:
                    return self._shown(session, payment, version=body["version"])
        if superseded:
            raise DeliveryError(
                f"packet version {body['version']} is withdrawn; the newer one is sent instead."
            )
        return None

    def _withdraw(self, session: Session, body: Mapping[str, Any]) -> None:
        key = f"{prefix_of(body['payment'])}{body['version']}:{body['way']}"
        session.execute(delete(OutboxMessage).where(OutboxMessage.dedupe_key == key))

    def _wait_for_older(self, session: Session, body: Mapping[str, Any]) -> None:
        prefix = prefix_of(body["payment"])
        under_way = session.scalars(
            select(OutboxMessage.dedupe_key).where(
                OutboxMessage.dedupe_key.startswith(prefix, autoescape=True),
                OutboxMessage.dedupe_key.endswith(f":{body['way']}", autoescape=True),
                OutboxMessage.status == "pending",
                OutboxMessage.claimed_until > self._now(),
            )
        )
        versions = [int(key.removeprefix(prefix).partition(":")[0]) for key in under_way]
        if any(version < body["version"] for version in versions):
            raise DeliveryError(
                "an older version of the packet is on its way; this one follows it.",
                retry_after=WAIT_SECONDS,
            )

    def _shown(self, session: Session, payment: Payment, *, version: int) -> str | None:
        try:
            return self._vault.show(
                session, payment, by=DESK, why=f"packet version {version}", now=self._now()
            )
        except NotFoundError as error:
            # The desk can do more with a packet without the number than with none.
            logger.error("payment %s: %s", payment.id, error)
            return None
