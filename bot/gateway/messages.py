"""The shapes that cross the chat API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class StartRequest(_Strict):
    """Ask for a conversation."""

    language: str | None = Field(None, description="Language of the page, such as en or zh.")
    customer_token: str | None = Field(
        None, max_length=1000, description="Signed by the bank for a customer who has logged in."
    )
    card_token: str | None = Field(
        None, max_length=64, description="From a contact card; says who it may be, no more."
    )


class MessageRequest(_Strict):
    """Say something."""

    conversation: str = Field(max_length=1000, description="The signed conversation token.")
    text: str = Field(description="What the customer writes, or the title of the button pressed.")
    language: str | None = Field(None, description="Set when the customer has switched language.")


class Button(BaseModel):
    """A suggested reply; pressing it sends its title as text."""

    title: str


class Message(BaseModel):
    """One message of the assistant."""

    text: str
    lang: str
    buttons: list[Button] = []
    card: dict[str, Any] | None = Field(None, description="A contact card to show as such.")
    link: str | None = Field(None, description="A page of ours to open, such as a report.")


class Answer(BaseModel):
    """What the customer gets for one message."""

    messages: list[Message]
    degraded: bool = Field(description="The static answer: nobody has been told.")


class Started(BaseModel):
    """A conversation that was opened."""

    conversation: str
    expires: datetime
    language: str
    identified: bool = Field(description="The bank has told us who the customer is.")
    by_card: bool = Field(False, description="A good contact card says who the customer may be.")
    messages: list[Message]


class Problem(BaseModel):
    """What went wrong, and what to do."""

    what: str
    do: str


class ProblemResponse(BaseModel):
    """The body of every error."""

    error: Problem
    messages: list[Message] = []
    degraded: bool = False
