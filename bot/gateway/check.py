"""The check API: one text in, what the recogniser says of it out, and nothing kept."""

from __future__ import annotations

import logging
import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.errors import LimitExceededError, ModelError
from bot.gateway.api import TheGateway, address_of
from bot.gateway.messages import ProblemResponse
from bot.gateway.problems import RefusedError, request_language, too_many
from bot.gateway.text import clean
from bot.recognition.language import LANGUAGES

logger = logging.getLogger("secondvoice.gateway")


class CheckRequest(BaseModel):
    """Ask what a text is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(description="What was said or written; it is not kept.")
    language: str | None = Field(
        None, description="Language of the reasons, such as en or zh; else that of the text."
    )


class CheckedScript(BaseModel):
    """A scam script and how well it fits."""

    id: str
    score: float = Field(description="0 to 1.")


class CheckedStage(BaseModel):
    """How far the caller is in his plan."""

    script: str
    id: str
    step: int = Field(description="Number of the stage, from 1.")
    of: int = Field(description="How many stages the script has.")


class CheckedRedFlag(BaseModel):
    """One warning sign, in the words of the text."""

    id: str
    start: int = Field(description="Offset of the first character (code point) in the text sent.")
    end: int = Field(description="Offset behind the last character.")
    quote: str = Field(description="The words; card numbers and codes in them are masked.")
    why: str


class CheckAnswer(BaseModel):
    """What the recogniser says of one text: a line of ``secondvoice check --jsonl``."""

    id: int = Field(description="Always 1, the number of the text.")
    lang: str
    level: str = Field(description="clear (nothing seen, never safe), unsure, suspicious or scam.")
    exposure: str = Field(description="asking, contacted, engaged, disclosed or paid.")
    score: float = Field(description="0 to 1.")
    scripts: list[CheckedScript] = Field(description="Best first.")
    stage: CheckedStage | None
    next: str | None = Field(description="What the caller will say next.")
    red_flags: list[CheckedRedFlag]


router = APIRouter(
    prefix="/api/check",
    responses={code: {"model": ProblemResponse} for code in (413, 422, 429, 503)},
)


@router.post("", response_model=CheckAnswer)
async def check(
    body: CheckRequest, request: Request, gateway: TheGateway
) -> dict[str, Any] | JSONResponse:
    """Tell whether a text fits a known scam script, with every reason quoted.

    The text is assessed in memory and neither stored nor logged.
    """
    spoken = request_language(request, gateway, wish=body.language)
    started = time.monotonic()
    try:
        gateway.limits.count_check(address=address_of(request, gateway))
    except LimitExceededError as error:
        return too_many(gateway, error, language=spoken)
    _refuse_unusable(body.text, longest=gateway.settings.text_characters, language=spoken)
    try:
        checked = await gateway.checker.check(body.text, language=_reasons_in(body.language))
    except ModelError as error:
        raise RefusedError(503, "failed", language=spoken) from error
    logger.info(
        "text checked level=%s lang=%s ms=%d",
        checked["level"],
        checked["lang"],
        (time.monotonic() - started) * 1000,
    )
    return checked


def _refuse_unusable(text: str, *, longest: int, language: str) -> None:
    if not clean(text):
        raise RefusedError(422, "empty", language=language)
    if len(text) > longest:
        raise RefusedError(422, "too_long", language=language, count=longest)


def _reasons_in(wish: str | None) -> str | None:
    """Return the language wished for, where we speak it."""
    tag = (wish or "").lower().split("-")[0]
    return tag if tag in LANGUAGES else None
