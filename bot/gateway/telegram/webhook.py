"""Where Telegram calls: kept first, then acknowledged; answered afterwards."""

from __future__ import annotations

import json
import logging

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from bot.gateway.telegram.service import WEBHOOK_PATH, Telegram

logger = logging.getLogger("secondvoice.telegram")

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
BODY_BYTES = 262_144
"""Telegram writes other scripts as escapes and quotes whole messages; it tries a refused one again
and again, so that a limit for people would only hold it up."""


def webhook_router(telegram: Telegram) -> APIRouter:
    """Return the route for Telegram's calls.

    Args:
        telegram: Keeps what comes.
    """
    router = APIRouter(include_in_schema=False)

    @router.post(WEBHOOK_PATH)
    async def webhook(request: Request) -> Response:
        if not telegram.is_telegram(request.headers.get(SECRET_HEADER, "")):
            return Response(status_code=401)
        try:
            await telegram.take(json.loads(await request.body()))
        except SQLAlchemyError as error:
            logger.error("an update was not kept: %s", type(error).__name__)
            return Response(status_code=503)  # Telegram brings it again.
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # Brought again it would be no better, and it would hold up the others.
            logger.error("an update cannot be read: %s", type(error).__name__)
        return Response(status_code=200)

    return router
