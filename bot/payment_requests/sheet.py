"""The page for whoever signs for a company: a payment is asked for, and nothing has left yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.recovery.document_values import short
from bot.recovery.documents import FOLDER as DOCUMENTS
from bot.recovery.documents import style

_HERE = Path(__file__).resolve().parent
MOST_SIGNS = 5
LONGEST_NAME = 28
LONGEST_QUOTE = 44
LONGEST_QUOTE_CJK = 20  # One is about as wide as two letters.

Words = Mapping[str, str]

_templates = Environment(
    loader=FileSystemLoader([_HERE / "templates", DOCUMENTS]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that the page says; an empty text or None is what nobody has said.

    Args:
        reference: Of the case.
        made: When it was made, aware.
        zone: In which the moment is written.
        bank: Name of the bank by language code.
        hotline: The bank's number.
        police: The number of the police.
        manager: Name by language code and number of who of the bank answers for the company.
        manager_phone: His number.
        customer: Name of the accountant by language code; empty for a visitor.
        company: Name by language code.
        addressee: Who signs for the company.
        asker: Who asks, one of ``ASKERS``.
        amount: In units of the currency.
        currency: ISO 4217 code.
        payee_name: Who is to get it.
        payee_bank: Where his account is.
        payee_account_ending: The last characters of the account number.
        signs: ``(sign, quote)`` of those that are there, the weightiest first.
        unanswered: Questions that were asked in vain.
    """

    reference: str
    made: datetime
    zone: ZoneInfo
    bank: Words
    hotline: str
    police: str
    manager: Words
    manager_phone: str
    customer: Words
    company: Words
    addressee: str
    asker: str | None
    amount: Decimal | None
    currency: str | None
    payee_name: str | None
    payee_bank: str | None
    payee_account_ending: str | None
    signs: tuple[tuple[str, str], ...]
    unanswered: tuple[str, ...]


def request_page(sheet: Sheet, language: str) -> str:
    """Write the page.

    Args:
        sheet: What it says.
        language: A language of the documents.
    """
    words = sheet_words(language)
    ending = sheet.payee_account_ending
    asked = {
        "asker": words["askers"][sheet.asker] if sheet.asker else "",
        "amount": _money(sheet),
        "payee_name": short(sheet.payee_name or "", LONGEST_NAME),
        "payee_bank": short(sheet.payee_bank or "", LONGEST_NAME),
        "payee_account": f"…{ending}" if ending else "",
    }
    return _templates.get_template(
        "request.html"
    ).render(
        # The style is our own file and holds no text from outside.
        style=Markup(style()),  # noqa: S704
        words=words,
        sheet=sheet,
        asked=asked,
        made=sheet.made.astimezone(sheet.zone).strftime("%Y-%m-%d %H:%M"),
        bank=_in(sheet.bank, language),
        manager=short(_in(sheet.manager, language), LONGEST_NAME),
        customer=short(_in(sheet.customer, language), LONGEST_NAME),
        company=short(_in(sheet.company, language), LONGEST_NAME),
        addressee=short(sheet.addressee, LONGEST_NAME),
        signs=[(words["signs"][sign], _short(quote)) for sign, quote in sheet.signs[:MOST_SIGNS]],
        unanswered=[words["unanswered"][question] for question in sheet.unanswered],
        other="en" if language == "zh" else "zh",
    )


@cache
def sheet_words(language: str) -> Mapping[str, Any]:
    """Return the page's words in a language."""
    path = _HERE / "words" / f"{language}.yml"
    words: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


def _money(sheet: Sheet) -> str:
    return "" if sheet.amount is None else f"{sheet.currency or ''} {sheet.amount:,.2f}".strip()


def _short(quote: str) -> str:
    return short(quote, LONGEST_QUOTE if quote.isascii() else LONGEST_QUOTE_CJK)


def _in(words: Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
