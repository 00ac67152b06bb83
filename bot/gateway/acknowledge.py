"""The page behind an escalation's link: one tap says "I have read this"."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.casework.database import reading_factory, session_factory
from bot.casework.escalations import acknowledge
from bot.casework.handover import handover_summary
from bot.casework.identity import WordKeeper, deny, in_words, live_word
from bot.casework.models import AccountManager, Escalation
from bot.casework.packets import clock_lines, rail_packs
from bot.casework.people import branch_for
from bot.casework.policy import load_policy
from bot.casework.words import words_for
from bot.counsel.identity import say_denial
from bot.counsel.truths import say_truth
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
from bot.script_titles import script_titles

logger = logging.getLogger("secondvoice.gateway")

KIND = "acknowledge"

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page shows, in the person's language.

    Args:
        language: His language code.
        name: His name.
        reference: The case's reference.
        exposure: How far in the customer is, in words.
        level: How sure we are, in words.
        read_at: When somebody read it, by the clock of the branch; empty while nobody has.
        read_by: Who read it.
        his_own: Whether it was this person who read it.
        summary: The handover summary; None before the tap.
        word: The two words that the customer sees, after the tap and while they are good.
        denied: Whether this very tap said that he is not calling.
        cannot_deny: Whether it came too late for that.
    """

    language: str
    name: str
    reference: str
    exposure: str
    level: str
    read_at: str
    read_by: str
    his_own: bool
    summary: str | None
    word: ShownWord | None
    denied: bool
    cannot_deny: bool


@dataclass(frozen=True, kw_only=True)
class ShownWord:
    """Two words by which the customer knows that the bank is calling.

    Args:
        html: The language they are in, as HTML names it.
        said: How they are said to the customer.
        meaning: The same in the reader's language; empty where that is the customer's.
        until: When they end, by the clock of the branch.
    """

    html: str
    said: str
    meaning: str
    until: str


@router.get("/acknowledge/{token}")
async def ask(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show what it is about and ask for the tap; changes nothing, as scanners open links too."""
    return await _served(token, request, gateway, tapped=False)


@router.post("/acknowledge/{token}")
async def tap(token: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Record that it was read, once, and show the handover summary and the customer's words.

    With ``?not_me`` the person says that he is not calling, and the customer is told so.
    """
    denies = "not_me" in request.query_params
    return await _served(token, request, gateway, tapped=True, denies=denies)


async def _served(
    token: str, request: Request, gateway: Gateway, *, tapped: bool, denies: bool = False
) -> HTMLResponse:
    try:
        claims = claims_of(KIND, token, gateway)
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            shown = await to_thread.run_sync(
                _read, claims, gateway, tapped, denies, abandon_on_cancel=True
            )
    except ClosedError as error:
        return _closed_page(gateway, error, language=request_language(request, gateway))
    except (TimeoutError, SQLAlchemyError) as error:
        logger.error("escalation link not served: %s", type(error).__name__)
        busy = ClosedError(503, "busy")
        return _closed_page(gateway, busy, language=request_language(request, gateway))
    return _page(gateway, shown)


def _read(claims: dict[str, Any], gateway: Gateway, tapped: bool, denies: bool) -> Shown:
    """Read, and where it was tapped record; blocking, for a worker thread."""
    now = gateway.now()
    factory = session_factory if tapped else reading_factory
    sessions = factory(gateway.engine, tiers=gateway.settings.tiers)
    with sessions.begin() as session:
        escalation = session.get(Escalation, claims.get("escalation"))
        person = session.scalar(
            select(AccountManager).where(AccountManager.code == claims.get("person"))
        )
        if escalation is None or person is None:
            raise ClosedError(404, "unknown")
        if not person.active:
            raise ClosedError(410, "left")
        if tapped:
            acknowledge(session, escalation.id, person.code, now, words=say_truth)
        case = escalation.case
        denied = denies and deny(
            session, case, by=person, words=partial(say_denial, bank=gateway.bank), now=now
        )
        shown = _shown(session, escalation, person, gateway, now=now, tapped=tapped)
        shown = replace(shown, denied=denied, cannot_deny=denies and not denied)
    if tapped:
        logger.info("escalation %s tapped by %s", claims["escalation"], claims["person"])
    return shown


def _shown(
    session: Session,
    escalation: Escalation,
    person: AccountManager,
    gateway: Gateway,
    *,
    now: datetime,
    tapped: bool,
) -> Shown:
    case, language = escalation.case, person.language
    words = words_for(language)
    zone = ZoneInfo(branch_for(session, case).timezone)
    reader = escalation.acknowledged_by
    return Shown(
        language=language,
        name=person.name_in(language),
        reference=case.reference,
        exposure=words.exposures[case.exposure],
        level=words.levels[case.level],
        read_at=_clock(escalation.acknowledged_at, now=now, zone=zone),
        read_by=reader.name_in(language) if reader else "",
        his_own=reader is person,
        summary=_summary(session, escalation, gateway, language=language) if tapped else None,
        word=_word(session, escalation, person, gateway, now=now, zone=zone) if tapped else None,
        denied=False,
        cannot_deny=False,
    )


def _word(
    session: Session,
    escalation: Escalation,
    person: AccountManager,
    gateway: Gateway,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> ShownWord | None:
    """Return the customer's two words and record who saw them."""
    if live_word(session, escalation.case, now=now) is None:
        return None
    keeper = WordKeeper(gateway.settings.key("vault_key"))
    pair = keeper.show(session, escalation.case, to=person, now=now)
    if pair is None:
        return None
    own = pair.language == person.language
    return ShownWord(
        html=page_words(KIND, pair.language)["html"],
        said=in_words(pair.things, pair.language),
        meaning="" if own else in_words(pair.things, person.language),
        until=_clock(pair.until, now=now, zone=zone),
    )


def _clock(moment: datetime | None, *, now: datetime, zone: ZoneInfo) -> str:
    """Return a time of day, with its date where that is not today."""
    if moment is None:
        return ""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")


def _summary(session: Session, escalation: Escalation, gateway: Gateway, *, language: str) -> str:
    case = escalation.case
    titles = script_titles(case.leading_script) if case.leading_script else {}
    return handover_summary(
        session,
        case,
        language=language,
        reason=escalation.reason,
        script_title=titles.get(language),
        large_from=load_policy(gateway.settings.escalation_file).large_remittance,
        clock=clock_lines(
            session,
            case,
            rail_packs(),
            now=gateway.now(),
            bank=gateway.bank,
            language=language,
        ),
    ).text


def _page(gateway: Gateway, shown: Shown) -> HTMLResponse:
    words = page_words(KIND, shown.language)
    read = words["read"].format(time=shown.read_at, by=shown.read_by) if shown.read_at else ""
    return _html(
        gateway,
        shown.language,
        title=words["title"].format(reference=shown.reference),
        asked=words["asked"].format(name=shown.name),
        read=read,
        shown=shown,
        closed=None,
    )


def _closed_page(gateway: Gateway, error: ClosedError, *, language: str) -> HTMLResponse:
    said = page_words(KIND, language)["closed"][error.why]
    return closed(_html(gateway, language, title=said["heading"], closed=said), error)


def _html(gateway: Gateway, language: str, **values: object) -> HTMLResponse:
    html = templates.get_template("acknowledge.html").render(
        words=page_words(KIND, language),
        bank=gateway.bank,
        bank_name=gateway.bank.name_in(language),
        digests=static_digests(),
        tel=tel_address,
        **values,
    )
    return HTMLResponse(html, headers={"content-security-policy": _POLICY})
