"""The gateway's application: the only part of Second Voice that the internet sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import GZipMiddleware

from bot.gateway import (
    acknowledge,
    api,
    cards,
    check,
    customer_api,
    events,
    health,
    packets,
    pages,
    problems,
    pushed,
    widget,
)
from bot.gateway.middleware import BodyLimit, Failures, SecurityHeaders
from bot.gateway.telegram.service import WEBHOOK_PATH, called_by_telegram
from bot.gateway.telegram.webhook import BODY_BYTES, webhook_router
from bot.gateway.wiring import utc_now, wire
from bot.settings import Settings

_NAMES = {413: "too_large", 500: "failed"}


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """Make the gateway's application.

    Args:
        settings: All settings.
        now: The clock; aware UTC.

    Raises:
        ConfigurationError: A setting or the bank's file cannot be used.
    """
    gateway = wire(settings, now=now)
    telegram = called_by_telegram(gateway)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with telegram.serving() if telegram else nullcontext():
            yield
        await gateway.close()

    app = FastAPI(
        title="Second Voice",
        summary="The chat and the check API of the second voice on the line.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.gateway = gateway
    app.include_router(acknowledge.router)
    app.include_router(api.router)
    app.include_router(cards.router)
    app.include_router(check.router)
    app.include_router(customer_api.router)
    app.include_router(events.router)
    app.include_router(health.router)
    app.include_router(packets.router)
    app.include_router(pages.router)
    app.include_router(pushed.router)
    app.include_router(widget.router)
    if telegram:
        app.include_router(webhook_router(telegram))
    app.mount("/static", GZipMiddleware(pages.CachedStatic(directory=pages.STATIC)))
    problems.install(app, gateway)

    def answer(request: Request, status: int) -> JSONResponse:
        language = problems.request_language(request, gateway)
        return problems.problem(gateway, status, _NAMES[status], language=language)

    # The last one added is the outermost.
    larger = {WEBHOOK_PATH: BODY_BYTES} if telegram else {}
    app.add_middleware(BodyLimit, most=settings.body_bytes, larger=larger, answer=answer)
    app.add_middleware(Failures, answer=answer)
    app.add_middleware(SecurityHeaders)
    return app
