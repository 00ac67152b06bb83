"""Tell a name that is made to look like the bank's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from confusable_homoglyphs import categories, confusables
from rapidfuzz.distance import DamerauLevenshtein

from bot.bank import Bank
from bot.provenance.folding import fold
from bot.provenance.hosts import Host, read_host
from bot.recognition.language import is_cjk

#: Shorter names stand inside too many honest ones by chance; they count as a whole word only.
_LONG_ENOUGH = 6
_LONG_ENOUGH_CJK = 3
# Signs and pairs that are taken for one another at a glance, in a sans-serif type on a telephone.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SIGNS = str.maketrans("0135i", "olesl")


class Likeness(NamedTuple):
    """How a name resembles the bank's.

    Args:
        trick: ``front`` (our whole name stands before theirs), ``letters`` (changed or swapped),
            ``ending`` (another suffix) or ``inside`` (our name and something more).
        ours: The domain of the bank that it resembles.
    """

    trick: str
    ours: str


def likeness(host: Host, bank: Bank) -> Likeness | None:
    """Return how a host that is not the bank's resembles the bank's, or ``None``.

    Args:
        host: Whose name is looked at.
        bank: Gives the domains and names to compare with; without a domain nothing is compared.
    """
    own = [read_host(fold(domain)) for domain in bank.domains]
    if not own:
        return None
    for ours in own:
        if f".{ours.name}." in f".{host.name}.":
            return Likeness("front", ours.name)
    for ours in own:
        trick = _trick(host, ours)
        if trick:
            return Likeness(trick, ours.name)
    squeezed = [_squeezed(label) for label in (*host.before, host.label)]
    for name in _names(bank):
        if any(_has(text, name, host) for text in squeezed):
            return Likeness("inside", own[0].name)
    return None


def is_disguised(host: Host) -> bool:
    """Tell whether letters of another alphabet stand in for Latin ones."""
    return any(map(_is_disguised, host.labels))


def _trick(host: Host, ours: Host) -> str:
    label = _squeezed(ours.label)
    if host.label == ours.label:
        return "ending"
    if ours.label in host.before:
        return "front"
    for text in map(_squeezed, (*host.before, host.label)):
        if text == label or _differ_by_a_slip(text, label):
            return "letters"
    return "inside" if any(_has(_squeezed(t), label, host) for t in host.labels) else ""


def _differ_by_a_slip(one: str, other: str) -> bool:
    """Tell whether two names differ in a letter, or in two where they are long."""
    most = 0 if len(other) < 5 else 1 if len(other) < 9 else 2
    if not most:
        return False
    return bool(DamerauLevenshtein.distance(one, other, score_cutoff=most) <= most)


def _has(text: str, name: str, host: Host) -> bool:
    enough = _LONG_ENOUGH_CJK if any(map(is_cjk, name)) else _LONG_ENOUGH
    if len(name) >= enough:
        return name in text
    return bool(name) and any(name == _squeezed(word) for word in _words(host))


def _words(host: Host) -> Iterator[str]:
    for label in (*host.before, host.label):
        yield from label.split("-")


def _names(bank: Bank) -> Iterator[str]:
    for name in bank.names.values():
        yield _squeezed("".join(sign for sign in fold(name) if sign.isalnum()))


def _squeezed(label: str) -> str:
    """Return what a label looks like at a glance: no hyphens, look-alikes made one."""
    text = "".join(map(_looks_like, label.replace("-", "").replace("_", "")))
    for pair, sign in _PAIRS:
        text = text.replace(pair, sign)
    return text.translate(_SIGNS)


@lru_cache(maxsize=4096)
def _looks_like(character: str) -> str:
    """Return the Latin letter that a character is taken for; itself where it is taken for none."""
    if character.isascii() or is_cjk(character):
        return character
    bare = unicodedata.normalize("NFKD", character)[0].lower()
    if bare.isascii():
        return bare
    for found in confusables.is_confusable(character, greedy=True) or ():
        for glyph in found["homoglyphs"]:
            if len(glyph["c"]) == 1 and glyph["c"].isascii():
                return str(glyph["c"]).lower()
    return character


def _is_disguised(label: str) -> bool:
    foreign = [sign for sign in label if not sign.isascii() and _is_foreign(sign)]
    if not foreign:
        return False
    latin = any(sign.isascii() and sign.isalpha() for sign in label)
    return latin or all(_looks_like(sign).isascii() for sign in foreign)


def _is_foreign(character: str) -> bool:
    """Tell whether it is a letter of an alphabet other than Latin; Chinese is nobody's disguise."""
    if is_cjk(character) or not character.isalpha():
        return False
    return categories.alias(character) not in ("LATIN", "COMMON")
