"""A teller card: what to listen for, what to ask and say, and whom to bring in, on one page."""

from __future__ import annotations

from dataclasses import dataclass

from bot.bank import Bank
from bot.education.lessons import heard_of, signs_of
from bot.education.quizzes import next_of
from bot.education.scripts import script_of
from bot.education.words import CardWords, words_of

_SIGNS = 5
_HEARD = 3
_HONEST = 2


@dataclass(frozen=True)
class Helper:
    """Somebody to bring in.

    Args:
        who: What to call them.
        number: The number, from the bank's own file.
    """

    who: str
    number: str


@dataclass(frozen=True)
class TellerCard:
    """All that one card says.

    Args:
        script_id: The scam script.
        title: Its title.
        summary: What it is, in a sentence or two.
        steps: The names of its steps, in order.
        signs: What to listen for, with why it matters.
        heard: What the customer may say.
        questions: What to ask, openly.
        next: What the caller will do next, so that it can be foretold.
        honest: Honest calls like it: what they are, and how to tell.
        check: How to check a claim for real.
        helpers: Whom to bring in.
        words: The headings, and what to say and not to say.
    """

    script_id: str
    title: str
    summary: str
    steps: tuple[str, ...]
    signs: tuple[str, ...]
    heard: tuple[str, ...]
    questions: tuple[str, ...]
    next: tuple[str, ...]
    honest: tuple[tuple[str, str], ...]
    check: str
    helpers: tuple[Helper, ...]
    words: CardWords


def teller_card(script_id: str, language: str, *, bank: Bank) -> TellerCard:
    """Return the card of one scam.

    Args:
        script_id: The scam script.
        language: Language of the card.
        bank: Whose numbers.

    Raises:
        NotFoundError: No script has the id.
    """
    script, words = script_of(script_id), words_of(language).card
    stages = script.stages
    return TellerCard(
        script_id=script_id,
        title=script.title[language],
        summary=script.summary[language],
        steps=tuple(stage.name[language] for stage in stages),
        signs=tuple(flag.why[language] for flag in signs_of(script, _SIGNS)),
        heard=tuple(heard_of(script, language, _HEARD)),
        questions=words.questions,
        next=tuple(next_of(stage, language) for stage in stages[-3:-1]),
        honest=tuple(
            (alike.title[language], alike.tell[language]) for alike in script.look_alikes[:_HONEST]
        ),
        check=script.honest_way[language],
        helpers=_helpers(words, bank, language),
        words=words,
    )


def _helpers(words: CardWords, bank: Bank, language: str) -> tuple[Helper, ...]:
    desk = bank.operations_desk
    return (
        *((Helper(desk.name_in(language), desk.phone),) if desk else ()),
        Helper(words.hotline, bank.hotline),
        Helper(words.police, bank.emergency.police),
        Helper(words.advice, bank.emergency.advice),
        Helper(words.crisis, bank.emergency.crisis),
    )
