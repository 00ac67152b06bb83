"""Find e-mail addresses and passport numbers."""

from __future__ import annotations

import re

from bot.gateway.masking.folding import OPAQUE
from bot.gateway.masking.numbers import Span
from bot.gateway.masking.words import load_words

PASSPORT_NEAR = 40
"""Characters between the word and the number at most."""

# Every run of such signs is looked at once, whatever it is: the look-behind keeps it linear.
_EMAIL = re.compile(r"(?<![a-z0-9._%+'-])[a-z0-9._%+'-]+@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}")
# Mainland China E12345678 and EA1234567, the United Kingdom and the United States nine digits or
# a letter and eight, the European Union letters and digits mixed (German C01X00T47): ICAO 9303
# gives the field nine characters.
_PASSPORT = re.compile(r"(?<![a-z0-9])(?=[a-z]{0,3}\d)[a-z0-9]{7,10}(?![a-z0-9])")
_LEAST_DIGITS = 5
_SENTENCE_END = re.compile(r"[!?;。！？；\n]|(?<!no)\.\s")


def find_emails(folded: str) -> list[Span]:
    """Return the spans of e-mail addresses."""
    return [match.span() for match in _EMAIL.finditer(folded)]


def find_passports(folded: str) -> list[Span]:
    """Return the spans of the first passport number behind each name of a passport.

    Args:
        folded: Folded text in which everything that is masked already is blank.
    """
    spans: list[Span] = []
    for name in load_words().passports.finditer(folded):
        found = _PASSPORT.search(folded, name.end(), name.end() + PASSPORT_NEAR + 10)
        while found and sum(map(str.isdigit, found.group())) < _LEAST_DIGITS:
            found = _PASSPORT.search(folded, found.end(), name.end() + PASSPORT_NEAR + 10)
        if found is None:
            continue
        gap = folded[name.end() : found.start()]
        if OPAQUE not in gap and not _SENTENCE_END.search(gap) and not _cut(folded, found):
            spans.append(found.span())
    return sorted(set(spans))


def _cut(folded: str, found: re.Match[str]) -> bool:
    """Tell whether the window of the search has cut a longer word or number in two."""
    return folded[found.end() : found.end() + 1].isalnum()
