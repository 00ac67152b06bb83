"""What comes to a chat by itself, as server-sent events: the chat listens instead of asking."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import LimitExceededError
from bot.gateway.api import TheGateway, address_of
from bot.gateway.messages import ProblemResponse
from bot.gateway.problems import RefusedError, problem, request_language
from bot.gateway.pushed import LARGEST_NUMBER, MOST, Pushed, conversation_of, messages_after
from bot.gateway.tokens import Conversation
from bot.gateway.watching import Listener
from bot.gateway.wiring import Gateway

logger = logging.getLogger("secondvoice.gateway")

HEARTBEAT_SECONDS = 15.0
"""Proxies and browsers give up a connection that is silent for longer than about half a minute."""

router = APIRouter(
    prefix="/api/chat",
    responses={code: {"model": ProblemResponse} for code in (401, 422, 429, 503)},
)


@router.get(
    "/events",
    response_model=None,
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}},
)
async def events(
    request: Request,
    gateway: TheGateway,
    authorization: Annotated[
        str, Header(description="Bearer and the conversation token, which no address may hold.")
    ] = "",
    last_event_id: Annotated[
        int, Header(ge=0, le=LARGEST_NUMBER, description="Number of the last message known.")
    ] = 0,
) -> StreamingResponse | JSONResponse:
    """Send what comes to the chat by itself, each message as an event with its number."""
    language = request_language(request, gateway)
    conversation = conversation_of(gateway, authorization, language=language)
    stack = ExitStack()
    try:
        gateway.limits.count_poll(
            conversation=conversation.id, address=address_of(request, gateway)
        )
        listener = stack.enter_context(
            gateway.watching.listening(conversation.address, after=last_event_id)
        )
    except LimitExceededError as error:
        answer = problem(gateway, 429, "limit", language=language)
        answer.headers["Retry-After"] = str(int(error.retry_after + 0.999))
        return answer
    try:
        first = await messages_after(gateway, conversation, last_event_id)
    except (SQLAlchemyError, TimeoutError) as error:
        stack.close()
        raise RefusedError(503, "failed", language=language) from error
    except BaseException:  # The client has gone; its place is free again.
        stack.close()
        raise
    return _EventStream(
        _events(gateway, conversation, listener, first),
        stack=stack,
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


class _EventStream(StreamingResponse):
    """A stream that gives its place back, even when the client has gone before it began."""

    def __init__(self, content: AsyncIterator[str], *, stack: ExitStack, **more: object) -> None:
        super().__init__(content, **more)  # type: ignore[arg-type]
        self._stack = stack

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        """Serve the stream to its end."""
        with self._stack:
            await super().__call__(scope, receive, send)


async def _events(
    gateway: Gateway, conversation: Conversation, listener: Listener, first: list[Pushed]
) -> AsyncIterator[str]:
    """Yield events until the conversation expires, the store is away or the process ends."""
    messages = first
    # The first bytes tell the client that nothing on the way holds them back.
    yield ": listening\n\n"
    while not gateway.watching.closing:
        for message in messages[:MOST]:
            listener.after = message.id
            yield f"id: {message.id}\ndata: {message.model_dump_json()}\n\n"
        if len(messages) <= MOST and not await listener.wait(HEARTBEAT_SECONDS):
            yield ": still here\n\n"
        if gateway.now() >= conversation.expires:
            return
        try:
            messages = await messages_after(gateway, conversation, listener.after)
        except (SQLAlchemyError, TimeoutError):
            return
