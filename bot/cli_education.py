"""``secondvoice education lesson``, ``quiz`` and ``teller-card``: what the catalogue teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import NotFoundError
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.education import TellerCard

Script = Annotated[str, typer.Argument(metavar="SCRIPT", help="Id, such as refund_service.")]
Lang = Annotated[str, typer.Option("--lang", help="Language: en or zh.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module.

    Args:
        app: The commands about education.
    """
    app.command(name="lesson")(show_lesson)
    app.command(name="quiz")(show_quiz)
    app.command(name="teller-card")(show_card)


def show_lesson(
    script: Script,
    lang: Lang = "en",
    staff: Annotated[bool, typer.Option("--staff", help="For staff, not for customers.")] = False,
) -> None:
    """Show the lesson about a scam."""
    from bot.education import lesson, title_of

    _known(lang)
    typer.echo(f"{title_of(script, lang)}\n")
    typer.echo("\n\n".join(lesson(script, "staff" if staff else "customer", lang)))


def show_quiz(
    script: Script,
    lang: Lang = "en",
    seed: Annotated[int, typer.Option(help="The same seed asks the same questions.")] = 0,
    answers: Annotated[
        bool, typer.Option("--answers", help="Show what is right, and why.")
    ] = False,
) -> None:
    """Show the three questions about a scam."""
    from bot.education import quiz

    _known(lang)
    for number, question in enumerate(quiz(script, lang, seed=seed), start=1):
        typer.echo(f"{number}. {question.asked}")
        typer.echo(f"→ {question.letter}. {question.reason}\n" if answers else "")


def show_card(script: Script, lang: Lang = "en") -> None:
    """Show the teller card of a scam; the gateway's page of it is made for printing."""
    from bot.bank import load_bank
    from bot.education import teller_card

    _known(lang)
    card = teller_card(script, lang, bank=load_bank(get_settings().bank_file))
    typer.echo("\n".join(_lines(card)))


def _lines(card: TellerCard) -> list[str]:
    words = card.words
    parts = (
        (words.steps, card.steps),
        (words.signs, card.signs),
        (words.heard, card.heard),
        (words.ask, card.questions),
        (words.say, words.says),
        (words.avoid, words.avoids),
        (words.next, card.next),
        (words.honest, [f"{title} – {tell}" for title, tell in card.honest]),
        (words.check, [card.check]),
        (words.bring_in, [words.manager, *(f"{h.who} {h.number}" for h in card.helpers)]),
    )
    lines = [f"{words.heading} · {card.title}"]
    for heading, items in parts:
        lines += ["", heading, *(f"- {item}" for item in items)]
    return [*lines, "", words.never]


def _known(language: str) -> None:
    """Refuse a language that nothing is written in.

    Raises:
        NotFoundError: There is no such language.
    """
    from bot.education.words import languages

    if language not in languages():
        raise NotFoundError(
            f"There are no lessons in {language!r}; the languages are {', '.join(languages())}."
        )
