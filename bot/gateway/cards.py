"""The page behind a contact card: always whoever answers now, and never more than the card says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from bot.casework.card_links import last_day, link_by_token, status_of
from bot.casework.cards import ContactCard, customer_card
from bot.casework.database import session_factory
from bot.casework.vcards import CardFacts, Version, short_vcard, vcard
from bot.contact_cards.codes import qr_svg
from bot.contact_cards.making import Place, facts_of
from bot.contact_cards.words import CardWords, card_words, filled
from bot.errors import LimitExceededError, NotFoundError
from bot.gateway.api import TheGateway, address_of
from bot.gateway.pages import other_language, page_policy, static_digests, tel_address
from bot.gateway.problems import request_language
from bot.gateway.wiring import Gateway

router = APIRouter(include_in_schema=False)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A card that is good, in the reader's language."""

    card: ContactCard
    facts: CardFacts
    place: Place


class _ClosedError(Exception):
    """The card cannot be shown.

    Args:
        status: The HTTP status.
        why: ``gone`` for good, ``busy`` for now.
    """

    def __init__(self, status: int, why: Literal["gone", "busy"]) -> None:
        self.status = status
        self.why = why
        super().__init__(why)


@router.get("/card/{token}")
async def card_page(token: str, request: Request, gateway: TheGateway) -> Response:
    """Show whom the customer reaches now, with the ways to keep it and to talk."""

    def page(opened: Opened) -> Response:
        language = opened.card.language
        words = card_words(language)
        values = {**gateway.bank.fields(language), "day": f"{opened.place.last_day}"}
        return _html(
            "card.html",
            gateway,
            language=language,
            opened=opened,
            title=filled(words.page.title, values),
            expires=filled(words.expires, values),
            never=filled(words.never, values),
        )

    return await _served(token, request, gateway, page)


@router.get("/card/{token}/contact-{version}.vcf")
async def card_file(
    token: str, version: Version, request: Request, gateway: TheGateway
) -> Response:
    """Give the card to an address book."""

    def file(opened: Opened) -> Response:
        return Response(
            vcard(opened.card, opened.facts, version=version),
            media_type="text/vcard",
            headers={"content-disposition": f'attachment; filename="contact-{version}.vcf"'},
        )

    return await _served(token, request, gateway, file)


@router.get("/card/{token}/contact.svg")
async def card_code(token: str, request: Request, gateway: TheGateway) -> Response:
    """Show the card as a code, for another telephone to scan from this screen."""

    def picture(opened: Opened) -> Response:
        short = short_vcard(opened.card, opened.facts)
        return Response(qr_svg(short, name=opened.card.name), media_type="image/svg+xml")

    return await _served(token, request, gateway, picture)


async def _served(
    token: str, request: Request, gateway: Gateway, show: Callable[[Opened], Response]
) -> Response:
    """Show an open card, or the page with the bank's numbers where it cannot be shown."""
    language = request_language(request, gateway)
    try:
        gateway.limits.count_start(address=address_of(request, gateway))
        return show(await _opened(token, gateway, language=language))
    except LimitExceededError:
        return _closed(request, gateway, _ClosedError(429, "busy"), language=language)
    except _ClosedError as closed:
        return _closed(request, gateway, closed, language=language)


async def _opened(token: str, gateway: Gateway, *, language: str) -> Opened:
    if not _TOKEN.fullmatch(token):
        raise _ClosedError(404, "gone")
    try:
        async with asyncio.timeout(gateway.settings.answer_seconds):
            return await to_thread.run_sync(_read, token, gateway, language, abandon_on_cancel=True)
    except (TimeoutError, SQLAlchemyError) as error:
        raise _ClosedError(503, "busy") from error


def _read(token: str, gateway: Gateway, language: str) -> Opened:
    """Read a card; blocking, for a worker thread."""
    now = gateway.now()
    with session_factory(gateway.engine, tiers=gateway.settings.tiers)() as session:
        try:
            link = link_by_token(session, token)
        except NotFoundError:
            raise _ClosedError(404, "gone") from None
        if status_of(link, now=now) != "valid":
            raise _ClosedError(410, "gone")
        place = Place(
            public_url=gateway.settings.effective_public_url,
            token=link.token,
            made=now,
            last_day=last_day(link),
        )
        return Opened(
            card=customer_card(link.customer, language=language),
            facts=facts_of(gateway.bank, place, language=language),
            place=place,
        )


def _closed(request: Request, gateway: Gateway, closed: _ClosedError, *, language: str) -> Response:
    """Say that the card cannot be shown, the same whatever the reason and whoever's it was."""
    words = card_words(language)
    said = words.gone if closed.why == "gone" else words.busy
    page = _html(
        "card_closed.html",
        gateway,
        language=language,
        title=filled(words.gone.title, gateway.bank.fields(language)),
        heading=said.heading,
        text=said.text,
        # The page stands at the card's own address or one below it.
        root="../" * (request.url.path.count("/") - 1),
    )
    page.status_code = closed.status
    if closed.why == "busy":
        page.headers["retry-after"] = "60"
    return page


def _html(template: str, gateway: Gateway, *, language: str, **values: object) -> HTMLResponse:
    words: CardWords = card_words(language)
    html = _templates.get_template(template).render(
        words=words,
        bank=gateway.bank,
        bank_name=gateway.bank.name_in(language),
        language=language,
        other=other_language(gateway, language),
        digests=static_digests(),
        tel=tel_address,
        **values,
    )
    return HTMLResponse(html, headers={"content-security-policy": page_policy(ancestors="'none'")})
