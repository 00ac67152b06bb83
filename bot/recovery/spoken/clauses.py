"""Tell which clauses speak of paying, so that a call's time is not taken for a payment's."""

from __future__ import annotations

import re
from bisect import bisect_right

SENTENCE_END = re.compile(r"[。！？!?;；\n]|\.(?!\d|m\b)(?=\s|$)")
_CLAUSE_END = re.compile(r"[。！？!?;；\n,，、]|\.(?!\d|m\b)(?=\s|$)| (?:and|then|so|but|because) ")
PAYING = re.compile(
    r"(?<![a-z])(?:paid|pay|paying|payment|sent|send|sending|transfer(?:red|ring)?|wired?|remitt?(?:ed|ance)"
    r"|deposited|moved|did it|made it|handed over|money went|gave (?:him|her|them))(?![a-z])"
    r"|转|汇|付|打款|打钱|打了?过去|打过去|打给|存了|给了|给他|给她|交了|缴|扫码|操作的|充值"
)
CALLING = re.compile(
    r"(?<![a-z])(?:call(?:ed|s|ing)?|rang|phoned|told|said|says|message[ds]?|texted|met|heard"
    r"|wait(?:ing)?|visit(?:ed)?)(?![a-z])"
    r"|打电话|来电|电话|接到|联系|加我|说|通知|收到|短信|还款日|见"
)


class Clauses:
    """The clauses and sentences of one text, and what each is about.

    Args:
        folded: The text, folded.
    """

    def __init__(self, folded: str) -> None:
        self._clause_ends = [match.start() for match in _CLAUSE_END.finditer(folded)]
        self._sentence_ends = [match.start() for match in SENTENCE_END.finditer(folded)]
        paying = [match.start() for match in PAYING.finditer(folded)]
        self._paying_anywhere = bool(paying)
        self._paying_clauses = {self._clause(place) for place in paying}
        self._paying_sentences = {self._sentence(place) for place in paying}
        calling = [match.start() for match in CALLING.finditer(folded)]
        self._calling_clauses = {self._clause(place) for place in calling}
        self._calling_sentences = {self._sentence(place) for place in calling}

    def standing(self, place: int) -> int:
        """Return how likely a moment named at ``place`` is that of the payment.

        Args:
            place: A position in the text.

        Returns:
            3 in a clause about paying, 2 in a sentence with one, 1 where paying is spoken of
            elsewhere or nowhere, 0 for what is said of a call or a visit.
        """
        clause = self._clause(place)
        if clause in self._paying_clauses:
            return 3
        if self._paying_anywhere and clause in self._calling_clauses:
            return 0
        if self._sentence(place) in self._paying_sentences:
            return 2
        return (
            0 if self._paying_anywhere and self._sentence(place) in self._calling_sentences else 1
        )

    def _clause(self, place: int) -> int:
        return bisect_right(self._clause_ends, place)

    def _sentence(self, place: int) -> int:
        return bisect_right(self._sentence_ends, place)
