"""The loader that a bank's page includes, and the snippet that includes it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Header, Response

from bot.bank import Bank
from bot.errors import NotFoundError
from bot.gateway.embedding import Embedding
from bot.gateway.problems import RefusedError
from bot.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "widget"

router = APIRouter(include_in_schema=False)

# The file is public and holds nothing of anybody: any page may read it, which its digest needs.
_PUBLIC = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "vary": "accept-encoding",
}
_AGREED = "public, max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True)
class Loader:
    """One published version of the loader; what was published never changes.

    Args:
        version: Its number.
        text: The script.
    """

    version: int
    text: bytes

    @property
    def name(self) -> str:
        """The name that it is served by."""
        return f"widget-{self.version}.js"

    @property
    def integrity(self) -> str:
        """What a page writes into ``integrity`` (Subresource Integrity, W3C)."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.text).digest()).decode()

    @property
    def compressed(self) -> bytes:
        """The script as it travels."""
        return gzip.compress(self.text, compresslevel=9, mtime=0)


@cache
def loaders() -> Mapping[int, Loader]:
    """Return every published loader by its version, the newest last."""
    found: dict[int, Loader] = {}
    for file in FOLDER.glob("widget-*.js"):
        version = re.fullmatch(r"widget-([1-9]\d*)\.js", file.name)
        if version:
            found[int(version[1])] = Loader(version=int(version[1]), text=file.read_bytes())
    return dict(sorted(found.items()))


def newest() -> Loader:
    """Return the loader that is served without a number."""
    return loaders()[max(loaders())]


def snippet(bank_id: str, *, embedding: Embedding, bank: Bank, address: str, language: str) -> str:
    """Return what a bank pastes into its page.

    Args:
        bank_id: Its id in the file of embedding pages.
        embedding: That file.
        bank: Whose hotline stands there for a browser without scripts.
        address: Where browsers reach the gateway.
        language: The language of the hotline's line.

    Raises:
        NotFoundError: No such bank is in the file.
    """
    if embedding.origins(bank_id) is None:
        known = ", ".join(sorted(embedding.banks)) or "none"
        raise NotFoundError(
            f'No bank "{bank_id}" may show the chat; add it to the file of embedding pages '
            f"(known: {known})."
        )
    loader = newest()
    tel = "tel:" + re.sub(r"[^\d+]", "", bank.hotline)
    attributes = {
        "src": f"{address.rstrip('/')}/{loader.name}",
        "integrity": loader.integrity,
        "crossorigin": "anonymous",
        "data-bank": bank_id,
        "data-lang": "auto",
        "data-position": "right",
        "data-hotline": bank.hotline,
    }
    written = "\n  ".join(f'{name}="{html.escape(text)}"' for name, text in attributes.items())
    words = html.escape(_HOTLINE.get(language, _HOTLINE["en"]))
    return (
        f"<script {written} defer></script>\n"
        f'<noscript><a href="{tel}">{words} {html.escape(bank.hotline)}</a></noscript>'
    )


_HOTLINE = {"en": "Scam help by telephone:", "zh": "反诈求助热线："}


@router.get("/widget.js")
async def newest_loader(accept_encoding: str = Header("")) -> Response:
    """Serve the newest loader; browsers ask each time whether it has changed."""
    return _served(newest(), accept_encoding, caching="no-cache")


@router.get("/widget-{version}.js")
async def agreed_loader(version: str, accept_encoding: str = Header("")) -> Response:
    """Serve one version of the loader, for ever the same."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0
    loader = loaders().get(number)
    if loader is None:
        raise RefusedError(404, "not_found")
    return _served(loader, accept_encoding, caching=_AGREED)


def _served(loader: Loader, accept_encoding: str, *, caching: str) -> Response:
    headers = {**_PUBLIC, "cache-control": caching}
    body = loader.text
    if "gzip" in accept_encoding:
        body = loader.compressed
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)
