"""What comes to a chat by itself: the chat asks for it every few seconds."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from bot.casework.database import reading_factory
from bot.casework.pushes import pushed_after
from bot.errors import LimitExceededError, SignatureError
from bot.gateway.api import TheGateway, address_of
from bot.gateway.messages import Message, ProblemResponse
from bot.gateway.problems import RefusedError, problem, request_language
from bot.gateway.tokens import Conversation
from bot.gateway.wiring import Gateway

logger = logging.getLogger("secondvoice.gateway")

MOST = 50
"""Messages of one answer; whoever has missed more asks again."""

LARGEST_NUMBER = 2**31 - 1
TOKEN_CHARACTERS = 1000

router = APIRouter(
    prefix="/api/chat",
    responses={code: {"model": ProblemResponse} for code in (401, 422, 429, 503)},
)


class Pushed(Message):
    """One message that came by itself."""

    id: int = Field(description="Its number; larger than that of any earlier one of the chat.")
    at: datetime


class PushedMessages(BaseModel):
    """What has come since."""

    messages: list[Pushed]
    more: bool = Field(description="There are further ones; ask again at once.")


@router.get("/messages", response_model=PushedMessages)
async def pushed_messages(
    request: Request,
    gateway: TheGateway,
    after: Annotated[
        int, Query(ge=0, le=LARGEST_NUMBER, description="Number of the last message known.")
    ] = 0,
    authorization: Annotated[
        str, Header(description="Bearer and the conversation token, which no address may hold.")
    ] = "",
) -> PushedMessages | JSONResponse:
    """Return what has come to the chat by itself since a message, the oldest first."""
    language = request_language(request, gateway)
    conversation = conversation_of(gateway, authorization, language=language)
    try:
        gateway.limits.count_poll(
            conversation=conversation.id, address=address_of(request, gateway)
        )
    except LimitExceededError as error:
        answer = problem(gateway, 429, "limit", language=language)
        answer.headers["Retry-After"] = str(int(error.retry_after + 0.999))
        return answer
    try:
        messages = await messages_after(gateway, conversation, after)
    except (SQLAlchemyError, TimeoutError) as error:
        raise RefusedError(503, "failed", language=language) from error
    return PushedMessages(messages=messages[:MOST], more=len(messages) > MOST)


def conversation_of(gateway: Gateway, authorization: str, *, language: str) -> Conversation:
    """Return the conversation whose token the header carries.

    Args:
        gateway: The wired parts.
        authorization: The header's value.
        language: What a refusal is said in.

    Raises:
        RefusedError: The token is missing or not good.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or len(token) > TOKEN_CHARACTERS:
        raise RefusedError(401, "signature", language=language)
    try:
        return gateway.conversations.read(token.strip())
    except SignatureError as error:
        raise RefusedError(401, "signature", language=language) from error


async def messages_after(gateway: Gateway, conversation: Conversation, after: int) -> list[Pushed]:
    """Return what has come since a message: one more than is sent where there are more.

    Args:
        gateway: The wired parts.
        conversation: Whose messages.
        after: Number of the last message known.

    Raises:
        SQLAlchemyError: The store is away.
        TimeoutError: It does not answer in time.
    """
    try:
        async with asyncio.timeout(gateway.settings.answer_seconds):
            return await to_thread.run_sync(
                _read, gateway, conversation.address, after, abandon_on_cancel=True
            )
    except (SQLAlchemyError, TimeoutError) as error:
        logger.warning(
            "messages not read conversation=%s: %s", conversation.id[:8], type(error).__name__
        )
        raise


def _read(gateway: Gateway, address: str, after: int) -> list[Pushed]:
    """Read one message more than is sent, which tells whether there are more."""
    with reading_factory(gateway.engine)() as session:
        rows = pushed_after(session, address, after=after, most=MOST + 1)
        return [Pushed.model_validate({**row.body, "id": row.id, "at": row.at}) for row in rows]
