"""Run the gateway: ``python -m bot.gateway``."""

from __future__ import annotations

import logging
import sys

from bot.errors import ConfigurationError
from bot.gateway.app import create_app
from bot.gateway.server import make_server
from bot.settings import get_settings


def main() -> int:
    """Serve until stopped.

    Returns:
        The exit status: 2 when the configuration cannot be used.
    """
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    # These would write a line for every request to Rasa and every look at the database.
    for chatty in ("httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = get_settings()
        app = create_app(settings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    server = make_server(app, settings)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
