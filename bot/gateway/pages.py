"""The chat page, and the demonstration bank's page around it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.types import Scope

from bot.gateway.api import TheGateway
from bot.gateway.problems import RefusedError, request_language
from bot.gateway.wiring import Gateway

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)


class CachedStatic(StaticFiles):
    """Static files; those under an address with their digest in it may be cached for long."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with a caching header.

        A module names the others by their plain names. Those are asked for anew each time, and
        the answer is a short "not modified" as long as they have not changed.
        """
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = "public, max-age=86400" if versioned else "no-cache"
        return response


@router.get("/chat")
async def chat_page(request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show the chat, alone or inside a frame of the bank's page."""
    language = request_language(request, gateway)
    words = gateway.strings.of(language)
    bank = request.query_params.get("bank", "")
    origins = framing_origins(gateway, bank)
    data = {
        "language": language,
        "embedded_by": bank,
        "origins": origins,
        "characters": gateway.settings.text_characters,
        "poll_seconds": gateway.settings.poll_seconds,
        "hotline": gateway.bank.hotline,
        "police": gateway.bank.emergency.police,
        "exit_url": words["exit_url"],
        "html_languages": {
            code: gateway.strings.of(code)["html"] for code in gateway.strings.languages
        },
        "words": words["chat"],
    }
    html = _page(
        "chat.html",
        gateway,
        language=language,
        data=json.dumps(data, ensure_ascii=False),
        modules=sorted(file.name for file in (STATIC / "chat").iterdir()),
        other=other_language(gateway, language),
        embedded_by=bank,
    )
    ancestors = " ".join(["'self'", *origins])
    return HTMLResponse(html, headers={"content-security-policy": page_policy(ancestors=ancestors)})


@router.get("/")
async def demo_page(request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show the demonstration bank with the chat on it; only where the demonstration is on."""
    if not gateway.settings.demo:
        raise RefusedError(404, "not_found")
    language = request_language(request, gateway)
    customers = gateway.strings.of(language)["demo"]["customers"]
    who = request.query_params.get("who", "")
    who = who if who in customers else ""
    html = _page(
        "demo.html",
        gateway,
        language=language,
        other=other_language(gateway, language),
        who=who,
        token=gateway.customer_tokens.sign(who) if who else "",
    )
    policy = page_policy(ancestors="'none'") + "; frame-src 'self'"
    return HTMLResponse(html, headers={"content-security-policy": policy})


def _page(template: str, gateway: Gateway, *, language: str, **values: object) -> str:
    return _templates.get_template(template).render(
        words=gateway.strings.of(language),
        bank=gateway.bank,
        bank_name=gateway.bank.name_in(language),
        language=language,
        digests=static_digests(),
        tel=tel_address,
        **values,
    )


def framing_origins(gateway: Gateway, bank: str) -> tuple[str, ...]:
    """Return the origins whose pages may frame the chat.

    Args:
        gateway: The wired parts.
        bank: The bank that the frame's address names; empty for none.

    Raises:
        RefusedError: No such bank is known.
    """
    if not bank:
        return gateway.settings.frame_ancestors
    origins = gateway.embedding.origins(bank)
    if origins is None:
        raise RefusedError(404, "not_found")
    return origins


def page_policy(*, ancestors: str) -> str:
    """Return the content policy of a page.

    Args:
        ancestors: Who may frame it, in the policy's own words.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {ancestors}"
    )


def other_language(gateway: Gateway, language: str) -> str:
    """Return the language that the switch leads to: the next of the list."""
    languages = gateway.strings.languages
    return languages[(languages.index(language) + 1) % len(languages)]


def static_digests() -> dict[str, str]:
    """Return a short digest of each static file, so that a new version is fetched at once."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        for file in STATIC.iterdir()
        if file.is_file()
    }


def tel_address(number: str) -> str:
    """Return a telephone number as the address of a ``tel:`` link."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")
