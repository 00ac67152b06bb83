"""Find the pieces that times are said in: a day, a part of it, a clock time, a while ago."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.recovery.spoken import time_words_en, time_words_zh
from bot.recovery.spoken.clauses import CALLING, SENTENCE_END
from bot.recovery.spoken.folding import Span
from bot.recovery.spoken.time_values import Piece

Reader = Callable[[re.Match[str]], Piece | None]

_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    *time_words_en.READERS,
    *time_words_zh.READERS,
)
_FILLER = re.compile(
    r"(?:[ ,，、的]|(?:(?:at|on|in|around|about|roughly|exactly|the|was|it|of|maybe|just after"
    r"|just before|early|late)(?![a-z]))|是|在|大概|大约|约|差不多|左右|那天|当天|快|刚过){0,6}"
)
_LONGEST_GAP = 40
_DEADLINE_BEFORE = re.compile(r"(?<![a-z])(?:by|before|until|till|til)\s(?:about )?$")
_DEADLINE_AFTER = re.compile(r"钟?(?:之前|以前|前)(?!几天|一天|后)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Pieces that stand together and speak of one moment."""

    start: int
    end: int
    piece: Piece


def date_and_time_spans(folded: str) -> list[Span]:
    """Return the places of all dates, clock times and durations, whether or not they are past."""
    return [(one.start, one.end) for one in _pieces(folded, numeric_order="")]


def mentions(folded: str, *, language: str) -> list[Mention]:
    """Return the moments that a folded text speaks of, in order.

    Args:
        folded: The text, folded.
        language: In Mandarin ``11/20`` is a month and a day; in English the order is open, and
            only a number above twelve settles it.
    """
    joined: list[Piece] = []
    for piece in _pieces(folded, numeric_order="month first" if language == "zh" else ""):
        if _DEADLINE_BEFORE.search(folded[max(0, piece.start - 14) : piece.start]) or (
            piece.clock and _DEADLINE_AFTER.match(folded, piece.end)
        ):
            piece = replace(piece, deadline=True)
        last = joined[-1] if joined else None
        if last and _belong_together(last, piece, folded):
            joined[-1] = last.joined(piece)
        else:
            joined.append(piece)
    return [Mention(one.start, one.end, one) for one in joined if not one.deadline]


def _pieces(folded: str, *, numeric_order: str) -> list[Piece]:
    found = []
    for pattern, read in _READERS:
        for match in pattern.finditer(folded):
            piece = read(match)
            if piece and not (piece.month_first_only and numeric_order != "month first"):
                found.append(piece)
    found.sort(key=lambda one: (one.start, -one.end))
    apart: list[Piece] = []
    for piece in found:
        if not apart or piece.start >= apart[-1].end:
            apart.append(piece)
    return apart


def _belong_together(first: Piece, second: Piece, folded: str) -> bool:
    if not first.can_join(second) or second.start - first.end > _LONGEST_GAP:
        return False
    gap = folded[first.end : second.start]
    if _FILLER.fullmatch(gap):
        return True
    # "Yesterday I sent it at eight": a day and an hour of one sentence, and no call in between.
    first_hour, second_hour = first.clock or first.part, second.clock or second.part
    day_and_hour = (first.day and not first_hour and second_hour and not second.day) or (
        first_hour and not first.day and second.day and not second_hour
    )
    return bool(day_and_hour) and not (SENTENCE_END.search(gap) or CALLING.search(gap))
