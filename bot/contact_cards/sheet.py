"""The sheet to print: one A4 page with eight cards, to be cut along the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.casework.cards import ContactCard
from bot.contact_cards.words import CardWords

CARDS = 8

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One card in one language.

    Args:
        words: The words of the language.
        bank: The bank's name.
        card: Whom to reach.
        lines: The words' single lines, filled in.
        hotline: The bank's hotline.
        police: The emergency number of the police.
    """

    words: CardWords
    bank: str
    card: ContactCard
    lines: Mapping[str, str]
    hotline: str
    police: str


def sheet_html(sides: Sequence[Side], *, code: str) -> str:
    """Write the sheet: the languages take turns, so two of them stand side by side.

    A row that is folded instead of cut makes one card with a language on each side.

    Args:
        sides: The card in each language, the customer's own first.
        code: The QR code of the card's page, an SVG picture.
    """
    cards = [sides[number % len(sides)] for number in range(CARDS)]
    picture = code.partition("?>")[2].strip()  # Inside a page there is no XML declaration.
    template = _templates.get_template("sheet.html")
    # The picture is our own drawing of modules and holds no text from outside.
    return template.render(cards=cards, code=Markup(picture), words=sides[0].words)  # noqa: S704
