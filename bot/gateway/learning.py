"""The pages to learn from: a lesson and a quiz for customers, a card a scam for tellers.

They hold nothing secret and nothing of anybody, and work without a script in the browser.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from bot.education import lesson, quiz, script_ids, script_of, teller_card, title_of
from bot.education.words import words_of
from bot.errors import NotFoundError
from bot.gateway.api import TheGateway
from bot.gateway.pages import other_language, page_policy, static_digests, tel_address
from bot.gateway.problems import request_language
from bot.gateway.signed_pages import templates
from bot.gateway.wiring import Gateway

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_QUIZZES = 1000
Which = Annotated[int, Query(alias="quiz", ge=0, lt=_QUIZZES)]

# These are plain functions: the catalogue is read at the first call, beside the event loop.


@router.get("/learn")
def lessons_page(request: Request, gateway: TheGateway) -> HTMLResponse:
    """List every scam that there is a lesson for."""
    return _list("learn", gateway, language=request_language(request, gateway))


@router.get("/learn/{script_id}")
def lesson_page(
    script_id: str, request: Request, gateway: TheGateway, which: Which = 0
) -> HTMLResponse:
    """Show a lesson and three questions."""
    language = request_language(request, gateway)
    try:
        script = script_of(script_id)
    except NotFoundError:
        return _list("learn", gateway, language=language, gone=True)
    return _html(
        "lesson.html",
        gateway,
        language=language,
        root="../",
        title=script.title[language],
        summary=script.summary[language],
        who=script.impersonates[language],
        steps=[(stage.name[language], stage.next[language]) for stage in script.stages],
        lines=lesson(script_id, "customer", language),
        questions=quiz(script_id, language, seed=which),
        following=(which + 1) % _QUIZZES,
        check=script.honest_way[language],
    )


@router.get("/teller-cards")
def cards_page(request: Request, gateway: TheGateway) -> HTMLResponse:
    """List every teller card."""
    return _list("teller-cards", gateway, language=request_language(request, gateway))


@router.get("/teller-cards/{script_id}")
def teller_card_page(script_id: str, request: Request, gateway: TheGateway) -> HTMLResponse:
    """Show a teller card, one printed page."""
    language = request_language(request, gateway)
    try:
        card = teller_card(script_id, language, bank=gateway.bank)
    except NotFoundError:
        return _list("teller-cards", gateway, language=language, gone=True)
    return _html(
        "teller_card.html", gateway, language=language, root="../", card=card, title=card.title
    )


def _list(folder: str, gateway: Gateway, *, language: str, gone: bool = False) -> HTMLResponse:
    """List the scams, also in place of a page that there is not."""
    words = words_of(language).page
    heading, lead = (
        (words.lessons, words.lessons_lead)
        if folder == "learn"
        else (words.cards, words.cards_lead)
    )
    page = _html(
        "learning_list.html",
        gateway,
        language=language,
        root="../" if gone else "",
        folder=folder,
        title=heading,
        lead=words.gone if gone else lead,
        scams=[(script_id, title_of(script_id, language)) for script_id in script_ids()],
    )
    page.status_code = 404 if gone else 200
    return page


def _html(template: str, gateway: Gateway, *, language: str, **values: object) -> HTMLResponse:
    html = templates.get_template(template).render(
        words=words_of(language).page,
        bank=gateway.bank,
        bank_name=gateway.bank.name_in(language),
        language=language,
        other=other_language(gateway, language),
        digests=static_digests(),
        tel=tel_address,
        **values,
    )
    policy = page_policy(ancestors="'none'").replace("script-src 'self'", "script-src 'none'")
    return HTMLResponse(html, headers={"content-security-policy": policy})
