"""A real HTTP server that speaks as much of Meta's Cloud API as customers' chats need."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "EAAtesttesttesttest"
SECRET = "app-secret-of-the-test"
NUMBER_ID = "106540352242922"
CHEN = "8610100001001"
"""A number of the area code 101, which no subscriber has."""

Fault = Callable[[dict[str, Any]], Response | None]


@dataclass(frozen=True)
class Sent:
    """One message that was sent, or one mark."""

    given: dict[str, Any]
    at: float

    @property
    def to(self) -> str:
        return str(self.given.get("to") or self.given.get("recipient") or "")

    @property
    def kind(self) -> str:
        return str(self.given.get("type", ""))

    @property
    def text(self) -> str:
        if self.kind == "interactive":
            return str(self.given["interactive"]["body"]["text"])
        return str(self.given.get("text", {}).get("body", ""))

    @property
    def buttons(self) -> list[dict[str, str]]:
        action = self.given.get("interactive", {}).get("action", {})
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        return rows or [button["reply"] for button in action.get("buttons", [])]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]


@dataclass
class CloudApi:
    """Takes messages as Meta does, calls the webhook as Meta does, and can be made to fail.

    A test sets ``fault``, which returns a response in place of the proper one, or None.
    """

    calls: list[Sent] = field(default_factory=list)
    fault: Fault | None = None
    webhook: str = ""

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[Route("/v24.0/{number}/messages", self._messages, methods=["POST"])]
        )

    # What a customer does

    def say(self, text: str, *, sender: str = CHEN, **fields: Any) -> dict[str, Any]:
        """A customer writes; other fields of the message may be given."""
        return self.bring(type="text", text={"body": text}, sender=sender, **fields)

    def press(self, sent: Sent, title: str, *, sender: str = CHEN) -> dict[str, Any]:
        """A customer presses a button or chooses from a list."""
        button = next(one for one in sent.buttons if one["title"] == title)
        return self.press_id(button["id"], title, sender=sender)

    def press_id(self, given: str, title: str, *, sender: str = CHEN) -> dict[str, Any]:
        """A customer presses something of which we know the id."""
        reply = {"type": "button_reply", "button_reply": {"id": given, "title": title}}
        return self.bring(type="interactive", interactive=reply, sender=sender)

    def bring(self, *, sender: str = CHEN, **fields: Any) -> dict[str, Any]:
        """One message as Meta has it; a sender with letters is one who shows no number."""
        who = {"from": sender} if sender.isdigit() else {"from_user_id": sender}
        number = f"wamid.{next(self._ids):06}"
        return {"id": number, "timestamp": str(int(time.time())), **who, **fields}

    # What Meta does

    def call(self, *messages: dict[str, Any], **changes: Any) -> httpx.Response:
        """Bring messages to the webhook, signed."""
        return self.post(payload(messages=list(messages)), **changes)

    def fail(self, sent: Sent, *, code: int) -> httpx.Response:
        """Tell that a message that was taken did not arrive."""
        status = {
            "id": "wamid.x",
            "status": "failed",
            "timestamp": str(int(time.time())),
            "recipient_id": sent.to,
            "errors": [{"code": code, "title": "failed"}],
        }
        given = sent.given.get("biz_opaque_callback_data")
        more = {"biz_opaque_callback_data": given} if given else {}
        return self.post(payload(statuses=[{**status, **more}]))

    def post(self, content: Any, *, secret: str = SECRET, **headers: str) -> httpx.Response:
        """Post a body with its signature."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        signed = {"X-Hub-Signature-256": signature(body, secret), **headers}
        return httpx.post(self.webhook, content=body, headers=signed, trust_env=False, timeout=10)

    # What a test looks at

    def sent(self, *, to: str | None = None) -> list[Sent]:
        """What was sent to customers, in order."""
        return [one for one in list(self.calls) if one.kind and to in (None, one.to)]

    def texts(self, *, to: str | None = None) -> list[str]:
        """The words that were sent."""
        return [one.text for one in self.sent(to=to)]

    def marks(self) -> list[dict[str, Any]]:
        """What was marked as read."""
        return [one.given for one in list(self.calls) if one.given.get("status") == "read"]

    def until(self, fact: Callable[[], Any], *, seconds: float = 10) -> Any:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not (found := fact()):
            assert time.monotonic() < deadline, f"It did not happen. Sent: {self.texts()}"
            time.sleep(0.02)
        return found

    def until_sent(self, count: int, *, to: str | None = None) -> list[Sent]:
        """Wait until so many messages have been sent."""
        return self.until(lambda: len(s := self.sent(to=to)) >= count and s)

    # The server

    async def _messages(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(190, status=401)
        if request.path_params["number"] != NUMBER_ID:
            return refusal(33)
        given = await request.json()
        refused = self.fault(given) if self.fault else None
        refused = refused or _wrong(given)
        if refused is not None:
            return refused
        self.calls.append(Sent(given, time.monotonic()))
        if given.get("status") == "read":
            return JSONResponse({"success": True})
        return JSONResponse(
            {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.o{next(self._ids)}"}]}
        )


def payload(*, number: str = NUMBER_ID, **value: Any) -> dict[str, Any]:
    """The body of a webhook."""
    metadata = {"display_phone_number": "10100000000", "phone_number_id": number}
    inside = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    changes = [{"field": "messages", "value": inside}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def signature(body: bytes, secret: str = SECRET) -> str:
    """The signature of a body, as Meta makes it."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def refusal(code: int, *, status: int = 400, headers: dict[str, str] | None = None) -> Response:
    """An error as Meta gives it."""
    error = {"message": f"(#{code}) Refused", "type": "OAuthException", "code": code}
    return JSONResponse({"error": {**error, "fbtrace_id": "A"}}, status, headers=headers)


def failing(times: int, response: Response) -> Fault:
    """A fault of messages that ends after some."""
    left = itertools.count(times, -1)
    return lambda given: response if "type" in given and next(left) > 0 else None


def _wrong(given: dict[str, Any]) -> Response | None:
    """What Meta refuses of a message."""
    if given.get("messaging_product") != "whatsapp":
        return refusal(100)
    if given.get("status") == "read":
        return None if str(given.get("message_id", "")).startswith("wamid.") else refusal(131009)
    if str(given.get("to", "")).isdigit() == ("recipient" in given):
        return refusal(131009)
    kind = given.get("type")
    good = {
        "text": lambda: 0 < len(given["text"]["body"]) <= 4096,
        "interactive": lambda: _good_interactive(given["interactive"]),
        "contacts": lambda: all(one["name"]["formatted_name"] for one in given["contacts"]),
        "template": lambda: _good_template(given["template"]),
    }
    return None if kind in good and good[kind]() else refusal(131009)


def _good_interactive(given: dict[str, Any]) -> bool:
    action = given["action"]
    if not 0 < len(given["body"]["text"]) <= 1024:
        return False
    if given["type"] == "button":
        found = [one["reply"] for one in action["buttons"]]
        most, characters, longest = 3, 20, 256
    else:
        found = [row for section in action["sections"] for row in section["rows"]]
        most, characters, longest = 10, 24, 200
        if not 0 < len(action["button"]) <= 20:
            return False
    return (
        0 < len(found) <= most
        and len({one["id"] for one in found}) == len(found)
        and all(0 < len(one["title"]) <= characters for one in found)
        and all(0 < len(one["id"]) <= longest for one in found)
        and all(len(one.get("description", "")) <= 72 for one in found)
    )


def _good_template(given: dict[str, Any]) -> bool:
    texts = [one["text"] for part in given["components"] for one in part["parameters"]]
    return (
        given["language"]["code"] in ("en", "zh_CN")
        and len(texts) == 1
        and not any("\n" in text or "    " in text or len(text) > 1024 for text in texts)
    )
