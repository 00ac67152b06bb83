"""``secondvoice scripts new``: the files of a new scam script, with every place to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError
from bot.recognition.assessment import EXPOSURES
from bot.recognition.catalogue import LANGUAGES_FOLDER
from bot.recognition.unfinished import TODO

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST_ID = 40
_SCRIPT_HEAD = """\
# Fill in every TODO; `secondvoice scripts check` names those that are left. A red flag of
# scam_scripts/_shared.yml counts here when `uses` gives it a weight: {urgency: 2}
"""
_TEST_HEAD = """\
# Sentences as people say them, in words that occur nowhere in the scam script.
"""


def new_script(script_id: str, *, root: Path, today: date) -> list[Path]:
    """Write a scam script and its tests in every language, and return the files.

    Args:
        script_id: Its id, which is also the name of its files and never changes.
        root: The project's folder.
        today: What the script is dated with.

    Raises:
        DataError: The id cannot be used, or one of the files exists; nothing was written.
    """
    if not _ID.fullmatch(script_id) or len(script_id) > _LONGEST_ID:
        raise DataError(
            [
                f"{script_id!r}: is no id for a scam script; take small letters, digits and _, "
                f"beginning with a letter, at most {_LONGEST_ID}: toll_fee"
            ]
        )
    languages = sorted(path.stem for path in LANGUAGES_FOLDER.glob("*.yml"))
    files = {root / "scam_scripts" / f"{script_id}.yml": _script(script_id, languages, today)}
    for language in languages:
        files[root / "tests" / "scripts" / language / f"{script_id}.yml"] = _tests()
    taken = [path for path in files if path.exists()]
    if taken:
        raise DataError([f"{path}: exists already; choose another id" for path in taken])
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return list(files)


def _script(script_id: str, languages: Iterable[str], today: date) -> str:
    codes = list(languages)

    def words(hint: str) -> dict[str, str]:
        return dict.fromkeys(codes, f"{TODO}: {hint}")

    def lists(hint: str) -> dict[str, list[str]]:
        return {code: [f"{TODO}: {hint}"] for code in codes}

    stages = ("contact", "pressure", "payment")
    document: dict[str, Any] = {
        "id": script_id,
        "title": words("what people call this scam"),
        "status": "experimental",
        "reviewed": today,
        "impersonates": lists("whom the caller claims to be"),
        "summary": words("how it goes, in two sentences"),
        "stages": [
            {
                "id": stage,
                "name": words(f"the caller's step: {stage}"),
                "red_flags": [f"{script_id}_{stage}"],
                "next": words("what the caller will say next"),
            }
            for stage in stages
        ],
        "red_flags": [
            {
                "id": f"{script_id}_{stage}",
                "weight": 2,
                "why": words("why nobody honest does this"),
                # No other sign, because a pattern has a grammar of its own.
                "patterns": {code: [TODO] for code in codes},
                "examples": lists("a sentence as people say it"),
            }
            for stage in stages
        ],
        "uses": {},
        "counsel": {exposure: words(f"the one thing to do: {exposure}") for exposure in EXPOSURES},
        "look_alikes": [
            {
                "title": words("the honest call that resembles it"),
                "tell": words("how to tell them apart"),
                "examples": lists("a sentence about the honest call"),
            }
        ],
        "honest_way": words("how to check or settle the matter honestly"),
        "false_positives": lists("honest talk that this script may warn of"),
        "reports": lists("what a customer writes about it"),
        "sources": [
            {"publisher": TODO, "what": f"{TODO}: what it says", "seen": today, "confidence": "M"}
        ],
    }
    return _SCRIPT_HEAD + _yaml(document)


def _tests() -> str:
    sentences = {
        "caught": [f"{TODO}: a sentence to warn of"],
        "left_alone": [f"{TODO}: an honest one"],
    }
    return _TEST_HEAD + _yaml(sentences)


def _yaml(document: Any) -> str:
    return yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)


class _Plain(yaml.SafeDumper):
    """Writes what stands twice in a document twice, as a person would."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Answer that no part is only referred to."""
        return True
