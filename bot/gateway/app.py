"""The gateway's application: the only part of Second Voice that the internet sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
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
    learning,
    packets,
    pages,
    problems,
    pushed,
    widget,
)
from bot.gateway.middleware import BodyLimit, Failures, SecurityHeaders
from bot.gateway.telegram import webhook as telegram_webhook
from bot.gateway.telegram.service import WEBHOOK_PATH as TELEGRAM_PATH
from bot.gateway.telegram.service import called_by_telegram
from bot.gateway.whatsapp import webhook as whatsapp_webhook
from bot.gateway.whatsapp.service import WEBHOOK_PATH as WHATSAPP_PATH
from bot.gateway.whatsapp.service import called_by_meta
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
    whatsapp = called_by_meta(gateway)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for messenger in (telegram, whatsapp):
                if messenger:
                    await stack.enter_async_context(messenger.serving())
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
    app.include_router(learning.router)
    app.include_router(packets.router)
    app.include_router(pages.router)
    app.include_router(pushed.router)
    larger: dict[str, int] = {}
    if telegram:
        app.include_router(telegram_webhook.webhook_router(telegram))
        larger[TELEGRAM_PATH] = telegram_webhook.BODY_BYTES
    if whatsapp:
        app.include_router(whatsapp_webhook.webhook_router(whatsapp))
        larger[WHATSAPP_PATH] = whatsapp_webhook.BODY_BYTES
    app.include_router(widget.router)
    app.mount("/static", GZipMiddleware(pages.CachedStatic(directory=pages.STATIC)))
    problems.install(app, gateway)

    def answer(request: Request, status: int) -> JSONResponse:
        language = problems.request_language(request, gateway)
        return problems.problem(gateway, status, _NAMES[status], language=language)

    # The last one added is the outermost.
    app.add_middleware(BodyLimit, most=settings.body_bytes, larger=larger, answer=answer)
    app.add_middleware(Failures, answer=answer)
    app.add_middleware(SecurityHeaders)
    return app
