"""The words of handovers and cards, one YAML file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from bot.casework.base import FALLBACK_LANGUAGE
from bot.casework.findings import EXPOSURES, LEVELS
from bot.errors import DataError

WORDS_DIR = Path(__file__).parent / "handover_words"


class Lines(BaseModel):
    """The lines of a handover summary, each with its placeholders in braces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    customer: str
    says_he_is: str
    company: str
    tier: str
    channel: str
    case: str
    level: str
    exposure: str
    script: str
    stage: str
    evidence: str
    quote: str
    no_evidence: str
    ask_first: str
    legal_representative: str
    second_signer: str
    unread_by: str
    said: str
    payment: str
    large_remittance: str


class PaymentWords(BaseModel):
    """The details of a payment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unknown_amount: str
    at: str
    to: str
    account: str


class RepresentativeWords(BaseModel):
    """What a company's legal representative or second signer reads, or who is to ring him."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    danger: str
    paid: str
    note: str
    ring_subject: str
    ring: str
    no_phone: str


class DigestWords(BaseModel):
    """The leaders' numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    title: str
    new: str
    levels: str
    exposures: str
    unread: str
    paid: str
    amounts: str
    silent: str
    dead: str
    visits: str
    references: str
    none: str


class MessagesStopped(BaseModel):
    """What a person reads when a customer wants no more messages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    text: str


class IdentityWords(BaseModel):
    """What a person reads when a customer asks whether it is really he who calls."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    text: str


class Words(BaseModel):
    """All words of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duty_desk: str
    subject: str
    visitor: str
    lines: Lines
    acknowledge: str
    said: Mapping[str, str]
    payment: PaymentWords
    channels: Mapping[str, str]
    representative: RepresentativeWords
    digest: DigestWords
    levels: Mapping[str, str]
    exposures: Mapping[str, str]
    tiers: Mapping[str, str]
    kinds: Mapping[str, str]
    reasons: Mapping[str, str]
    ask_first: Mapping[str, str]
    messages_stopped: MessagesStopped
    identity: IdentityWords

    @model_validator(mode="after")
    def _complete(self) -> Words:
        wanted = {
            "levels": set(LEVELS),
            "exposures": set(EXPOSURES),
            "ask_first": set(EXPOSURES),
            "tiers": {"on_call", "monthly", "quarterly"},
            "kinds": {"corporate", "private"},
        }
        for name, keys in wanted.items():
            if set(getattr(self, name)) != keys:
                raise ValueError(f"{name} must have exactly the keys {', '.join(sorted(keys))}")
        return self


def languages() -> tuple[str, ...]:
    """Return the language codes that have words, sorted."""
    return tuple(sorted(path.stem for path in WORDS_DIR.glob("*.yml")))


@lru_cache
def words_for(language: str) -> Words:
    """Return the words of a language, the English ones where it has none.

    Raises:
        DataError: The file lacks a word or has one too many.
    """
    known = language if language in languages() else FALLBACK_LANGUAGE
    path = WORDS_DIR / f"{known}.yml"
    try:
        return Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise DataError([f"{path.name}: {error}"]) from error
