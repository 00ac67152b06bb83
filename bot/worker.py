"""The worker: delivers what is due from the outbox, at least once, for as long as it runs."""

from __future__ import annotations

import logging
import os
import random
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.database import check_migrated, make_engine, session_factory
from bot.errors import DeliveryError, SecondVoiceError
from bot.notify import Message, Notifier, method_name, notifier_for
from bot.settings import get_settings

logger = logging.getLogger("secondvoice.worker")

MOST_ATTEMPTS = 8
FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 3600.0


class Worker:
    """Claims due outbox messages one by one, delivers them, and records how it went.

    Args:
        sessions: Makes sessions on the migrated database.
        notifiers: Returns the notifier of a method.
        now: The clock, aware.
        batch: Messages that one round delivers at most.
        lease: How long a claim keeps other workers away; longer than the slowest delivery.
        name: Tells this worker from the others; None makes one up.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        notifiers: Callable[[str], Notifier] = notifier_for,
        *,
        now: Callable[[], datetime],
        batch: int = 20,
        lease: timedelta = timedelta(seconds=60),
        name: str | None = None,
    ) -> None:
        self._sessions = sessions
        self._notifiers = notifiers
        self._now = now
        self._batch = batch
        self._lease = lease
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

    def run_once(self, *, stop: threading.Event | None = None) -> int:
        """Deliver what is due, at most one batch.

        Args:
            stop: When it is set, the round ends after the message in hand.

        Returns:
            How many messages were tried.
        """
        for tried in range(self._batch):
            claimed = None if stop is not None and stop.is_set() else self._claim()
            if claimed is None:
                return tried
            self._deliver(claimed)
        return self._batch

    def run_forever(self, stop: threading.Event, *, poll_seconds: float = 1.0) -> None:
        """Deliver until told to stop; a database that is away for a while ends nothing.

        Args:
            stop: Ends the loop.
            poll_seconds: Wait between two looks at an empty outbox.
        """
        while not stop.is_set():
            try:
                busy = self.run_once(stop=stop) == self._batch
            except SQLAlchemyError as error:
                logger.error("database is away: %s", type(error).__name__)
                busy = False
            if not busy:
                stop.wait(poll_seconds)

    def _claim(self) -> outbox.Claimed | None:
        with self._sessions.begin() as session:
            return outbox.claim_next(session, worker=self.name, now=self._now(), lease=self._lease)

    def _deliver(self, claimed: outbox.Claimed) -> None:
        """Deliver outside any transaction, so that a slow receiver locks nothing."""
        message = Message(
            dedupe_key=claimed.dedupe_key,
            recipient=claimed.recipient,
            subject=claimed.subject,
            text=str(claimed.body.get("text", "")),
            body=claimed.body,
        )
        try:
            self._notifiers(claimed.method).send(message)
        except Exception as error:  # Whatever goes wrong with one must not stop the others.
            self._failed(claimed, error)
            return
        with self._sessions.begin() as session:
            outbox.mark_sent(session, claimed.id, now=self._now())
        logger.info("message %s sent by %s", claimed.id, method_name(claimed.method))

    def _failed(self, claimed: outbox.Claimed, error: Exception) -> None:
        attempt = claimed.attempts + 1
        now = self._now()
        asked = error.retry_after if isinstance(error, DeliveryError) else None
        wait = None if attempt >= MOST_ATTEMPTS else wait_after(attempt, asked=asked)
        # Errors of other libraries may quote URLs with passwords or customers' words.
        known = isinstance(error, SecondVoiceError)
        reason = " ".join(str(error).split()) if known else type(error).__name__
        with self._sessions.begin() as session:
            outbox.mark_failed(
                session,
                claimed.id,
                worker=self.name,
                error=reason,
                retry_at=None if wait is None else now + wait,
                now=now,
            )
        method = method_name(claimed.method)
        if wait is None:
            logger.error("message %s dead after %s by %s: %s", claimed.id, attempt, method, reason)
        else:
            logger.warning(
                "message %s failed by %s, again in %.0f s: %s",
                *(claimed.id, method, wait.total_seconds(), reason),
            )


def wait_after(attempt: int, *, asked: float | None = None) -> timedelta:
    """Return how long to wait after a failed attempt: doubling, with jitter.

    Args:
        attempt: Number of the attempt that failed, from 1.
        asked: Seconds that the receiver asked for; never undercut, up to an hour.
    """
    doubled = FIRST_WAIT_SECONDS * 2 ** (attempt - 1)
    jittered = doubled * random.uniform(0.75, 1.25)  # noqa: S311  # spreads load, guards nothing
    return timedelta(seconds=min(max(jittered, asked or 0.0), LONGEST_WAIT_SECONDS))


def main() -> int:
    """Run the worker until SIGTERM or SIGINT.

    Returns:
        The exit code of the process.
    """
    logging.basicConfig(
        stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    settings = get_settings()
    url = settings.effective_database_url
    try:
        check_migrated(url)
    except SecondVoiceError as error:
        logger.error("%s", error)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = make_engine(url)
    notifiers = partial(notifier_for, show_text=settings.demo)
    worker = Worker(session_factory(engine), notifiers, now=lambda: datetime.now(UTC))
    logger.info("worker %s started", worker.name)
    try:
        worker.run_forever(stop)
    finally:
        engine.dispose()
    logger.info("worker %s stopped", worker.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
