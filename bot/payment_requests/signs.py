"""The signs of a false payment request, and reading them in what an accountant writes or pastes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError

FOLDER = Path(__file__).resolve().parent / "wordings"
LONGEST_QUOTE = 120

#: The weightiest first; their reasons stand in the counsel's words and in the page's.
#: Source: design notes of this project on fake bosses, changed supplier accounts and advances.
SIGNS = (
    "private_account",
    "name_mismatch",
    "new_account",
    "no_callback",
    "secrecy",
    "approval_skipped",
    "number_in_request",
    "unusual_way",
    "urgent",
)
ASKERS = ("boss", "supplier", "office", "colleague")

#: Which sign a red flag of the recogniser is, in a payment request.
FLAGS: Mapping[str, str] = {
    "personal_account": "private_account",
    "supplier_payee_mismatch": "name_mismatch",
    "supplier_new_account": "new_account",
    "supplier_account_reason": "new_account",
    "supplier_payroll_redirect": "new_account",
    "boss_unreachable": "no_callback",
    "refuses_callback": "no_callback",
    "supplier_no_phone_check": "no_callback",
    "keep_secret": "secrecy",
    "boss_confidential_deal": "secrecy",
    "advance_hide_at_work": "secrecy",
    "skip_procedure": "approval_skipped",
    "call_this_number": "number_in_request",
    "boss_new_contact": "unusual_way",
    "boss_fake_group": "unusual_way",
    "moves_to_chat_app": "unusual_way",
    "supplier_lookalike_address": "unusual_way",
    "tax_group_or_file": "unusual_way",
    "urgency": "urgent",
    "supplier_rush": "urgent",
    "tax_pay_now": "urgent",
}
_CLAUSE_ENDS = re.compile(r"[，。;；!！?？\n]|[,.](?!\d)")


@dataclass(frozen=True)
class Read:
    """What one message shows of a payment request.

    Args:
        there: The customer's words by the sign that they show, in the order of `SIGNS`.
        absent: Signs that the message itself denies: "it is the account we always use".
    """

    there: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def signs_in(text: str, red_flags: Iterable[tuple[str, str]] = ()) -> Read:
    """Return which signs a message shows, and which it denies.

    Args:
        text: The customer's masked words, or a request pasted as it came.
        red_flags: ``(id, quote)`` of what the recogniser found in it.
    """
    flagged: dict[str, str] = {}
    for flag, quote in red_flags:
        if flag in FLAGS:
            flagged.setdefault(FLAGS[flag], quote)
    there: dict[str, str] = {}
    absent = set()
    for sign in SIGNS:
        denied = _wording(sign, "absent")
        match = _wording(sign, "there").search(denied.sub(_blank, text))
        if match:
            there[sign] = _clause(text, match)
        elif denied.search(text):
            absent.add(sign)
        elif sign in flagged:
            there[sign] = flagged[sign]
    return Read(there, frozenset(absent))


def asker_in(text: str) -> str | None:
    """Return who a message says has asked for the payment, one of `ASKERS`."""
    found = [
        (match.start(), asker)
        for asker in ASKERS
        if (match := _wording("asker", asker).search(text))
    ]
    return min(found)[1] if found else None


def pattern_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Return one pattern for several, whatever the case of the letters."""
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


@cache
def wordings() -> tuple[Mapping[str, Any], ...]:
    """Return the wordings of every language; all are looked for together.

    Raises:
        DataError: A language lacks something that another one has.
    """
    read = {
        path: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.yml"))
    }
    needed = {("asker", one) for one in ASKERS} | {("answer", "yes"), ("answer", "no")}
    needed |= {(sign, kind) for sign in SIGNS for kind in ("there", "absent")}
    problems = [
        f"{path}: {name}/{kind} is missing"
        for path, words in read.items()
        for name, kind in sorted(needed)
        if not words.get(name, {}).get(kind)
    ]
    if problems:
        raise DataError(problems)
    return tuple(read.values())


@cache
def _wording(name: str, kind: str) -> re.Pattern[str]:
    return pattern_of([one for words in wordings() for one in words[name][kind]])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _clause(text: str, match: re.Match[str]) -> str:
    """Return the clause around a match, as the customer wrote it."""
    ends = [end.end() for end in _CLAUSE_ENDS.finditer(text, 0, match.start())]
    start = ends[-1] if ends else 0
    end = _CLAUSE_ENDS.search(text, match.end())
    return text[start : end.start() if end else len(text)].strip()[:LONGEST_QUOTE]
