"""The chat API: open a conversation, say something in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from bot.counsel.phrases import phrases
from bot.errors import LimitExceededError, SignatureError, UnavailableError
from bot.gateway.channels import UnheardError
from bot.gateway.limits import client_address
from bot.gateway.messages import (
    Answer,
    Button,
    Message,
    MessageRequest,
    ProblemResponse,
    Started,
    StartRequest,
)
from bot.gateway.problems import RefusedError, request_language, too_many
from bot.gateway.tokens import Conversation
from bot.gateway.wiring import Gateway
from bot.recognition.language import language_in_talk

logger = logging.getLogger("secondvoice.gateway")

router = APIRouter(
    prefix="/api/chat",
    responses={code: {"model": ProblemResponse} for code in (401, 413, 422, 429)},
)


def gateway_of(request: Request) -> Gateway:
    """Return the parts that the application was wired with."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def address_of(request: Request, gateway: Gateway) -> str:
    """Return the network address that a request is counted under."""
    return client_address(
        request.client.host if request.client else None,
        request.headers.getlist("x-forwarded-for"),
        trusted_proxies=gateway.settings.trusted_proxies,
    )


TheGateway = Annotated[Gateway, Depends(gateway_of)]


@router.post("/conversations", status_code=201, response_model=Started)
async def start_conversation(
    body: StartRequest, request: Request, gateway: TheGateway
) -> Started | JSONResponse:
    """Open a conversation, for a visitor or for the customer whom the bank's token names."""
    language = request_language(request, gateway, wish=body.language)
    try:
        gateway.limits.count_start(address=address_of(request, gateway))
    except LimitExceededError as error:
        return too_many(gateway, error, language=language)
    customer_code = _customer(gateway, body.customer_token, language=language)
    token, conversation = gateway.conversations.start(language)
    identified = customer_code is not None and await _noted(
        gateway, conversation, gateway.customers.bind, customer_code
    )
    # What the bank itself has signed counts for more than a card.
    by_card = (
        body.card_token is not None
        and not identified
        and await _noted(gateway, conversation, gateway.customers.bind_card, body.card_token)
    )
    logger.info(
        "conversation started conversation=%s language=%s identified=%s card=%s",
        conversation.id[:8],
        language,
        identified,
        by_card,
    )
    return Started(
        conversation=token,
        expires=conversation.expires,
        language=language,
        identified=identified,
        by_card=by_card,
        messages=[_greeting(gateway, language)],
    )


@router.post("/messages", response_model=Answer)
async def say(body: MessageRequest, request: Request, gateway: TheGateway) -> Answer | JSONResponse:
    """Say something and get the assistant's answer, within three seconds in any case."""
    spoken = request_language(request, gateway, wish=body.language)
    try:
        conversation = gateway.web.conversation(body)
    except SignatureError as error:
        raise RefusedError(401, "signature", language=spoken) from error
    language = gateway.strings.language(body.language, conversation.language)
    text = _text(gateway, body, language=language)
    try:
        gateway.limits.count_message(
            conversation=conversation.id, address=address_of(request, gateway)
        )
        answer = await gateway.turns.answer(text, conversation=conversation, language=language)
        gateway.payee_numbers.offer(body.text, conversation=conversation, late=answer.degraded)
        return answer
    except LimitExceededError as error:
        logger.warning("limit reached conversation=%s: %s", conversation.id[:8], error)
        answered_in = language_in_talk(text, previous=language)
        return too_many(gateway, error, language=answered_in)


def _customer(gateway: Gateway, token: str | None, *, language: str) -> str | None:
    if token is None:
        return None
    try:
        return gateway.customer_tokens.read(token)
    except SignatureError as error:
        raise RefusedError(401, "customer", language=language) from error


async def _noted(
    gateway: Gateway,
    conversation: Conversation,
    note: Callable[[Conversation, str], bool],
    who: str,
) -> bool:
    """Note who he is or may be; a store that is down must not keep him from being counselled."""
    try:
        async with asyncio.timeout(gateway.settings.answer_seconds):
            # The thread is left behind when the time is over; the customer does not wait for it.
            return await to_thread.run_sync(note, conversation, who, abandon_on_cancel=True)
    except (TimeoutError, UnavailableError) as error:
        logger.warning("customer not bound conversation=%s: %s", conversation.id[:8], error)
        return False


def _greeting(gateway: Gateway, language: str) -> Message:
    words = gateway.strings.of(language)["greeting"]
    titles = phrases(language).buttons
    buttons = [Button(title=titles[key]) for key in words["buttons"]]
    return Message(text=words["text"], lang=language, buttons=buttons, card=None)


def _text(gateway: Gateway, body: MessageRequest, *, language: str) -> str:
    try:
        return gateway.web.receive(body).text
    except UnheardError as error:
        longest = gateway.settings.text_characters
        raise RefusedError(422, error.why, language=language, count=longest) from error
