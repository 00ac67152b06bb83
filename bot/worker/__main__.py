"""Starts the worker: ``python -m bot.worker``."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from bot.bank import Bank, load_bank
from bot.casework.database import check_migrated, make_engine, session_factory
from bot.casework.packet_sending import PacketFinish
from bot.casework.payee_accounts import Vault
from bot.chores import chores
from bot.errors import ConfigurationError, SecondVoiceError
from bot.links import Links
from bot.notify import Methods
from bot.settings import Settings, get_settings
from bot.worker.loop import Worker
from bot.worker.retries import Retries

logger = logging.getLogger("secondvoice.worker")


def main() -> int:
    """Run the worker until SIGTERM or SIGINT.

    Returns:
        The exit code of the process.
    """
    logging.basicConfig(
        stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    settings = get_settings()
    engine = make_engine(settings.effective_database_url)
    try:
        check_migrated(settings.effective_database_url)
        worker = _worker(settings, engine)
    except SecondVoiceError as error:
        logger.error("%s", error)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logger.info("worker %s started", worker.name)
    try:
        worker.run_forever(stop)
    finally:
        engine.dispose()
    logger.info("worker %s stopped", worker.name)
    return 0


def _worker(settings: Settings, engine: Engine) -> Worker:
    """Wire a worker.

    Raises:
        ConfigurationError: A file that it needs cannot be used.
    """
    bank = load_bank(settings.bank_file)
    sessions = session_factory(engine, tiers=settings.tiers)
    links = Links(key=settings.key("secret_key"), base_url=settings.effective_public_url, now=_now)
    methods = Methods.from_settings(settings, sessions=sessions)
    _check_desk(bank, methods)
    return Worker(
        sessions,
        methods,
        now=_now,
        chores=chores(settings, bank),
        finish=PacketFinish(
            sessions, Vault(settings.key("vault_key")), finish=links.finish, now=_now
        ),
        threads=settings.delivery_threads,
        per_receiver=settings.delivery_per_receiver,
        lease=timedelta(seconds=settings.delivery_lease_seconds),
        retries=Retries(
            attempts=settings.delivery_attempts, first_wait=settings.delivery_first_wait_seconds
        ),
    )


def _check_desk(bank: Bank, methods: Methods) -> None:
    """Check that stop-payment packets can leave, before one is owed.

    Raises:
        ConfigurationError: A method of the operations desk cannot be used.
    """
    desk = bank.operations_desk
    for number, method in enumerate(desk.notify if desk else (), start=1):
        try:
            methods.check(method)
        except ValueError as error:
            raise ConfigurationError(
                f'operations_desk: method {number} of "notify" {error}; correct the bank\'s file.'
            ) from None


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
