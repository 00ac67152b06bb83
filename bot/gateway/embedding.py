"""Which pages may show the chat in a frame, bank by bank, from one file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigurationError

_ORIGIN = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?"
    r"|http://(?:localhost|127\.0\.0\.1)(?::\d{1,5})?"
)


def exact_origin(text: str) -> str:
    """Return an origin that a browser can be compared with.

    Args:
        text: Such as ``https://www.bank.example``.

    Raises:
        ValueError: It is a pattern, an address with a path, or plain http of another machine.
    """
    if not _ORIGIN.fullmatch(text):
        raise ValueError(
            f'"{text}" is no origin; write it like https://www.bank.example, '
            "in small letters, without path and without asterisk"
        )
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingBank(_Strict):
    """One bank that shows the chat on its pages."""

    origins: tuple[Annotated[str, AfterValidator(exact_origin)], ...] = Field(min_length=1)


class Embedding(_Strict):
    """Every bank that shows the chat on its pages, by the id that its script tag names."""

    banks: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")], EmbeddingBank] = {}

    def origins(self, bank: str) -> tuple[str, ...] | None:
        """Return the origins of a bank's pages, or None where no such bank is known."""
        known = self.banks.get(bank)
        return known.origins if known else None


def load_embedding(path: Path) -> Embedding:
    """Read the file.

    Args:
        path: A YAML file; ``deploy/embedding.yml`` shows its form.

    Raises:
        ConfigurationError: The file is missing or not of that form.
    """
    try:
        return Embedding.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the file of embedding pages cannot be read; set SECONDVOICE_EMBEDDING_FILE."
        ) from error
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
