"""Sending parts by the Cloud API, with every answer of Meta turned into what to do about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from bot.errors import DeliveryError, UndeliverableError
from bot.notify.messengers.parts import Part
from bot.notify.messengers.words import words
from bot.notify.retry_after import retry_after_seconds
from bot.notify.whatsapp.payloads import payload_of, plain_payload_of, template_payload
from bot.notify.whatsapp.refusals import RefusedError, refusal_of
from bot.recognition.language import language_of

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
SCHEME = "whatsapp"

_NUMBER = re.compile(r"\d{5,20}")
_USER_ID = re.compile(r"[A-Z]{2}(?:\.[A-Za-z0-9]{1,128}){1,2}")


class CloudApi:
    """One number of the bank's at the Cloud API.

    Args:
        token: Of a system user who may send for the number.
        phone_number_id: Meta's id of the number.
        api_url: Address of the Graph API with its version.
        now: The clock, aware.
    """

    def __init__(
        self, *, token: str, phone_number_id: str, api_url: str, now: Callable[[], datetime]
    ) -> None:
        # Its own lines hold the address, and with it Meta's id of the number.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._now = now
        self._url = f"{api_url.rstrip('/')}/{phone_number_id}/messages"
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def send(self, identity: str, part: Part, *, key: str = "") -> None:
        """Send one part; what the messenger does not take as it is goes as words alone.

        Args:
            identity: The customer's number in digits, or his business-scoped user id.
            part: What is sent.
            key: What Meta gives back when the message does not arrive after all.

        Raises:
            UndeliverableError: WhatsApp will never take it.
            DeliveryError: Not this time; ``retry_after`` where Meta asked for a wait.
        """
        number = int(self._now().timestamp() * 1000)
        choose = words(language_of(part.text, default="")).texts["choose"]
        payload = payload_of(part, number=number, choose=choose)
        try:
            await self._send(identity, payload, key=key)
        except RefusedError:
            plain = plain_payload_of(part)
            if plain == payload:
                raise
            await self._send(identity, plain, key=key)

    async def send_template(
        self, identity: str, name: str, *, code: str, text: str, key: str
    ) -> None:
        """Send a template with one variable.

        Args:
            identity: As for :meth:`send`.
            name: The template's name.
            code: Its language, as Meta codes it.
            text: What stands in the place of the variable.
            key: As for :meth:`send`.

        Raises:
            UndeliverableError: WhatsApp will never take it.
            DeliveryError: Not this time.
        """
        await self._send(identity, template_payload(name, code=code, text=text), key=key)

    async def read(self, message: str, *, typing: bool) -> None:
        """Show that a message was read, and that an answer is being written.

        Args:
            message: Meta's id of the message.
            typing: Whether an answer follows.
        """
        shown = {"typing_indicator": {"type": "text"}} if typing else {}
        await self._post({"status": "read", "message_id": message, **shown})

    async def _send(self, identity: str, payload: dict[str, Any], *, key: str) -> None:
        # Who shows no number is known by an id, which has another field (business-scoped user id).
        to = {"to" if identity.isdigit() else "recipient": identity}
        given_back = {"biz_opaque_callback_data": key} if key else {}
        await self._post({"recipient_type": "individual", **to, **payload, **given_back})

    async def _post(self, payload: dict[str, Any]) -> None:
        try:
            answer = await self._client.post(
                self._url, json={"messaging_product": "whatsapp", **payload}
            )
        except httpx.HTTPError as error:
            # Its text may quote the address.
            raise DeliveryError(f"WhatsApp did not answer ({type(error).__name__}).") from None
        if answer.is_success:
            return
        asked = retry_after_seconds(answer.headers.get("Retry-After"), now=self._now())
        raise refusal_of(answer.status_code, _decoded(answer), retry_after=asked)


def identity_of(address: str) -> str:
    """Return the identity of a chat.

    Args:
        address: Such as ``whatsapp:86101…`` or ``whatsapp:CN.12ab``.

    Raises:
        UndeliverableError: It is no such address.
    """
    scheme, _, identity = address.partition(":")
    if scheme != SCHEME or not is_identity(identity):
        raise UndeliverableError("This is no address of a WhatsApp chat.")
    return identity


def is_identity(given: str) -> bool:
    """Tell whether something is a number in digits or a business-scoped user id."""
    return bool(_NUMBER.fullmatch(given) or _USER_ID.fullmatch(given))


def _decoded(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
