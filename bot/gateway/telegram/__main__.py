"""Run Telegram by polling, as a process of its own: ``python -m bot.gateway.telegram``."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from bot.casework.database import check_migrated
from bot.errors import ConfigurationError, SecondVoiceError
from bot.gateway.telegram.service import Telegram
from bot.gateway.wiring import wire
from bot.settings import Settings, get_settings


def main() -> int:
    """Fetch and answer until stopped.

    Returns:
        The exit status: 2 when the configuration cannot be used.
    """
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = get_settings()
        check(settings)
        check_migrated(settings.effective_database_url)
        asyncio.run(serve(settings))
    except SecondVoiceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def check(settings: Settings) -> None:
    """Check that there is something to do.

    Raises:
        ConfigurationError: There is no token, or Telegram calls the gateway.
    """
    if not settings.telegram_token:
        raise ConfigurationError("SECONDVOICE_TELEGRAM_TOKEN is not set; get one from @BotFather.")
    if settings.telegram_mode != "polling":
        raise ConfigurationError(
            "SECONDVOICE_TELEGRAM_MODE is webhook: the gateway itself answers Telegram."
        )


async def serve(settings: Settings) -> None:
    """Fetch and answer until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    gateway = wire(settings, checks=False)
    try:
        await Telegram(gateway).poll(stop)
    finally:
        await gateway.close()


if __name__ == "__main__":
    sys.exit(main())
