"""Is the process up, and can it do its work?"""

from __future__ import annotations

from anyio import fail_after, to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.casework.database import check_migrated
from bot.errors import SecondVoiceError
from bot.gateway.api import TheGateway
from bot.gateway.wiring import Gateway

router = APIRouter()

CHECK_SECONDS = 2.0


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Say that the process is up."""
    return {"status": "up"}


@router.get("/readyz")
async def readyz(gateway: TheGateway) -> JSONResponse:
    """Say part by part what is ready; 503 while anything is not."""
    parts = {"rasa": await _rasa(gateway), "database": await _database(gateway)}
    ready = all(state == "ready" for state in parts.values())
    body = {"status": "ready" if ready else "not ready", "parts": parts}
    return JSONResponse(body, status_code=200 if ready else 503)


async def _rasa(gateway: Gateway) -> str:
    try:
        with fail_after(CHECK_SECONDS):
            await gateway.rasa.check()
    except (SecondVoiceError, TimeoutError):
        return "not ready"
    return "ready"


async def _database(gateway: Gateway) -> str:
    url = gateway.settings.effective_database_url
    try:
        with fail_after(CHECK_SECONDS):
            await to_thread.run_sync(check_migrated, url, abandon_on_cancel=True)
    except (SecondVoiceError, TimeoutError):
        return "not ready"
    return "ready"
