"""The bank says during a chat who is chatting: the customer has logged in on its page."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.errors import ConflictError, LimitExceededError, SignatureError, UnavailableError
from bot.gateway.api import TheGateway, address_of
from bot.gateway.messages import ProblemResponse
from bot.gateway.problems import RefusedError, problem, request_language
from bot.gateway.pushed import conversation_of

router = APIRouter(
    prefix="/api/chat",
    responses={code: {"model": ProblemResponse} for code in (401, 403, 409, 422, 429, 503)},
)


class CustomerRequest(BaseModel):
    """Say who is chatting; there is no unsigned way to."""

    model_config = ConfigDict(extra="forbid", strict=True)

    customer_token: str = Field(
        max_length=1000, description="Signed by the bank for a customer who has logged in."
    )


class CustomerAnswer(BaseModel):
    """Whether the casework knows him."""

    identified: bool = Field(description="False when the customer's code is unknown here.")


@router.post("/customer", response_model=CustomerAnswer)
async def name_customer(
    body: CustomerRequest,
    request: Request,
    gateway: TheGateway,
    authorization: Annotated[str, Header(description="Bearer and the conversation token.")] = "",
) -> CustomerAnswer | JSONResponse:
    """Bind a conversation that began with a visitor to the customer whom the bank names."""
    language = request_language(request, gateway)
    conversation = conversation_of(gateway, authorization, language=language)
    try:
        gateway.limits.count_start(address=address_of(request, gateway))
        code = gateway.customer_tokens.read(body.customer_token)
        bound = await to_thread.run_sync(gateway.customers.bind, conversation, code)
    except LimitExceededError as error:
        answer = problem(gateway, 429, "limit", language=language)
        answer.headers["Retry-After"] = str(int(error.retry_after + 0.999))
        return answer
    except SignatureError as error:
        raise RefusedError(403, "customer", language=language) from error
    except ConflictError as error:
        raise RefusedError(409, "other_customer", language=language) from error
    except UnavailableError as error:
        raise RefusedError(503, "failed", language=language) from error
    return CustomerAnswer(identified=bound)
