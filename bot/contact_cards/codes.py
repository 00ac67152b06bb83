"""QR codes: error correction M, so that a worn card is still read."""

from __future__ import annotations

import io

import segno

QUIET_ZONE = 4
"""Empty modules around a code, as the standard wants them."""


def qr_svg(content: str | bytes, *, name: str) -> str:
    """Draw a QR code as an SVG picture that scales to any size.

    Args:
        content: An address, or bytes such as a vCard, taken as UTF-8.
        name: What the picture shows, for who cannot see it.

    Raises:
        segno.DataOverflowError: The content is too long for any code.
    """
    # Named, the encoding would be written into the code, which not every telephone understands.
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    code = segno.make_qr(data, error="m", boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=QUIET_ZONE, title=name, light="#fff", omitsize=True)
    return out.getvalue().decode("utf-8")
