"""The one way to Rasa: its REST webhook, on the private network, in bounded time."""

from __future__ import annotations

from typing import Any

import httpx

from bot.counsel.static import SAFE_ANSWER_MARKER
from bot.errors import UnavailableError
from bot.gateway.messages import Button, Message
from bot.recognition.language import language_of

# Rasa's web server closes idle connections after five seconds; we must be the first to do so.
_KEEPALIVE_SECONDS = 4.0


class RasaClient:
    """Posts messages to Rasa and reads its answers.

    Args:
        url: Base URL of the Rasa server.
        seconds: Longest wait for one answer.
    """

    def __init__(self, url: str, *, seconds: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(seconds, connect=min(1.0, seconds)),
            limits=httpx.Limits(
                max_connections=200,
                max_keepalive_connections=50,
                keepalive_expiry=_KEEPALIVE_SECONDS,
            ),
            trust_env=False,
        )

    async def ask(
        self, text: str, *, sender: str, language: str, question_left: bool = False
    ) -> list[Message]:
        """Return the assistant's messages for one masked message of a customer.

        Args:
            text: Masked text without a leading slash.
            sender: The contact's address.
            language: The language that the customer reads.
            question_left: Whether he has left the last question, so that this is no answer to it.

        Raises:
            UnavailableError: Rasa or the action server did not answer as it should.
        """
        metadata = {"language": language, **({"question_left": True} if question_left else {})}
        body = {"sender": sender, "message": text, "metadata": metadata}
        try:
            response = await self._client.post("/webhooks/rest/webhook", json=body)
            response.raise_for_status()
            messages = read_messages(response.json(), language=language)
        except httpx.HTTPError as error:
            raise UnavailableError(f"Rasa did not answer: {type(error).__name__}.") from error
        except ValueError as error:
            raise UnavailableError("Rasa answered with something that is no JSON.") from error
        if not messages:
            raise UnavailableError("Rasa answered with no message.")
        return messages

    async def check(self) -> None:
        """Ask whether Rasa can answer.

        Raises:
            UnavailableError: It cannot, or not yet.
        """
        try:
            # Rasa opens its port after it has loaded the model; its management API is locked.
            response = await self._client.get("/webhooks/rest/")
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise UnavailableError(f"Rasa is not ready: {type(error).__name__}.") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def read_messages(entries: Any, *, language: str) -> list[Message]:
    """Return Rasa's entries as messages; none when an entry asks for the safe answer.

    Rasa's REST channel sends text and custom data of one utterance as two entries; custom data
    (``{"card": {...}, "lang": "zh"}``) is joined to the message before it.

    Args:
        entries: The decoded body of Rasa's answer.
        language: Language of a message that does not say and does not show its own.
    """
    messages: list[Message] = []
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        text = str(entry.get("text") or "").strip()
        if SAFE_ANSWER_MARKER in text:
            return []
        buttons = _buttons(entry.get("buttons"))
        if text or buttons:
            lang = language_of(text, default=language)
            messages.append(Message(text=text, lang=lang, buttons=buttons, card=None))
        if isinstance(entry.get("custom"), dict):
            _attach(entry["custom"], messages, language=language)
    return messages


def _attach(custom: dict[str, Any], messages: list[Message], *, language: str) -> None:
    lang = custom.get("lang")
    card = custom.get("card")
    if isinstance(card, dict):
        if not messages or messages[-1].card is not None:
            messages.append(Message(text="", lang=language, card=None))
        messages[-1].card = card
    if isinstance(lang, str) and messages:
        messages[-1].lang = lang
    link = custom.get("link")
    if isinstance(link, str) and messages:
        messages[-1].link = link


def _buttons(given: Any) -> list[Button]:
    titles = [b.get("title") for b in given or [] if isinstance(b, dict)]
    return [Button(title=str(title)) for title in titles if title]
