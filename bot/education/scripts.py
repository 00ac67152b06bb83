"""The scam scripts that can be taught, read once a process."""

from __future__ import annotations

from functools import lru_cache

from bot.errors import NotFoundError
from bot.recognition.catalogue import Catalogue, RedFlag, ScamScript, load_catalogue


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the whole catalogue."""
    return load_catalogue()


def script_ids() -> tuple[str, ...]:
    """Return the ids of all scripts that are in force, in the order of the alphabet."""
    return tuple(sorted(catalogue().scripts))


def script_of(script_id: str) -> ScamScript:
    """Return what is known of a script.

    Raises:
        NotFoundError: No script has the id.
    """
    try:
        return catalogue().scripts[script_id]
    except KeyError as error:
        raise NotFoundError(
            f"No scam script has the id {script_id}; the ids are {', '.join(script_ids())}."
        ) from error


def title_of(script_id: str, language: str) -> str:
    """Return a script's title as a reader of the language knows it.

    Raises:
        NotFoundError: No script has the id.
    """
    return script_of(script_id).title[language]


def telling_flags(script: ScamScript) -> list[RedFlag]:
    """Return a script's own red flags that tell before anything is lost, the surest first."""
    early = [flag for flag in script.red_flags if flag.exposure not in ("disclosed", "paid")]
    return sorted(early, key=lambda flag: -flag.weight)


def step_of(script: ScamScript, flag: RedFlag) -> int:
    """Return the number of the stage that a red flag first belongs to, from one; 0 for none."""
    for number, stage in enumerate(script.stages, start=1):
        if flag.id in stage.red_flags:
            return number
    return 0
