"""Messages of the Cloud API, as Meta wants them.

The bounds are those of Meta's reference of interactive messages and templates, read in November
2026: three reply buttons of 20 characters, or a list of ten rows of 24, with 72 beneath each.
"""

from __future__ import annotations

import re
from typing import Any

from bot.notify.messengers.parts import Part

MOST_BUTTONS = 3
BUTTON_CHARACTERS = 20
ROW_CHARACTERS = 24
DESCRIPTION_CHARACTERS = 72
ID_CHARACTERS = 200
TEMPLATE_CHARACTERS = 900
"""Of the variable in a template, whose text may have 1024 with it."""

_PRESSED = re.compile(r"(\d{13})=(.+)", re.S)


def payload_of(part: Part, *, number: int, choose: str) -> dict[str, Any]:
    """Return the message of one part.

    Args:
        part: What is sent.
        number: The moment in milliseconds; a button brings it back, so that an old one is known.
        choose: What the button says that opens a list.
    """
    if part.phone:
        return _contact(part)
    if not part.buttons:
        return {"type": "text", "text": {"body": part.text, "preview_url": False}}
    fits = all(len(title) <= BUTTON_CHARACTERS for title in part.buttons)
    if fits and len(part.buttons) <= MOST_BUTTONS:
        action: dict[str, Any] = {
            "buttons": [
                {"type": "reply", "reply": {"id": press_id(title, number=number), "title": title}}
                for title in part.buttons
            ]
        }
        kind = "button"
    else:
        rows = [_row(title, number=number) for title in part.buttons]
        action = {"button": choose[:BUTTON_CHARACTERS], "sections": [{"rows": rows}]}
        kind = "list"
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": part.text}, "action": action},
    }


def plain_payload_of(part: Part) -> dict[str, Any]:
    """Return the part as words alone, for when its buttons or its contact are not taken."""
    lines = [part.text, part.name, part.phone, *(f"• {title}" for title in part.buttons)]
    text = "\n".join(line for line in lines if line)
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def template_payload(name: str, *, code: str, text: str) -> dict[str, Any]:
    """Return a template with one variable, which takes neither line breaks nor rows of spaces.

    Args:
        name: The template's name.
        code: Its language, as Meta codes it.
        text: What stands in the place of the variable.
    """
    line = " ".join(text.split())
    if len(line) > TEMPLATE_CHARACTERS:
        line = f"{line[: TEMPLATE_CHARACTERS - 1]}…"
    parameters = [{"type": "text", "text": line}]
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": code},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


def press_id(title: str, *, number: int) -> str:
    """Return what comes back when a button is pressed: when it was sent, and what it says."""
    return f"{number:013}={title}"[:ID_CHARACTERS]


def read_press(given: str) -> tuple[int, str]:
    """Return when the pressed button was sent, and its title; 0 and nothing where it is not ours.

    Args:
        given: The id that came back; a changed app may have made it up.
    """
    found = _PRESSED.fullmatch(given)
    return (int(found[1]), found[2]) if found else (0, "")


def _row(title: str, *, number: int) -> dict[str, str]:
    row = {"id": press_id(title, number=number), "title": title}
    if len(title) > ROW_CHARACTERS:
        row["title"] = f"{title[: ROW_CHARACTERS - 1].rstrip()}…"
        row["description"] = title[:DESCRIPTION_CHARACTERS]
    return row


def _contact(part: Part) -> dict[str, Any]:
    name = {"formatted_name": part.name, "first_name": part.name}
    phones = [{"phone": part.phone, "type": "WORK"}]
    return {"type": "contacts", "contacts": [{"name": name, "phones": phones}]}
