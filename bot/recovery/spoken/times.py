"""Find the moment of a payment in what a customer says, in Chinese, English or both mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.recovery.spoken.clauses import Clauses
from bot.recovery.spoken.folding import fold, without_masked
from bot.recovery.spoken.time_pieces import Mention, mentions
from bot.recovery.spoken.time_values import Clock, Piece, Precision, moment

TOLERANCE = timedelta(minutes=5)
"""How far a customer's clock may be ahead of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenTime:
    """The moment that a text names, never after the present.

    Args:
        at: The moment, in the zone that was asked for. Where only a day or a part of it is said,
            a time in its middle (an evening is 20:00).
        precise_to: The smallest unit that the words settle.
        start: First character in the text.
        end: One after the last character in the text.
    """

    at: datetime
    precise_to: Precision
    start: int
    end: int


_BARE = re.compile(
    r"\W{0,5}(?:about |around |at |大概|大约)?(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?\W{0,5}"
)
_BARE_WORD = re.compile(
    r"\W{0,5}(?:about |around )?(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve)\W{0,5}"
)
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_MOST_TRIED = 50


def time_in(
    text: str, *, language: str, now: datetime, zone: ZoneInfo, asked: bool = False
) -> SpokenTime | None:
    """Return the moment of the payment that a text names, None if it names none in the past.

    Of several moments the one beside the words for paying counts, then the most telling. What may
    be two moments ("at eight") is the latest one before ``now``. Deadlines ("by five", `五点前`)
    and moments to come are no moment of a payment.

    Args:
        text: The customer's words, any text at all.
        language: The language of the talk; both are always read, it only settles in which order
            the month and the day of ``11/10`` stand.
        now: The present, aware.
        zone: The zone whose clocks the customer reads.
        asked: Whether the question was when: then a bare hour ("8", "8.30") counts too, and any
            moment does, whatever it is said of.

    Raises:
        ValueError: ``now`` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("time_in: `now` has no time zone; pass an aware datetime.")
    folded = without_masked(text, fold(text))
    for mention in _ranked(mentions(folded, language=language), folded, asked=asked):
        found = moment(mention.piece, now=now, zone=zone, tolerance=TOLERANCE)
        if found:
            at, precise_to = found
            return SpokenTime(at=at, precise_to=precise_to, start=mention.start, end=mention.end)
        if mention.piece.day or mention.piece.clock:
            # What is about the future must not give way to some lesser word beside it.
            return None
    return _bare_hour(folded, now=now, zone=zone) if asked else None


def _ranked(several: list[Mention], folded: str, *, asked: bool) -> list[Mention]:
    """Return the mentions that may be of the payment, the likeliest first."""
    clauses = Clauses(folded)
    fitting = []
    for mention in several[:_MOST_TRIED]:
        standing = clauses.standing(mention.start)
        # `晚上` and "in the evening" by themselves are said of anything.
        lone_part = mention.piece.telling == 2 and not mention.piece.day
        if asked or standing > (1 if lone_part else 0):
            # "I just sent it, twenty minutes ago": "just" gives way to what is said exactly.
            likely = standing - 1.5 * mention.piece.now
            fitting.append((-likely, -mention.piece.telling, mention.start, mention))
    return [mention for *_, mention in sorted(fitting, key=lambda one: one[:3])]


def _bare_hour(folded: str, *, now: datetime, zone: ZoneInfo) -> SpokenTime | None:
    match = _BARE.fullmatch(folded) or _BARE_WORD.fullmatch(folded)
    if not match:
        return None
    said, minute = match["hour"], match.groupdict().get("minute")
    hour = int(said) if said.isdigit() else _WORDS.index(said) + 1
    if hour > 24:
        return None
    clock = Clock(hour, int(minute or 0), "minute" if minute else "hour", hour > 12 or hour == 0)
    start, end = match.start("hour"), match.end("minute") if minute else match.end("hour")
    piece = Piece(start=start, end=end, clock=clock)
    found = moment(piece, now=now, zone=zone, tolerance=TOLERANCE)
    return found and SpokenTime(at=found[0], precise_to=found[1], start=start, end=end)
