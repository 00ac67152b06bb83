"""Names behind which short links stand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from bot.provenance.hosts import Host

_FILE = Path(__file__).with_suffix(".yml")


def is_shortener(host: Host) -> bool:
    """Tell whether what stands behind a host's links cannot be seen before they are opened."""
    return any(".".join(host.labels[at:]) in _names() for at in range(len(host.labels)))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    document = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return frozenset(name for service in document["services"] for name in service["domains"])
