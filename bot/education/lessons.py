"""A lesson: how a scam goes, the sign, the honest call like it, and what to do."""

from __future__ import annotations

from bot.education.examples import inside_quotes, readable
from bot.education.quizzes import next_of
from bot.education.scripts import script_of, step_of, telling_flags
from bot.education.words import words_of
from bot.recognition.catalogue import RedFlag, ScamScript

AUDIENCES = ("customer", "staff")
_SIGNS = 3


def lesson(script_id: str, audience: str, language: str) -> tuple[str, ...]:
    """Return a lesson as four short messages.

    Args:
        script_id: The scam script.
        audience: ``customer`` or ``staff``.
        language: Language of the lesson.

    Raises:
        NotFoundError: No script has the id.
    """
    script = script_of(script_id)
    return (_for_staff if audience == "staff" else _for_customers)(script, language)


def signs_of(script: ScamScript, most: int) -> list[RedFlag]:
    """Return the signs worth listening for, in the order in which they come up.

    Args:
        script: The scam script.
        most: How many.
    """
    return sorted(telling_flags(script)[:most], key=lambda flag: step_of(script, flag))


def heard_of(script: ScamScript, language: str, most: int) -> list[str]:
    """Return what customers say of a scam, a sentence of each of its red flags.

    Args:
        script: The scam script.
        language: Language of the sentences.
        most: How many.
    """
    flags = sorted(telling_flags(script), key=lambda flag: step_of(script, flag) or 99)
    return [found[0] for f in flags if (found := readable(f.examples[language], language))][:most]


def _for_customers(script: ScamScript, language: str) -> tuple[str, ...]:
    words = words_of(language).lesson
    stages = [next_of(stage, language) for stage in script.stages]
    sign = telling_flags(script)[0]
    honest = script.look_alikes[0]
    return (
        words.starts.format(example=_opening(script, language), next=stages[0]),
        words.goes_on.format(middle=stages[len(stages) // 2], last=stages[-1])
        + "\n"
        + words.sign.format(why=sign.why[language]),
        words.honest.format(title=honest.title[language], tell=honest.tell[language]),
        words.do.format(counsel=script.counsel["contacted"][language]),
    )


def _for_staff(script: ScamScript, language: str) -> tuple[str, ...]:
    words = words_of(language).lesson
    first, second = heard_of(script, language, 2)
    return (
        words.staff_steps.format(steps=_listed(script, language)),
        words.staff_heard.format(first=first, second=second),
        words.staff_signs.format(
            signs="\n".join(f"– {flag.why[language]}" for flag in signs_of(script, _SIGNS))
        ),
        words.staff_do.format(
            counsel=script.counsel["engaged"][language], tell=script.look_alikes[0].tell[language]
        ),
    )


def _opening(script: ScamScript, language: str) -> str:
    """Return how it sounds at the start: a sentence of the first stage that has one."""
    own = {flag.id: flag for flag in script.red_flags}
    for stage in script.stages:
        for flag_id in stage.red_flags:
            if flag_id in own and (found := readable(own[flag_id].examples[language], language)):
                return found[0]
    return inside_quotes(script.summary[language])


def _listed(script: ScamScript, language: str) -> str:
    """List the names of the steps, one in a line."""
    names = (stage.name[language] for stage in script.stages)
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, start=1))
