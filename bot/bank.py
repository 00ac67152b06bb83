"""What may be said of the bank: its names and the numbers that always work."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigurationError


class Emergency(BaseModel):
    """Public numbers of the bank's country."""

    model_config = ConfigDict(frozen=True)

    police: str
    advice: str
    medical: str
    crisis: str


class PublicNumber(BaseModel):
    """A public line that counsel names."""

    model_config = ConfigDict(frozen=True)

    number: str
    what: str


class OperationsDesk(BaseModel):
    """The bank's desk that stops payments; it gets the stop-payment packets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(min_length=1, max_length=32)
    names: dict[str, str]
    notify: tuple[str, ...] = Field(min_length=1)
    phone: str
    language: str = "en"

    def name_in(self, language: str) -> str:
        """Return the desk's name in a language, or in English where it has none."""
        return self.names.get(language) or self.names.get("en") or self.code


class Bank(BaseModel):
    """The bank as its customers know it."""

    model_config = ConfigDict(frozen=True)

    code: str = Field("", max_length=32)
    names: dict[str, str]
    hotline: str
    hours: dict[str, str]
    domains: tuple[str, ...] = ()
    jurisdiction: str
    currency: str = "CNY"
    emergency: Emergency
    operations_desk: OperationsDesk | None = None
    own_numbers: tuple[PublicNumber, ...] = ()
    public_numbers: tuple[PublicNumber, ...] = ()

    @property
    def key(self) -> str:
        """What tells this bank from others: its code, or its English name where it has none."""
        return self.code or self.names["en"]

    @property
    def own_phones(self) -> tuple[str, ...]:
        """The telephone numbers of the bank itself, as it writes them."""
        desk = (self.operations_desk.phone,) if self.operations_desk else ()
        return (self.hotline, *desk, *(line.number for line in self.own_numbers))

    @property
    def published_phones(self) -> tuple[str, ...]:
        """Every telephone number that the bank publishes, as it writes it."""
        lines = (line.number for line in self.public_numbers)
        return (*self.own_phones, *self.emergency.model_dump().values(), *lines)

    def name_in(self, language: str) -> str:
        """Return the bank's name in a language, or in English where it has none."""
        return self.names.get(language) or self.names["en"]

    def fields(self, language: str) -> dict[str, str]:
        """Return what a phrase may name in braces."""
        return {
            "bank": self.name_in(language),
            "hotline": self.hotline,
            **self.emergency.model_dump(),
        }


@lru_cache
def load_bank(path: Path) -> Bank:
    """Read the bank's file.

    Args:
        path: A YAML file; ``deploy/demo-bank.yml`` shows its form.

    Raises:
        ConfigurationError: The file is missing or not of that form.
    """
    try:
        return Bank.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the bank's file cannot be read; set SECONDVOICE_BANK_FILE."
        ) from error
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
