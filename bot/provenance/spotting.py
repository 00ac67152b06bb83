"""Spot what can be checked in a text: links, mail addresses, telephone numbers, accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.provenance.folding import fold
from bot.provenance.links import Link, find_links
from bot.provenance.numbers import Number, find_numbers


@dataclass(frozen=True)
class Mention:
    """One thing that can be checked.

    Args:
        kind: ``link``, ``mail``, ``number`` or ``account``.
        start: Offset of its first character in the text.
        end: Offset behind its last character.
        found: What was read there.
    """

    kind: str
    start: int
    end: int
    found: Link | Number


def spot(text: str, *, published: Collection[str] = ()) -> tuple[Mention, ...]:
    """Return what can be checked in a text, in its order; nothing overlaps.

    Args:
        text: The customer's words; masked or not.
        published: Numbers that count even where they are short, as ``numbers.bare`` gives them.
    """
    folded = fold(text)
    links = find_links(text, folded)
    blanked = _blanked(folded, links)
    numbers = [
        one
        for one in find_numbers(text, blanked, published=published)
        if "\x00" not in blanked[one.start : one.end]
    ]
    mentions = [
        *(Mention("mail" if one.mail else "link", one.start, one.end, one) for one in links),
        *(Mention("account" if n.account else "number", n.start, n.end, n) for n in numbers),
    ]
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def besides(text: str, mentions: Collection[Mention]) -> str:
    """Return the words of a text that stand around what can be checked."""
    kept, at = [], 0
    for mention in mentions:
        kept.append(text[at : mention.start])
        at = mention.end
    words = " ".join([*kept, text[at:]])
    return "".join(sign for sign in words if sign.isalnum())


def _blanked(folded: str, links: Sequence[Link]) -> str:
    """Return a text with nothing to be found where its links stand, at the same length."""
    parts, at = [], 0
    for link in links:
        parts += [folded[at : link.start], "\x00" * (link.end - link.start)]
        at = link.end
    return "".join([*parts, folded[at:]])
