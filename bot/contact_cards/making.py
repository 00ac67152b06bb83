"""A customer's card with all that is handed out: the sheet, the vCards and the codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.bank import Bank
from bot.casework.cards import customer_card
from bot.casework.models import Customer
from bot.casework.vcards import CardFacts, short_vcard, vcard
from bot.contact_cards.codes import qr_svg
from bot.contact_cards.sheet import Side, sheet_html
from bot.contact_cards.words import card_words, filled, languages


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a card leads and how long it is good.

    Args:
        public_url: What the gateway's addresses begin with, without a slash at the end.
        token: The card's token.
        made: When it was made, aware.
        last_day: The last day on which it is good.
    """

    public_url: str
    token: str
    made: datetime
    last_day: date

    @property
    def url(self) -> str:
        """The card's page."""
        return f"{self.public_url}/card/{self.token}"


def card_files(customer: Customer, bank: Bank, place: Place) -> dict[str, bytes]:
    """Make everything that is handed to a customer.

    Args:
        customer: Whose card.
        bank: The bank's names and numbers.
        place: Where the card leads.

    Returns:
        File name to content: the sheet to print, vCards in the customer's language, and codes.
    """
    card = customer_card(customer, language=customer.language)
    facts = facts_of(bank, place, language=customer.language)
    vcard_code = qr_svg(short_vcard(card, facts), name=card.name)
    link_code = qr_svg(place.url, name=place.url)
    return {
        "card.html": sheet_html(_sides(customer, bank, place), code=link_code).encode(),
        "contact-3.0.vcf": vcard(card, facts, version="3.0"),
        "contact-4.0.vcf": vcard(card, facts, version="4.0"),
        "contact.svg": vcard_code.encode(),
        "link.svg": link_code.encode(),
    }


def facts_of(bank: Bank, place: Place, *, language: str) -> CardFacts:
    """Return what a card's vCards say besides the person.

    Args:
        bank: The bank's names and numbers.
        place: Where the card leads.
        language: The reader's language.
    """
    note = filled(card_words(language).note, bank.fields(language))
    return CardFacts(
        bank=bank.name_in(language),
        note=note,
        url=place.url,
        token=place.token,
        revised=place.made,
    )


def _sides(customer: Customer, bank: Bank, place: Place) -> list[Side]:
    """Return the card in every language, the customer's own first."""
    own = customer.language
    order = sorted(languages(), key=lambda language: (language != own, language))
    return [_side(customer, bank, place, language=language) for language in order]


def _side(customer: Customer, bank: Bank, place: Place, *, language: str) -> Side:
    words, card = card_words(language), customer_card(customer, language=language)
    values = {
        **bank.fields(language),
        "name": _holder(customer, language),
        "day": f"{place.last_day}",
    }
    return Side(
        words=words,
        bank=bank.name_in(language),
        card=card,
        lines=_lines(words.model_dump(), values),
        hotline=bank.hotline,
        police=bank.emergency.police,
    )


def _holder(customer: Customer, language: str) -> str:
    company = customer.company_in(language) if customer.kind == "corporate" else None
    return " · ".join(part for part in (customer.name_in(language), company) if part)


def _lines(words: Mapping[str, object], values: Mapping[str, str]) -> dict[str, str]:
    """Return the single lines of the words, filled in."""
    return {key: filled(text, values) for key, text in words.items() if isinstance(text, str)}
