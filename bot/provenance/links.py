"""Find links and mail addresses in a text, also those that are written so as not to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.provenance.hosts import Host, read_host, top_level_names
from bot.recognition.language import CJK, is_cjk

# Every repetition has an upper bound: no text, however odd, takes more than linear time.
_DOT = (
    r"\u200b?(?:[.。]|\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}"
    r"|(?<=[a-z0-9])点(?=[a-z]))\u200b?"
)
_ANY = r"(?:[^\W_]|[\u200b_-]){1,63}"
_OWN = rf"(?:(?![{CJK}])[^\W_]|[\u200b_-])"
_BARE = rf"(?![\u200b_-]){_OWN}{{1,63}}"
_LAST_LABEL = (
    rf"xn--[a-z0-9-]{{1,40}}(?![a-z0-9@_-])|(?:(?![{CJK}])[^\W\d_]){{2,24}}(?![a-z0-9@_-])"
)
_PORT = r"(?::(?P<port>\d{1,5})(?!\d))?"
_MASK = r"\[[A-Za-z]{2,8} …[^\]\s]{1,12}\]"
_PATH = rf"(?P<path>[/?#](?:[^\s\[\]<>\"“”‘’「」『』，。！？；、（）【】{CJK}]|{_MASK}){{0,2000}})?"

_WITH_SCHEME = re.compile(
    r"(?P<scheme>h(?:tt|xx|\*\*)ps?|ftp)\s{0,2}:\s{0,2}[/\\]{2}"
    # The gateway has masked what stands before the sign; that it stood there is seen all the same.
    r"(?P<user>[^\s/@?#\[]{0,200}(?:\[email …)?@)?"
    rf"(?P<host>\[[0-9a-f:.]{{2,45}}\]|(?:{_ANY}{_DOT}){{0,8}}{_ANY})\]?{_PORT}{_PATH}"
)
_MAIL = re.compile(
    r"\[email …@(?P<masked>[a-z0-9.-]{1,400})\]"
    rf"|(?<![a-z0-9._%+'-])[a-z0-9._%+'-]{{1,64}}@(?P<host>(?:{_BARE}{_DOT}){{1,8}}[a-z]{{2,24}})"
)
_WITHOUT_SCHEME = re.compile(
    rf"(?<![a-z0-9@._-])(?P<host>(?:{_BARE}{_DOT}){{1,8}}(?:{_LAST_LABEL})"
    rf"|[{CJK}]{{1,20}}\.(?:{_LAST_LABEL}|[{CJK}]{{2,4}})"
    rf"|(?<![\d.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\d.]\d)){_PORT}{_PATH}"
)
_DOTS = re.compile(_DOT)
_LAST = ".,!?;:)'\"*"
#: Top-level names that are words or ends of file names as well; a full stop may stand there.
_WORDS = frozenset(
    [
        *("ad", "am", "an", "as", "at", "be", "by", "do", "go", "he", "id", "in", "is", "it"),
        *("la", "li", "ma", "me", "my", "no", "now", "of", "ok", "one", "pm", "so", "to", "us"),
        *("call", "help", "bank", "pay", "name", "inc", "llc", "ltd", "co", "tel", "zip", "mov"),
        *("md", "py", "sh", "ps", "pl", "today", "money", "how", "are", "you", "can", "here"),
    ]
)


@dataclass(frozen=True)
class Link:
    """A link or a mail address in a text.

    Args:
        start: Offset of its first character.
        end: Offset behind its last character.
        host: Where it leads.
        mail: Whether it is a mail address.
        scheme: ``http`` or ``https``; empty where none is written.
        user: Whether something stands before an ``@`` in front of the host.
        port: The port that it names; 0 for none.
    """

    start: int
    end: int
    host: Host
    mail: bool = False
    scheme: str = ""
    user: bool = False
    port: int = 0


def find_links(text: str, folded: str) -> list[Link]:
    """Return the links and mail addresses of a text, in their order.

    Args:
        text: As it was written; where sentences begin is told by its capitals.
        folded: The same, folded.
    """
    taken = bytearray(len(folded))
    links: list[Link] = []
    for found in (*_with_scheme(folded), *_mail(folded), *_without_scheme(text, folded)):
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            links.append(found)
    return sorted(links, key=lambda link: link.start)


def _with_scheme(folded: str) -> Iterator[Link]:
    for match in _WITH_SCHEME.finditer(folded):
        written, end = _without_tail(match.group("host"))
        host = read_host(written)
        if not host.name or ("." not in host.name and not host.is_address):
            continue
        cut = match.start("host") + end < match.end("host")
        yield Link(
            match.start(),
            match.start("host") + end if cut else _end(match),
            host,
            scheme="https" if match.group("scheme").endswith("s") else "http",
            user=bool(match.group("user")),
            port=0 if cut else int(match.group("port") or 0),
        )


def _mail(folded: str) -> Iterator[Link]:
    for match in _MAIL.finditer(folded):
        host = read_host(_DOTS.sub(".", match.group("masked") or match.group("host")))
        if host.labels[-1] in top_level_names():
            yield Link(match.start(), match.end(), host, mail=True)


def _without_scheme(text: str, folded: str) -> Iterator[Link]:
    for match in _WITHOUT_SCHEME.finditer(folded):
        written = _DOTS.sub(".", match.group("host"))
        host = read_host(written)
        if host.is_address:
            if all(int(part) < 256 for part in host.labels):
                yield Link(match.start(), _end(match), host, port=int(match.group("port") or 0))
        elif host.labels[-1] in top_level_names() and not _is_prose(text, match, host):
            yield Link(match.start(), _end(match), host, port=int(match.group("port") or 0))


def _is_prose(text: str, match: re.Match[str], host: Host) -> bool:
    """Tell whether it is only the end of a sentence, with no space behind the full stop."""
    if match.group("path") or match.group("port") or host.labels[0] == "www":
        return False
    written = text[match.start("host") : match.end("host")]
    last = _DOTS.split(written)[-1]
    if last[:1].isupper() and not written.isupper():
        return True
    if not any(map(str.isalpha, host.label)):
        return True
    plain = not re.search(r"[\d-]", host.name) and len(host.labels) == 2
    return plain and last.lower() in _WORDS and written != text.strip()


def _without_tail(written: str) -> tuple[str, int]:
    """Return a host without the Chinese words that stand right behind it, and where it ends."""
    spans = []
    at = 0
    for dot in _DOTS.finditer(written):
        spans.append((at, dot.start()))
        at = dot.end()
    spans.append((at, len(written)))
    while len(spans) > 1:
        start, end = spans[-1]
        last = written[start:end]
        plain = next((n for n, sign in enumerate(last) if is_cjk(sign)), len(last))
        if plain == len(last) or last in top_level_names():
            break
        if plain:
            spans[-1] = (start, start + plain)
            break
        spans.pop()
    return ".".join(written[start:end] for start, end in spans), spans[-1][1]


def _end(match: re.Match[str]) -> int:
    """Return where a link ends: the stop of its sentence is none of it."""
    end = match.end()
    while end > match.end("host") and match.string[end - 1] in _LAST:
        end -= 1
    return end
