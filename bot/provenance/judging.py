"""Say of each link, number and account what can be known of it, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.bank import Bank
from bot.provenance.folding import fold
from bot.provenance.hosts import Host, read_host
from bot.provenance.links import Link
from bot.provenance.numbers import Number, bare, published_by
from bot.provenance.resemblance import is_disguised, likeness
from bot.provenance.shorteners import is_shortener
from bot.provenance.spotting import spot

Verdict = Literal["looks_like_ours", "hides_its_name", "shortened", "unknown", "public", "ours"]

#: What is read first where there is more than one thing.
_URGENCY = ("looks_like_ours", "hides_its_name", "shortened", "unknown", "public", "ours")
_PORTS = frozenset({0, 80, 443})
_LONGEST = 48


@dataclass(frozen=True)
class Finding:
    """What is known of one link, mail address, number or account.

    Args:
        kind: ``link``, ``mail``, ``number`` or ``account``.
        verdict: Whose it seems to be; an account is always ``unknown``.
        start: Offset of its first character in the text.
        end: Offset behind its last character.
        shown: Its name for reading; never what a telephone would make a link or a call of, unless
            it is the bank's own or a public line.
        trick: How it deceives: ``front``, ``letters``, ``ending``, ``inside`` (see ``likeness``),
            ``address`` (numbers instead of a name), ``user`` (a name before an ``@``) or
            ``alphabet`` (letters of another one); empty for none.
        ours: The domain of the bank that it resembles.
        sign: What else is odd: ``port``, ``http``; empty for nothing.
        port: The odd port.
        listed: Whether the bank has told us its own domains.
    """

    kind: str
    verdict: Verdict
    start: int
    end: int
    shown: str
    trick: str = ""
    ours: str = ""
    sign: str = ""
    port: int = 0
    listed: bool = True


def look(text: str, bank: Bank) -> tuple[Finding, ...]:
    """Return what can be known of everything in a text, the most urgent first, each thing once.

    Args:
        text: The customer's words; masked or not.
        bank: Its published numbers and domains.
    """
    own, public = published_by(bank)
    findings: dict[tuple[str, str, str], Finding] = {}
    for mention in spot(text, published=own | public):
        found = mention.found
        if isinstance(found, Link):
            finding = _of_link(found, bank)
        else:
            finding = _of_number(found, text, bank)
        findings.setdefault((finding.kind, finding.verdict, finding.shown), finding)
    return tuple(sorted(findings.values(), key=_urgency))


def _urgency(finding: Finding) -> tuple[int, bool]:
    return _URGENCY.index(finding.verdict), finding.kind not in ("account", "link")


def _of_link(link: Link, bank: Bank) -> Finding:
    verdict, trick, ours = _verdict(link, bank)
    name = _name(link.host)
    return Finding(
        "mail" if link.mail else "link",
        verdict,
        link.start,
        link.end,
        name if verdict == "ours" else name.replace(".", "·"),
        trick=trick,
        ours=ours,
        sign=_sign(link),
        port=link.port,
        listed=bool(bank.domains),
    )


def _verdict(link: Link, bank: Bank) -> tuple[Verdict, str, str]:
    """Return the verdict on a link, the trick it plays, and the domain that it resembles."""
    host = link.host
    if link.user:
        return "hides_its_name", "user", ""
    if any(host.is_within(read_host(fold(domain)).name) for domain in bank.domains):
        return "ours", "", ""
    if host.is_address:
        return "hides_its_name", "address", ""
    alike = likeness(host, bank)
    if alike:
        return "looks_like_ours", alike.trick, alike.ours
    if is_disguised(host):
        return "hides_its_name", "alphabet", ""
    return ("shortened" if is_shortener(host) else "unknown"), "", ""


def _name(host: Host) -> str:
    """Return the part that counts; letters of a disguise are shown for what they are."""
    name = host.ascii if is_disguised(host) else host.registrable
    return name if len(name) <= _LONGEST else f"…{name[-_LONGEST:]}"


def _sign(link: Link) -> str:
    if link.port not in _PORTS:
        return "port"
    return "http" if link.scheme == "http" else ""


def _of_number(number: Number, text: str, bank: Bank) -> Finding:
    own, public = published_by(bank)
    verdict: Verdict = "unknown"
    if not number.masked and not number.account:
        plain = bare(number.digits, region=bank.jurisdiction.upper())
        verdict = "ours" if plain in own else "public" if plain in public else "unknown"
    written = fold(text[number.start : number.end]).strip()
    return Finding(
        "account" if number.account else "number",
        verdict,
        number.start,
        number.end,
        f"…{number.digits[-4:]}" if verdict == "unknown" else written,
    )
