"""The pages about a payment: for the desk that stops it, for the police, for the company.

Each opens by a signed link of its own kind, expires, and sets nothing. The payee's whole account
number is shown on the desk's page alone, after a tap by whom the link names, and each view is on
record before it is shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.casework.database import reading_factory, session_factory
from bot.casework.escalations import REPRESENTATIVES
from bot.casework.models import AccountManager, Case, Payment, PaymentRequest
from bot.casework.packets import packet_of, rail_packs
from bot.casework.payee_accounts import Vault
from bot.casework.policy import latest_payment
from bot.casework.request_sheets import sheet_of
from bot.errors import NotFoundError
from bot.gateway.api import TheGateway
from bot.gateway.pages import static_digests, tel_address
from bot.gateway.problems import request_language
from bot.gateway.signed_pages import (
    LONGEST_WAIT_SECONDS,
    ClosedError,
    claims_of,
    closed,
    page_words,
    templates,
)
from bot.gateway.wiring import Gateway
from bot.payment_requests.sheet import request_page
from bot.recovery.document_words import document_languages
from bot.recovery.documents import note_page, packet_page, report_page, style_digest
from bot.recovery.packet import Packet
from bot.script_titles import script_titles

logger = logging.getLogger("secondvoice.gateway")


_CLOSED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One request for a page.

    Args:
        kind: ``packet``, ``report`` or ``note``.
        claims: What the link carries.
        language: The language that was chosen on the page; empty for the reader's own.
        whole: Whether the whole account number was tapped for.
    """

    kind: str
    claims: dict[str, Any]
    language: str
    whole: bool = False


@router.get("/packet/{token}")
async def show_packet(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show the desk's page with the account number masked; scanners open links too."""
    return await _served("packet", token, request, gateway)


@router.post("/packet/{token}")
async def show_whole(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Put on record who looks, and show the whole account number."""
    return await _served("packet", token, request, gateway, whole=True)


@router.get("/report/{token}")
async def show_report(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show the customer's sheet for the police."""
    return await _served("report", token, request, gateway)


@router.get("/note/{token}")
async def show_note(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show the note for the legal representative of the customer's company."""
    return await _served("note", token, request, gateway)


async def _served(
    kind: str, token: str, request: Request, gateway: Gateway, *, whole: bool = False
) -> HTMLResponse:
    wish = request.query_params.get("lang", "")
    try:
        asked = _Asked(
            kind=kind,
            claims=claims_of(kind, token, gateway),
            language=wish if wish in document_languages() else "",
            whole=whole,
        )
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            page = await to_thread.run_sync(_page, asked, gateway, abandon_on_cancel=True)
    except ClosedError as error:
        return _closed_page(gateway, error, language=request_language(request, gateway))
    except (TimeoutError, SQLAlchemyError) as error:
        logger.error("%s page not served: %s", kind, type(error).__name__)
        busy = ClosedError(503, "busy")
        return _closed_page(gateway, busy, language=request_language(request, gateway))
    policy = (
        f"default-src 'none'; style-src {style_digest()}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(page, headers={"content-security-policy": policy})


def _page(asked: _Asked, gateway: Gateway) -> str:
    """Make a page; blocking, for a worker thread."""
    factory = session_factory if asked.whole else reading_factory
    sessions = factory(gateway.engine, tiers=gateway.settings.tiers)
    make: dict[str, Callable[[Session, _Asked, Gateway], str]] = {
        "packet": _packet,
        "report": _report,
        "note": _note,
    }
    rail_packs()  # Read before the transaction that may hold up others.
    with sessions.begin() as session:
        page = make[asked.kind](session, asked, gateway)
    if asked.whole:
        person, payment = asked.claims["person"], asked.claims["payment"]
        logger.info("account number of payment %s shown to %s", payment, person)
    return page


def _packet(session: Session, asked: _Asked, gateway: Gateway) -> str:
    payment = session.get(Payment, asked.claims.get("payment"))
    if payment is None:
        raise ClosedError(404, "unknown")
    code = str(asked.claims.get("person", ""))
    language = asked.language or _reader(session, code, gateway)
    account = None
    if asked.whole:
        vault = Vault(gateway.settings.key("vault_key"))
        try:
            account = vault.show(session, payment, by=code, why="packet page", now=gateway.now())
        except NotFoundError as error:
            logger.error("payment %s: %s", payment.id, error)
    packet = _made(session, payment, gateway)
    return packet_page(packet, language, account=account, asks=not asked.whole)


def _reader(session: Session, code: str, gateway: Gateway) -> str:
    """Return the language of whom the link names: the desk, or a person of the bank."""
    desk = gateway.bank.operations_desk
    if desk is not None and code == desk.code:
        return _document_language(desk.language)
    person = session.scalar(select(AccountManager).where(AccountManager.code == code))
    if person is None:
        raise ClosedError(404, "unknown")
    if not person.active:
        raise ClosedError(410, "left")
    return _document_language(person.language)


def _report(session: Session, asked: _Asked, gateway: Gateway) -> str:
    case, payment = _told_of(session, asked)
    language = asked.language or _document_language(case.contact.language)
    others = [
        _made(session, other, gateway)
        for other in case.payments
        if other is not payment and other.outcome != "not_paid"
    ]
    return report_page(_made(session, payment, gateway), language, others=others)


def _note(session: Session, asked: _Asked, gateway: Gateway) -> str:
    if "request" in asked.claims:
        return _request(session, asked, gateway)
    case, payment = _told_of(session, asked)
    own = case.customer.language if case.customer else case.contact.language
    language = asked.language or _document_language(own)
    who = str(asked.claims.get("who", REPRESENTATIVES[0]))
    return note_page(_made(session, payment, gateway), language, who=who)


def _request(session: Session, asked: _Asked, gateway: Gateway) -> str:
    """Show the note about a payment that is only asked for."""
    request = session.get(PaymentRequest, asked.claims["request"])
    if request is None or request.case_id != asked.claims.get("case"):
        raise ClosedError(404, "unknown")
    customer = request.case.customer
    own = customer.language if customer else request.case.contact.language
    language = asked.language or _document_language(own)
    sheet = sheet_of(session, request, now=gateway.now(), bank=gateway.bank)
    return request_page(sheet, language)


def _told_of(session: Session, asked: _Asked) -> tuple[Case, Payment]:
    case = session.get(Case, asked.claims.get("case"))
    payment = latest_payment(case) if case is not None else None
    if case is None or payment is None:
        raise ClosedError(404, "unknown")
    return case, payment


def _made(session: Session, payment: Payment, gateway: Gateway) -> Packet:
    return packet_of(
        session,
        payment,
        rail_packs(),
        now=gateway.now(),
        bank=gateway.bank,
        titles=script_titles,
    )


def _document_language(language: str) -> str:
    return language if language in document_languages() else document_languages()[0]


def _closed_page(gateway: Gateway, error: ClosedError, *, language: str) -> HTMLResponse:
    words = page_words("packets", language)
    html = templates.get_template("packet_closed.html").render(
        words=words,
        closed=words["closed"][error.why],
        bank=gateway.bank,
        bank_name=gateway.bank.name_in(language),
        digests=static_digests(),
        tel=tel_address,
    )
    return closed(HTMLResponse(html, headers={"content-security-policy": _CLOSED_POLICY}), error)
