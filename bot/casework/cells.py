"""Parsers of CSV cells: each returns a value or raises ValueError with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.casework.words import languages
from bot.casework.working_pattern import parse_working_pattern

T = TypeVar("T")

MethodCheck = Callable[[str], None]
"""Raises ValueError with what is wrong with a notification method, without repeating it."""

# More than any bank holds, and still whole fen in 64 bits.
MOST_YUAN = Decimal(10) ** 15

MOST_PATTERN_CHARACTERS = 120

_AMOUNT = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]{1,2})?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,30}[0-9]")
_METHOD = re.compile(r"console|chat|webhook:[\w.-]+|[a-z][a-z0-9+.-]*://\S+")
_WORDS = {"yes": True, "no": False}


def text(most: int) -> Callable[[str], str]:
    """Parse a text that must be there.

    Args:
        most: Characters that the database keeps.
    """

    def parse(cell: str) -> str:
        if not cell:
            raise ValueError("is empty")
        if len(cell) > most:
            raise ValueError(f"has {len(cell)} characters, {most} are allowed")
        return cell

    return parse


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """Parse a cell that may be empty, which means None."""
    return lambda cell: parse(cell) if cell else None


def one_of(words: Collection[str]) -> Callable[[str], str]:
    """Parse one of some words."""

    def parse(cell: str) -> str:
        if cell not in words:
            raise ValueError(f'"{cell}" is not one of {", ".join(words)}')
        return cell

    return parse


def known(ids: Mapping[str, int], what: str) -> Callable[[str], int]:
    """Parse the code of something that is there already, into its id.

    Args:
        ids: Code to id.
        what: The thing's name in the message.
    """

    def parse(cell: str) -> int:
        if cell not in ids:
            raise ValueError(f'no {what} has the code "{cell}"')
        return ids[cell]

    return parse


def yuan(cell: str) -> Decimal:
    """Parse an amount in yuan, such as ``1860000`` or ``1,860,000.50``."""
    if not _AMOUNT.fullmatch(cell):
        raise ValueError(f'"{cell}" is not an amount in yuan')
    amount = Decimal(cell.replace(",", ""))
    if amount < 0:
        raise ValueError(f'"{cell}" is negative')
    if amount >= MOST_YUAN:
        raise ValueError(f'"{cell}" is more than any balance')
    return amount


def phone(cell: str) -> str:
    """Parse a telephone number, written as the customer shall read it."""
    if not _PHONE.fullmatch(cell):
        raise ValueError(f'"{cell}" is not a telephone number')
    return cell


def timezone(cell: str) -> str:
    """Parse the name of a time zone, such as ``Asia/Shanghai``."""
    try:
        ZoneInfo(cell)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{cell}" is not a time zone such as Asia/Shanghai') from None
    return cell


def language(cell: str) -> str:
    """Parse the code of a language that the handover words exist in."""
    return one_of(languages())(cell)


def plain_method(method: str) -> None:
    """Check a notification method by its form alone: ``console``, ``chat`` or a URL.

    Raises:
        ValueError: It is none of them; the message does not repeat it.
    """
    if not _METHOD.fullmatch(method):
        raise ValueError("is neither console nor a URL")


def methods(check: MethodCheck = plain_method, *, chat: bool = False) -> Callable[[str], list[str]]:
    """Parse notification methods with spaces between them, such as ``console mailto://…``.

    Args:
        check: Raises ValueError for a method that nothing carries, without repeating it: its URL
            may hold a password.
        chat: Allow ``chat``, which reaches only who talks to the assistant: customers.
    """

    def parse(cell: str) -> list[str]:
        found = cell.split()
        if not found:
            raise ValueError("is empty; give console or a method URL")
        for number, method in enumerate(found, start=1):
            try:
                check(method)
            except ValueError as error:
                raise ValueError(f"method {number} {error}") from error
            if method == "chat" and not chat:
                raise ValueError(f"method {number} is chat, which reaches only customers")
        return found

    return parse


def working_pattern(cell: str) -> str:
    """Parse hours of work, such as ``Mon-Fri 08:30-17:30``; empty means day and night."""
    if len(cell) > MOST_PATTERN_CHARACTERS:
        raise ValueError(f"has {len(cell)} characters, {MOST_PATTERN_CHARACTERS} are allowed")
    parse_working_pattern(cell)
    return cell


def yes_or_no(cell: str) -> bool:
    """Parse ``yes`` or ``no``."""
    return _WORDS[one_of(_WORDS)(cell)]
