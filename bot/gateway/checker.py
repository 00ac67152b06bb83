"""Assesses texts for the check API: one recogniser a process, beside the event loop."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread

from bot.checking.document import document
from bot.errors import ModelError
from bot.gateway.privacy import mask, masked_part
from bot.recognition import Recogniser
from bot.settings import Settings

logger = logging.getLogger("secondvoice.gateway")

_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


class Checker:
    """Assesses texts beside the event loop.

    Args:
        recogniser: The recogniser, or None where it could not be read.
    """

    def __init__(self, recogniser: Recogniser | None) -> None:
        self._recogniser = recogniser
        # Python runs one of them at a time anyway; a second one would only slow down the chat.
        self._one_at_a_time = CapacityLimiter(1)

    async def check(self, text: str, *, language: str | None) -> dict[str, Any]:
        """Return the document for one text.

        Args:
            text: The text as it was sent.
            language: Language of the reasons; recognised from the text when not given.

        Raises:
            ModelError: There is no recogniser.
        """
        return await to_thread.run_sync(self._check, text, language, limiter=self._one_at_a_time)

    def _check(self, text: str, language: str | None) -> dict[str, Any]:
        if self._recogniser is None:
            raise ModelError("The recogniser could not be read. Run `make train`.")
        found = mask(text).found
        checked = document(self._recogniser.assess(text, language=language), item_id=1)
        for flag in checked["red_flags"]:
            quote = masked_part(text, flag["start"], flag["end"], found=found)
            # JSON can carry half a surrogate pair into us, UTF-8 cannot carry it out again.
            flag["quote"] = _HALF_SURROGATE.sub("\ufffd", quote)
        return checked


def make_checker(settings: Settings) -> Checker:
    """Read the recogniser, once per process; without one the chat still goes on.

    Args:
        settings: Where the trained artefact is.
    """
    try:
        return Checker(_recogniser(settings.models_dir / "recogniser.npz"))
    except ModelError as error:
        logger.error("texts cannot be checked: %s", error)
        return Checker(None)


@lru_cache(maxsize=1)
def _recogniser(path: Path) -> Recogniser:
    return Recogniser.load(path)
