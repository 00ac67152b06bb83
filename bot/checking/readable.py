"""Assessments for a person at a terminal, in the language of the text."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.checking.items import Item
from bot.checking.words import words_for
from bot.recognition import Assessment, Recogniser

_COLOURS = {"clear": "default", "unsure": "yellow", "suspicious": "dark_orange", "scam": "red"}
_CHARACTERS_SHOWN = 600
#: Controls, half surrogates, and marks that make text run the other way.
_UNSHOWN = frozenset({"Cc", "Cs"})
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Readable:
    """Shows each assessment on standard output.

    Args:
        recogniser: Knows the titles and the counsel of the scripts.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._console = console()
        self._recogniser = recogniser

    def write(self, item: Item, assessment: Assessment) -> None:
        """Show one assessment."""
        words = words_for(assessment.lang)
        parts = [_quoted(item.text, assessment)]
        if assessment.warned and assessment.scripts:
            best = assessment.scripts[0].id
            title = self._recogniser.title(best, assessment.lang)
            parts.append(Text(f"{words['script']}: {title}"))
        for flag in assessment.red_flags:
            parts.append(Text(f"• “{visible(flag.quote)}”: {flag.why}"))
        if assessment.stage and assessment.next:
            step = words["step"].format(step=assessment.stage.step, of=assessment.stage.of)
            parts.append(Text(f"{step} {words['next']}: {assessment.next}"))
        parts.append(Text(f"{words['do']}: {self._do(assessment)}", style="bold"))
        heading = f"{visible(str(item.id))} · {words[assessment.level]} · {assessment.score:.2f}"
        colour = _COLOURS[assessment.level]
        self._console.print(Panel(Group(*parts), title=Text(heading), border_style=colour))

    def _do(self, assessment: Assessment) -> str:
        words = words_for(assessment.lang)
        if not assessment.warned or not assessment.scripts:
            return words[f"do_{'unsure' if assessment.level == 'unsure' else 'clear'}"]
        script = self._recogniser.script(assessment.scripts[0].id)
        counsel: str = script["counsel"][assessment.exposure][assessment.lang]
        return counsel


@cache
def console(*, stderr: bool = False) -> Console:
    """Return the one console of a stream, so that a bar and what is written keep apart."""
    # A terminal that cannot show a character shows a question mark; it does not stop the work.
    (sys.stderr if stderr else sys.stdout).reconfigure(errors="replace")  # type: ignore[union-attr]
    return Console(stderr=stderr, highlight=False)


def visible(text: str) -> str:
    """Return a text that cannot steer the terminal that shows it; its length stays the same.

    Args:
        text: Any text, such as a caller's message with control characters in it.
    """
    return "".join(map(_visible_sign, text))


def _visible_sign(sign: str) -> str:
    if sign == "\n" or (sign not in _DIRECTIONS and unicodedata.category(sign) not in _UNSHOWN):
        return sign
    return " " if sign in "\t\r" else "\ufffd"


def _quoted(text: str, assessment: Assessment) -> Text:
    more = "…" if len(text) > _CHARACTERS_SHOWN else ""
    shown = Text(visible(text[:_CHARACTERS_SHOWN]) + more, style="dim")
    for flag in assessment.red_flags:
        shown.stylize("bold underline not dim", flag.start, min(flag.end, _CHARACTERS_SHOWN))
    return shown
