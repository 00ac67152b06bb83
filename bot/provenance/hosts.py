"""Read the name of a host: which part of it somebody had to register."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import idna
from tldextract import TLDExtract

from bot.provenance.folding import INVISIBLE

#: Names for examples (RFC 2606), which no list of suffixes has; the demonstration bank uses them.
_RESERVED = ("example",)
_NUMERIC = re.compile(r"(?:0x[0-9a-f]{1,8}|\d{1,10})(?:\.(?:0x[0-9a-f]{1,8}|\d{1,10})){0,3}")


@dataclass(frozen=True)
class Host:
    """A host as its owner named it.

    Args:
        name: Lower case, with dots, each label in its own letters instead of ``xn--``.
    """

    name: str

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The parts between the dots."""
        return tuple(self.name.split("."))

    @cached_property
    def is_address(self) -> bool:
        """Whether it is a number on the net instead of a name, in any of the ways to write one."""
        if _NUMERIC.fullmatch(self.name):
            return True
        try:
            ipaddress.ip_address(self.name.strip("[]"))
        except ValueError:
            return False
        return True

    @cached_property
    def registrable(self) -> str:
        """What somebody had to register: the suffix and one label before it.

        Suffixes below which anybody may put pages count as suffixes too, as the private part of
        the Public Suffix List has them.
        """
        if self.is_address:
            return self.name
        found = _extract()(self.name)
        if found.domain and found.suffix:
            return f"{found.domain}.{found.suffix}"
        # A suffix alone, or one that the list does not have: by the list's own rule the last label.
        return self.name if found.suffix else ".".join(self.labels[-2:])

    @cached_property
    def label(self) -> str:
        """The label that was registered, without the suffix."""
        return self.registrable.split(".")[0]

    @cached_property
    def before(self) -> tuple[str, ...]:
        """The labels in front of the registrable part, which its owner chose freely."""
        return self.labels[: len(self.labels) - self.registrable.count(".") - 1]

    @cached_property
    def ascii(self) -> str:
        """The registrable part in plain letters, ``xn--`` where it has others."""
        return ".".join(map(_encoded, self.registrable.split(".")))

    def is_within(self, domain: str) -> bool:
        """Tell whether the host belongs to whoever has ``domain``."""
        return self.name == domain or self.name.endswith(f".{domain}")


def read_host(written: str) -> Host:
    """Return the host of a link.

    Args:
        written: Folded, with plain dots.
    """
    plain = written.replace(INVISIBLE, "").strip(".")
    return Host(".".join(map(_decoded, plain.split("."))))


@lru_cache(maxsize=1)
def top_level_names() -> frozenset[str]:
    """Return every top-level name, in its own letters and as ``xn--``."""
    known = {name.rsplit(".", 1)[-1] for name in _extract().tlds}
    return frozenset(known | {_encoded(name) for name in known})


@lru_cache(maxsize=1)
def _extract() -> TLDExtract:
    """Return the reader of suffixes, which knows the list that came with it and asks nobody."""
    return TLDExtract(
        cache_dir=None,
        suffix_list_urls=(),
        include_psl_private_domains=True,
        extra_suffixes=_RESERVED,
    )


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return str(idna.decode(label))
    except UnicodeError:
        return label


def _encoded(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError:
        return label
