"""A real HTTP server that speaks as much of the Bot API as customers' chats need."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456789:AAtesttesttesttesttesttesttesttest"
ME = {"id": 123456789, "is_bot": True, "first_name": "Second Voice", "username": "second_voice_bot"}
CHEN = {"id": 1001, "is_bot": False, "first_name": "Wei", "language_code": "en"}
HOLD_SECONDS = 0.3
"""How long a long poll is held: short, so that tests end soon."""

Fault = Callable[[dict[str, Any]], Response | None]


@dataclass(frozen=True)
class Call:
    """One request to a method, with its parameters decoded."""

    method: str
    given: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        return str(self.given.get("text", ""))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        rows = self.given.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def titles(self) -> list[str]:
        return [button["text"] for button in self.buttons]


@dataclass
class BotApi:
    """Keeps updates until they are confirmed, gives numbers to messages, and can be made to fail.

    A test sets ``faults[method]``, which returns a response in place of the proper one, or None.
    """

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    polled: list[int | None] = field(default_factory=list)
    forgetful: bool = False
    """Whether confirmed updates are brought again all the same, as after a lost confirmation."""

    def __post_init__(self) -> None:
        self._update_ids = itertools.count(5000)
        self._message_ids = itertools.count(1)
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[Route("/bot{token}/{method}", self._serve, methods=["POST", "GET"])]
        )

    # What a customer does

    def say(self, text: str = "", *, chat: int = 1001, **fields: Any) -> dict[str, Any]:
        """A customer writes; other fields of the message may be given."""
        words = {"text": text} if text else {}
        return self._bring("message", self._message(chat, **words, **fields))

    def edit(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        """A customer changes what he has written."""
        changed = {**message, "text": text, "edit_date": int(time.time())}
        return self._bring("edited_message", changed)

    def press(self, number: int, title: str, *, chat: int = 1001) -> dict[str, Any]:
        """A customer presses a button beneath a message of ours."""
        shown = self.messages[number]
        rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == title)
        return self.press_data(number, data, chat=chat)

    def press_data(self, number: int, data: str, *, chat: int = 1001) -> dict[str, Any]:
        """A customer presses something, with the data of which we know."""
        press = {
            "id": f"press-{next(self._message_ids)}",
            "from": {**CHEN, "id": chat},
            "chat_instance": "1",
            "data": data,
            "message": self.messages[number],
        }
        return self._bring("callback_query", press)

    def block(self, *, chat: int = 1001, status: str = "kicked") -> dict[str, Any]:
        """A customer blocks the bot, or lets it in again."""
        user = {**CHEN, "id": chat}
        bot = {"user": ME, "until_date": 0}
        change = {
            "chat": {"id": chat, "type": "private"},
            "from": user,
            "date": int(time.time()),
            "old_chat_member": {"user": ME, "status": "member"},
            "new_chat_member": {**bot, "status": status},
        }
        return self._bring("my_chat_member", change)

    def bring_again(self, update: dict[str, Any]) -> None:
        """Deliver an update a second time, as Telegram may."""
        with self._lock:
            self.updates.append(update)

    # What a test looks at

    def sent(self, *methods: str, chat: int | None = None) -> list[Call]:
        """What was sent into chats, in order."""
        wanted = methods or ("sendMessage", "sendContact")
        return [
            call
            for call in list(self.calls)
            if call.method in wanted and chat in (None, int(call.given.get("chat_id", 0)))
        ]

    def texts(self, *, chat: int | None = None) -> list[str]:
        """The words that were sent into chats."""
        return [call.text for call in self.sent("sendMessage", chat=chat)]

    def until(self, fact: Callable[[], Any], *, seconds: float = 10) -> Any:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not (found := fact()):
            assert time.monotonic() < deadline, f"It did not happen. Sent: {self.texts()}"
            time.sleep(0.02)
        return found

    def until_sent(self, count: int, *, chat: int | None = None) -> list[Call]:
        """Wait until so many messages have been sent."""
        return self.until(lambda: len(s := self.sent(chat=chat)) >= count and s)

    def number_of(self, call: Call) -> int:
        """The number that a sent message was given."""
        return int(call.given["message_id"])

    def call_webhook(self, update: dict[str, Any], **changes: Any) -> httpx.Response:
        """Bring an update to the webhook as Telegram does."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        return httpx.post(
            self.webhook["url"],
            json=update,
            headers={**headers, **changes.pop("headers", {})},
            trust_env=False,
            timeout=10,
        )

    # The server

    async def _serve(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        method = request.path_params["method"]
        given = _decoded(await request.body())
        fault = self.faults.get(method)
        refused = fault(given) if fault else None
        if refused is not None:
            return refused
        if method == "getUpdates":
            return await self._get_updates(given)
        snake = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", method)
        answer = getattr(self, f"_{snake}", None)
        result: Any = answer(given) if answer else True
        if isinstance(result, Response):
            return result
        number = result.get("message_id") if isinstance(result, dict) else None
        # Messages of ours are noted with the number they got.
        noted = {**given, "message_id": number} if number else given
        self.calls.append(Call(method, noted, time.monotonic()))
        return JSONResponse({"ok": True, "result": result})

    async def _get_updates(self, given: dict[str, Any]) -> Response:
        if self.webhook.get("url"):
            return refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset", 0))
        self.polled.append(offset or None)
        deadline = time.monotonic() + min(float(given.get("timeout", 0)), HOLD_SECONDS)
        while True:
            with self._lock:
                if not self.forgetful:
                    self.updates = [u for u in self.updates if u["update_id"] >= offset]
                waiting = self.updates[: int(given.get("limit", 100))]
            if waiting or time.monotonic() >= deadline:
                return JSONResponse({"ok": True, "result": waiting})
            await asyncio.sleep(0.02)

    def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return ME

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = given
        return True

    def _delete_webhook(self, _: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _send_message(self, given: dict[str, Any]) -> Any:
        text = str(given.get("text", ""))
        if not text.strip():
            return refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return refusal(400, "Bad Request: message is too long")
        for row in given.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if len(button.get("callback_data", "").encode()) > 64:
                    return refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        markup = {k: v for k, v in given.items() if k == "reply_markup"}
        return self._ours(int(given["chat_id"]), text=text, **markup)

    def _send_contact(self, given: dict[str, Any]) -> Any:
        if len(str(given.get("vcard", "")).encode()) > 2048:
            return refusal(400, "Bad Request: vcard is too long")
        contact = {"phone_number": given["phone_number"], "first_name": given["first_name"]}
        return self._ours(int(given["chat_id"]), contact=contact)

    def _edit_message_text(self, given: dict[str, Any]) -> Any:
        shown = self.messages[int(given["message_id"])]
        shown["text"] = given["text"]
        shown.pop("reply_markup", None)
        return shown

    def _edit_message_reply_markup(self, given: dict[str, Any]) -> Any:
        shown = self.messages[int(given["message_id"])]
        if shown.pop("reply_markup", None) is None:
            return refusal(400, "Bad Request: message is not modified")
        return shown

    def _ours(self, chat: int, **fields: Any) -> dict[str, Any]:
        message = self._message(chat, **fields)
        message["from"] = ME
        self.messages[message["message_id"]] = message
        return message

    def _message(self, chat: int, **fields: Any) -> dict[str, Any]:
        kind = {"type": "private", "first_name": "Wei"}
        if chat < 0:
            kind = {"type": "supergroup", "title": "Family"}
        return {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": {"id": chat, **kind},
            "from": {**CHEN, "id": abs(chat)},
            **fields,
        }

    def _bring(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": next(self._update_ids), kind: body}
        with self._lock:
            self.updates.append(update)
        return update


def refusal(status: int, description: str, **parameters: Any) -> Response:
    """An error as the Bot API gives it."""
    body = {"ok": False, "error_code": status, "description": description}
    return JSONResponse({**body, **({"parameters": parameters} if parameters else {})}, status)


def failing(times: int, response: Response) -> Fault:
    """A fault that ends after some calls."""
    left = itertools.count(times, -1)
    return lambda _: response if next(left) > 0 else None


def _decoded(body: bytes) -> dict[str, Any]:
    """Decode a form whose composed values are JSON."""
    found: dict[str, Any] = {}
    for key, value in parse_qsl(body.decode(), keep_blank_values=True):
        composed = value[:1] in ("{", "[")
        found[key] = json.loads(value) if composed else value
    return found
