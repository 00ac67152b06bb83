"""Where Meta calls: the signature first, then kept, then acknowledged; answered afterwards."""

from __future__ import annotations

import json
import logging

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from bot.errors import UnavailableError
from bot.gateway.whatsapp.service import WEBHOOK_PATH, WhatsApp

logger = logging.getLogger("secondvoice.whatsapp")

SIGNATURE_HEADER = "X-Hub-Signature-256"
BODY_BYTES = 3_145_728
"""Meta bundles what it brings, up to three megabytes; it tries a refused one again and again."""


def webhook_router(whatsapp: WhatsApp) -> APIRouter:
    """Return the routes for Meta's calls.

    Args:
        whatsapp: Keeps what comes.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(WEBHOOK_PATH)
    def verify(request: Request) -> Response:
        """Prove to Meta that the address is ours, when the webhook is registered."""
        asked = request.query_params
        known = whatsapp.knows_verify_token(asked.get("hub.verify_token", ""))
        if asked.get("hub.mode") != "subscribe" or not known:
            return Response(status_code=403)
        return PlainTextResponse(asked.get("hub.challenge", ""))

    @router.post(WEBHOOK_PATH)
    async def webhook(request: Request) -> Response:
        body = await request.body()
        if not whatsapp.is_meta(request.headers.get(SIGNATURE_HEADER, ""), body):
            return Response(status_code=401)
        try:
            payload = json.loads(body)
        except ValueError:
            logger.error("a webhook is no JSON")  # Brought again it would be no better.
            return Response(status_code=200)
        try:
            await whatsapp.take(payload)
        except (SQLAlchemyError, UnavailableError) as error:
            logger.error("a webhook was not kept: %s", type(error).__name__)
            return Response(status_code=503)  # Meta brings it again.
        return Response(status_code=200)

    return router
