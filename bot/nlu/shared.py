"""The one recogniser of this process, shared by the components."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path

from spacy.language import Language

from bot.recognition import Recogniser
from bot.recognition.artefact import DEFAULT_PATH, trained_from
from bot.recognition.pipeline import pipeline


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """Return the recogniser, read from its file once."""
    return Recogniser.load(_path())


@cache
def assessor(language: str) -> Language:
    """Return the spaCy pipeline that assesses the messages of a language."""
    return pipeline(language, recogniser())


def recogniser_digest() -> str:
    """Return what the recogniser was trained from; Rasa's cache is stale when it changes."""
    return trained_from(_path()) or "untrained"


def _path() -> Path:
    """Return where the artefact is; the settings proper cannot be read in this environment."""
    folder = os.environ.get("SECONDVOICE_MODELS_DIR")
    return Path(folder) / DEFAULT_PATH.name if folder else DEFAULT_PATH
