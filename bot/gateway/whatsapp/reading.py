"""Reading what the Cloud API brings: what a customer has said, masked, before any of it is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.gateway.channels import Heard, UnheardError, words_of
from bot.gateway.privacy import mask
from bot.gateway.text import clean
from bot.notify.whatsapp.locales import language_of_identity
from bot.notify.whatsapp.payloads import read_press
from bot.notify.whatsapp.sending import SCHEME, is_identity

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+(.*))?", re.S)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY_CHARACTERS = 120

#: What a message may be instead of words, and what it is called when we say that we cannot read it.
_UNREADABLE = {
    "image": "picture",
    "sticker": "sticker",
    "audio": "recording",
    "video": "recording",
    "document": "file",
    "contacts": "contact",
    "location": "location",
}
#: What nobody expects an answer to: a thumb beneath a message, a new number, a message taken back.
_SILENT = frozenset(["reaction", "system", "ephemeral", "revoke", "edit"])


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads messages.

    Args:
        commands: Names of the commands that we know.
        longest: Characters of a customer's message at most.
    """

    commands: frozenset[str]
    longest: int

    def read(self, message: Mapping[str, Any]) -> Heard | None:
        """Return what is to be answered; None where there is nothing.

        Args:
            message: One entry of ``messages`` in a webhook of Meta's.
        """
        identity = str(message.get("from") or message.get("from_user_id") or "")
        kind = str(message.get("type") or "")
        if not is_identity(identity) or kind in _SILENT or "group_id" in message:
            return None
        common = _common(message, identity)
        if kind == "request_welcome":  # He has opened the chat and not written yet.
            return _of(common, kind="command", detail={"name": "start"})
        if kind in ("interactive", "button"):
            return _press(common, _part(message, kind))
        given = words_in(message)
        unseen = "" if kind == "text" else _UNREADABLE.get(kind, "other")
        if not given and unseen:
            return _of(common, kind="unreadable", detail={"what": unseen})
        forwarded = bool(_FORWARDED & {key for key, is_so in _context(message).items() if is_so})
        command = _COMMAND.fullmatch(given.strip()) if not unseen and not forwarded else None
        if command and command[1].lower() in self.commands:
            return _command(common, command)
        detail = {
            **({"unseen": unseen} if unseen else {}),
            # WhatsApp does not tell who wrote it first.
            **({"origin": ""} if forwarded else {}),
        }
        try:
            return _of(common, text=words_of(given, longest=self.longest), detail=detail)
        except UnheardError as error:
            return _of(common, kind=error.why, detail=detail)


_FORWARDED = frozenset(["forwarded", "frequently_forwarded"])


def messages_in(payload: Any, *, phone_number_id: str) -> Iterator[Mapping[str, Any]]:
    """Return the messages to one number of the bank's, in order.

    Args:
        payload: The decoded body of a webhook of Meta's.
        phone_number_id: Meta's id of the number.
    """
    return _entries(payload, "messages", phone_number_id=phone_number_id)


def failures_in(payload: Any, *, phone_number_id: str) -> Iterator[tuple[str, int]]:
    """Return what did not arrive although it was taken: the key that we gave, and Meta's code.

    Args:
        payload: The decoded body of a webhook of Meta's.
        phone_number_id: Meta's id of the number.
    """
    for status in _entries(payload, "statuses", phone_number_id=phone_number_id):
        if status.get("status") == "failed":
            errors = status.get("errors") or [{}]
            code = errors[0].get("code") if isinstance(errors[0], Mapping) else None
            key = str(status.get("biz_opaque_callback_data") or "")
            yield key, code if isinstance(code, int) else -1


def words_in(message: Mapping[str, Any]) -> str:
    """Return the words of a message, not masked; empty where it has none."""
    kind = str(message.get("type") or "")
    part = _part(message, kind)
    return str(part.get("body" if kind == "text" else "caption") or "")


def _entries(payload: Any, name: str, *, phone_number_id: str) -> Iterator[Mapping[str, Any]]:
    for entry in _list(payload, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value")
            metadata = value.get("metadata") if isinstance(value, Mapping) else None
            if isinstance(metadata, Mapping) and metadata.get("phone_number_id") == phone_number_id:
                yield from _list(value, name)


def _list(of: Any, name: str) -> list[Mapping[str, Any]]:
    found = of.get(name) if isinstance(of, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _common(message: Mapping[str, Any], identity: str) -> dict[str, Any]:
    number = str(message["id"])
    # No id has been seen that is longer than the column; if one comes, its digest tells it apart.
    short = len(number) <= _KEY_CHARACTERS
    return {
        "key": number if short else hashlib.sha256(number.encode()).hexdigest(),
        "address": f"{SCHEME}:{identity}",
        "language": language_of_identity(identity),
        "detail": {"message": number, "written": int(message["timestamp"])},
    }


def _of(common: dict[str, Any], *, detail: Mapping[str, Any], **fields: Any) -> Heard:
    return Heard(**{**common, **fields, "detail": {**common["detail"], **detail}})


def _press(common: dict[str, Any], part: Mapping[str, Any]) -> Heard:
    """Read the press of a button of ours, or of a template's, which is as good as words."""
    reply = part.get("button_reply") or part.get("list_reply")
    if not isinstance(reply, Mapping):
        title = str(part.get("text") or "")
        return _of(common, text=mask(clean(title)).text, detail={})
    number, title = read_press(str(reply.get("id") or ""))
    # A button cannot be sent after its press; an hour is for clocks that differ.
    if number > (common["detail"]["written"] + 3600) * 1000:
        number = 0
    return _of(common, kind="press", text=mask(clean(title)).text, detail={"number": number})


def _command(common: dict[str, Any], command: re.Match[str]) -> Heard:
    argument = (command[2] or "").strip()
    detail = {"name": command[1].lower()}
    # The token of a card is no secret; a number that was typed here by mistake would be one.
    if _TOKEN.fullmatch(argument) and not mask(argument).found:
        detail["argument"] = argument
    return _of(common, kind="command", detail=detail)


def _context(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return _part(message, "context")


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = message.get(name)
    return found if isinstance(found, Mapping) else {}
