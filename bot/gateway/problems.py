"""Every error as the same small JSON: what went wrong and what to do, in words for people."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import LimitExceededError, SecondVoiceError
from bot.gateway.messages import Problem, ProblemResponse
from bot.gateway.wiring import Gateway

_NAMES_BY_STATUS = {401: "signature", 404: "not_found", 405: "method", 413: "too_large"}


class RefusedError(SecondVoiceError):
    """A request is refused.

    Args:
        status: The HTTP status.
        name: The entry of ``errors`` in the strings.
        language: The language to say it in; None for that of the request.
        values: What fills the entry's braces.
    """

    def __init__(
        self, status: int, name: str, *, language: str | None = None, **values: object
    ) -> None:
        self.status = status
        self.name = name
        self.language = language
        self.values = values
        super().__init__(name)


def install(app: FastAPI, gateway: Gateway) -> None:
    """Make an application answer its errors in our form.

    Args:
        app: The application.
        gateway: Where the words come from.
    """

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> JSONResponse:
        language = error.language or request_language(request, gateway)
        return problem(gateway, error.status, error.name, language=language, values=error.values)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        body = error.body if isinstance(error.body, dict) else {}
        language = request_language(request, gateway, wish=body.get("language"))
        values = {"problems": _problems(error)}
        return problem(gateway, 422, "invalid", language=language, values=values)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        name = _NAMES_BY_STATUS.get(error.status_code, "invalid")
        language = request_language(request, gateway)
        values = {"problems": error.detail}
        return problem(gateway, error.status_code, name, language=language, values=values)


def problem(
    gateway: Gateway,
    status: int,
    name: str,
    *,
    language: str,
    values: dict[str, Any] | None = None,
) -> JSONResponse:
    """Return the response for one kind of error."""
    words = gateway.strings.of(language)["errors"][name]
    for key, value in (values or {}).items():
        words = {k: text.replace("{" + key + "}", str(value)) for k, text in words.items()}
    body = ProblemResponse(error=Problem(**words))
    return JSONResponse({"error": body.error.model_dump()}, status_code=status)


def too_many(gateway: Gateway, error: LimitExceededError, *, language: str) -> JSONResponse:
    """Return the 429 answer, which still counsels: a limit must never mean silence."""
    answer = gateway.turns.safe(language)
    words = gateway.strings.of(language)["errors"]["limit"]
    body = ProblemResponse(error=Problem(**words), messages=answer.messages, degraded=True)
    headers = {"Retry-After": str(int(error.retry_after + 0.999))}
    return JSONResponse(body.model_dump(), status_code=429, headers=headers)


def request_language(request: Request, gateway: Gateway, *, wish: object = None) -> str:
    """Return the language of a request: the one named, else what the browser prefers."""
    named = wish if isinstance(wish, str) else request.query_params.get("lang")
    return gateway.strings.language(named, request.headers.get("accept-language"))


def _problems(error: RequestValidationError) -> str:
    """Return what is wrong with a request without repeating any of its values."""
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc'] if part != 'body')[:80] or 'body'}: "
        f"{item['msg']}"
        for item in error.errors()[:5]
    )
