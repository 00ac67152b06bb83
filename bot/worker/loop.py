"""The loop: claims due messages, lets threads deliver them, and records how it went."""

from __future__ import annotations

import logging
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.casework import outbox
from bot.casework.outbox import Claimed, Outcome
from bot.chores import Chore
from bot.errors import DeliveryError, SecondVoiceError, UndeliverableError
from bot.notify import Message, Notifier, method_name
from bot.worker.chores import do_chores
from bot.worker.lanes import Lanes
from bot.worker.retries import Retries

logger = logging.getLogger("secondvoice.worker")

#: How long a stopping worker tries to record what its last deliveries came to.
LAST_RECORD_SECONDS = 5.0
_Finished = tuple[Claimed, Outcome]


class Worker:
    """Claims due outbox messages, delivers them in threads, and records how it went.

    A message is claimed only when a thread is free for it, so a lease begins with its delivery.
    One thread alone talks to the database about messages; a delivery holds no transaction open.

    Args:
        sessions: Makes sessions on the migrated database.
        notifiers: Returns the notifier of a method.
        now: The clock, aware.
        chores: What is done every round besides delivering, each in a transaction of its own.
        finish: Turns what may not stand in the outbox, such as entries of links, into what is
            sent; called just before sending.
        batch: Messages that one round delivers at most.
        threads: Deliveries under way at once.
        per_receiver: Deliveries under way to one receiver at once.
        lease: How long a claim keeps other workers away; longer than the slowest delivery.
        retries: When a delivery that failed is tried again.
        name: Tells this worker from the others; None makes one up.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        notifiers: Callable[[str], Notifier],
        *,
        now: Callable[[], datetime],
        chores: tuple[Chore, ...] = (),
        finish: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
        batch: int = 20,
        threads: int = 1,
        per_receiver: int = 1,
        lease: timedelta = timedelta(seconds=60),
        retries: Retries | None = None,
        name: str | None = None,
    ) -> None:
        self._sessions = sessions
        self._notifiers = notifiers
        self._now = now
        self._chores = chores
        self._finish = finish
        self._batch = batch
        self._threads = threads
        self._lease = lease
        self._retries = retries or Retries()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="delivery")
        self._lanes = Lanes(width=per_receiver)
        self._finished: queue.SimpleQueue[_Finished] = queue.SimpleQueue()
        self._unrecorded: list[_Finished] = []
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

    def run_once(self, *, stop: threading.Event | None = None) -> int:
        """Do every chore, then deliver what is due, at most one batch.

        Args:
            stop: When it is set, the round ends after the messages in hand.

        Returns:
            How many messages were tried.
        """
        do_chores(self._chores, sessions=self._sessions, now=self._now)
        tried = 0
        while True:
            stopped = stop is not None and stop.is_set()
            claimed = self._turn(0 if stopped else self._batch - tried)
            tried += claimed
            if not claimed and not self._lanes.under_way:
                return tried
            self._collect(seconds=None)

    def run_forever(self, stop: threading.Event, *, poll_seconds: float = 1.0) -> None:
        """Do chores and deliver until told to stop; a database that is away ends nothing.

        Chores have a thread of their own, so that a long one holds up no delivery.

        Args:
            stop: Ends the loop.
            poll_seconds: Wait between two looks at an empty outbox, and between two rounds of
                chores.
        """
        keeper = threading.Thread(
            target=self._keep_doing_chores, args=(stop,), kwargs={"pause": poll_seconds}
        )
        keeper.start()
        try:
            while not stop.is_set():
                try:
                    self._turn(self._threads)
                except SQLAlchemyError as error:
                    logger.error("database is away: %s", type(error).__name__)
                    stop.wait(poll_seconds)
                else:
                    self._collect(seconds=poll_seconds, stop=stop)
        finally:
            self._finish_in_hand()
            keeper.join()

    def _turn(self, most: int) -> int:
        """Record what has come back and claim what is due, in one transaction.

        Args:
            most: How many to claim at most; the threads that are free bound it too.

        Returns:
            How many messages set out.
        """
        free = min(most, self._threads - self._lanes.under_way)
        if not self._unrecorded and free <= 0:
            return 0
        try:
            claimed = self._record_and_claim(self._unrecorded, free)
        except OperationalError:
            raise  # The database is away or busy: everything is tried again as it is.
        except SQLAlchemyError:
            if not self._unrecorded:
                raise
            self._record_one_by_one()
            claimed = []
        self._unrecorded.clear()
        for message in claimed:
            self._lanes.enter(message.receiver)
            self._pool.submit(self._deliver, message)
        return len(claimed)

    def _record_and_claim(self, finished: list[_Finished], free: int) -> list[Claimed]:
        now = self._now()
        with self._sessions.begin() as session:
            if finished:
                outcomes = [outcome for _, outcome in finished]
                outbox.record(session, outcomes, worker=self.name)
            if free <= 0:
                return []
            return outbox.claim(
                session,
                worker=self.name,
                now=now,
                lease=self._lease,
                limit=free,
                room=self._lanes.room,
            )

    def _record_one_by_one(self) -> None:
        """Record each outcome by itself, so that one that cannot be stored spoils no other."""
        for finished in self._unrecorded:
            try:
                self._record_and_claim([finished], 0)
            except SQLAlchemyError as error:
                # Its lease ends, and it is tried again.
                logger.error("message %s: %s", finished[0].id, type(error).__name__)

    def _collect(self, *, seconds: float | None, stop: threading.Event | None = None) -> None:
        """Wait until something has come back, and take all of it.

        Args:
            seconds: How long to wait at most; None for as long as anything is under way.
            stop: Ends the waiting early.
        """
        if seconds is None and not self._lanes.under_way:
            return
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            # A signal may set the event while this thread waits; it looks every now and then.
            wait = 0.2 if deadline is None else min(0.2, deadline - time.monotonic())
            try:
                self._take(self._finished.get(timeout=max(wait, 0)))
                break
            except queue.Empty:
                late = deadline is not None and time.monotonic() >= deadline
                if late or (stop is not None and stop.is_set()):
                    return
        while not self._finished.empty():
            self._take(self._finished.get())

    def _take(self, finished: _Finished) -> None:
        message, outcome = finished
        self._lanes.leave(message.receiver, delivered=outcome.error is None)
        self._unrecorded.append(finished)

    def _finish_in_hand(self) -> None:
        """Let deliveries that are under way end, and record all that is not recorded yet."""
        while self._lanes.under_way:
            self._collect(seconds=None)
        until = time.monotonic() + LAST_RECORD_SECONDS
        while self._unrecorded and time.monotonic() < until:
            try:
                self._turn(0)
            except SQLAlchemyError as error:
                logger.error("database is away: %s", type(error).__name__)
                time.sleep(LAST_RECORD_SECONDS / 20)

    def _keep_doing_chores(self, stop: threading.Event, *, pause: float) -> None:
        while self._chores and not stop.is_set():
            do_chores(self._chores, sessions=self._sessions, now=self._now)
            stop.wait(pause)

    def _deliver(self, claimed: Claimed) -> None:
        """Deliver in a thread, outside any transaction; whatever happens, say how it went."""
        error: Exception | None = None
        try:
            self._send(claimed)
        except Exception as raised:  # Whatever goes wrong with one must not stop the others.
            error = raised
        self._finished.put((claimed, self._outcome(claimed, error)))

    def _send(self, claimed: Claimed) -> None:
        body = self._finish(claimed.body)
        message = Message(
            dedupe_key=claimed.dedupe_key,
            recipient=claimed.recipient,
            subject=claimed.subject,
            text=str(body.get("text", "")),
            body=body,
        )
        self._notifiers(claimed.method).send(message)

    def _outcome(self, claimed: Claimed, error: Exception | None) -> Outcome:
        """Judge an attempt and tell the log of it."""
        method, now = method_name(claimed.method), self._now()
        if error is None:
            logger.info("message %s sent by %s", claimed.id, method)
            return Outcome(message_id=claimed.id, at=now)
        attempt = claimed.attempts + 1
        asked = error.retry_after if isinstance(error, DeliveryError) else None
        wait = self._retries.wait_after(attempt, asked=asked)
        if isinstance(error, UndeliverableError):
            wait = None
        # Errors of other libraries may quote URLs with passwords or customers' words.
        known = isinstance(error, SecondVoiceError)
        reason = " ".join(str(error).split()) if known else type(error).__name__
        if wait is None:
            logger.error("message %s dead after %s by %s: %s", claimed.id, attempt, method, reason)
        else:
            logger.warning(
                "message %s failed by %s, again in %.0f s: %s",
                *(claimed.id, method, wait.total_seconds(), reason),
            )
        retry_at = None if wait is None else now + wait
        return Outcome(message_id=claimed.id, at=now, error=reason, retry_at=retry_at)
