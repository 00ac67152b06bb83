"""Doing the chores: each in a transaction of its own, none in the way of the others."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from bot.chores import Chore

logger = logging.getLogger("secondvoice.worker")


def do_chores(
    chores: tuple[Chore, ...], *, sessions: sessionmaker[Session], now: Callable[[], datetime]
) -> None:
    """Do each chore once; whatever goes wrong with one is logged and keeps nothing of it.

    Args:
        chores: What is to be done, in this order.
        sessions: Makes sessions on the migrated database.
        now: The clock, aware.
    """
    for chore in chores:
        try:
            with sessions.begin() as session:
                moved = chore(session, now())
        except Exception as error:
            # Errors of other libraries may quote customers' words; the place finds the fault.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "%s failed: %s at %s:%s",
                *(_name(chore), type(error).__name__, place.filename, place.lineno),
            )
        else:
            if moved:
                logger.info("%s: %s", _name(chore), moved)


def _name(chore: Chore) -> str:
    """Return what the log calls a chore; one with its arguments bound has its function's name."""
    inner = chore.func if isinstance(chore, partial) else chore
    return str(getattr(inner, "__name__", type(inner).__name__)).replace("_", " ").strip()
