"""Starts the action server on the loopback interface: ``python -m actions``."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app_for_serve
from rasa_sdk.executor import ActionExecutor

from actions.services import get_services
from bot.settings import get_settings


def main() -> None:
    """Serve in one process; the supervisor watches over it."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    # Rasa 3.6 and the current SDK speak the same protocol; a test proves it at every run.
    logging.getLogger("rasa_sdk.utils").setLevel(logging.ERROR)
    get_services().warm_up()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app_for_serve(executor, cors_origins=None)
    app.run(
        host="127.0.0.1",
        port=get_settings().actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
