"""The escalation policy: who is asked, how fast and how loudly, read from one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.casework.findings import EXPOSURES, LEVELS
from bot.casework.models import Case, Payment
from bot.casework.words import words_for
from bot.errors import ConfigurationError
from bot.settings import get_settings

Link = Literal["manager", "backup", "duty_desk", "leader"]
"""A place in the chain of people who are asked."""

TIERS = ("on_call", "monthly", "quarterly")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a rule may look at.

    Args:
        reason: Why somebody is asked.
        level: How surely it is a scam.
        exposure: How far in the customer is.
        amount: The latest payment, in the currency it was told in; None when unknown.
        tier: How closely the bank cares for the customer; None for a visitor.
    """

    reason: str
    level: str
    exposure: str
    amount: Decimal | None
    tier: str | None


def facts_of(case: Case, *, reason: str, exposure: str) -> Facts:
    """Return what the rules may look at.

    Args:
        case: The case.
        reason: Why somebody is asked.
        exposure: The worst one since he was asked, which a correction does not undo.
    """
    tier = case.customer.tier if case.customer is not None else None
    return Facts(
        reason=reason, level=case.level, exposure=exposure, amount=amount_of(case), tier=tier
    )


def latest_payment(case: Case) -> Payment | None:
    """Return the payment told of last, unless it turned out that nothing was paid."""
    paid = [payment for payment in case.payments if payment.outcome != "not_paid"]
    return paid[-1] if paid else None


def amount_of(case: Case) -> Decimal | None:
    """Return how much the latest payment of a case is, as far as the customer has said it."""
    payment = latest_payment(case)
    return payment.amount if payment is not None else None


def _known(values: Iterable[str], what: str) -> AfterValidator:
    known = tuple(values)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f'"{value}" is no {what}; write one of {", ".join(known)}')
        return value

    return AfterValidator(check)


def _reason(value: str) -> str:
    known = words_for("en").reasons
    if value not in known:
        raise ValueError(f'"{value}" is no reason; write one of {", ".join(known)}')
    return value


def _time_of_day(value: object) -> time:
    if not isinstance(value, str):
        raise ValueError('write the time in quotes, such as "08:30"')
    try:
        return datetime.strptime(value, "%H:%M").time()  # a wall clock's time
    except ValueError:
        raise ValueError(f'"{value}" is no time of day; write it like "08:30"') from None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Strict):
    """Which cases a rule is for; what is left out fits every case."""

    reasons: tuple[Annotated[str, AfterValidator(_reason)], ...] = ()
    levels: tuple[Annotated[str, _known(LEVELS, "level")], ...] = ()
    exposures: tuple[Annotated[str, _known(EXPOSURES, "exposure")], ...] = ()
    tiers: tuple[Annotated[str, _known(TIERS, "tier")], ...] = ()
    amount_from: Annotated[Decimal, Field(gt=0)] | None = None

    def fits(self, facts: Facts) -> bool:
        """Tell whether a case is one of these."""
        enough = self.amount_from is None or (
            facts.amount is not None and facts.amount >= self.amount_from
        )
        return (
            enough
            and (not self.reasons or facts.reason in self.reasons)
            and (not self.levels or facts.level in self.levels)
            and (not self.exposures or facts.exposure in self.exposures)
            and (not self.tiers or facts.tier in self.tiers)
        )

    @property
    def fits_all(self) -> bool:
        """Whether it fits every case."""
        return self == When()


class Rule(_Strict):
    """One line of the policy, with its reason."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    why: Annotated[str, Field(min_length=10)]
    when: When
    minutes: Annotated[int, Field(ge=1, le=24 * 60)]
    ask: Annotated[tuple[Link, ...], Field(min_length=1)]
    methods: Literal["all", "first"]
    together: Annotated[int, Field(ge=1, le=4)]

    @property
    def patience(self) -> timedelta:
        """How long a person has to say that he has read it."""
        return timedelta(minutes=self.minutes)

    def is_more_urgent_than(self, other: Rule) -> bool:
        """Tell whether this rule asks faster, more people at once, or more loudly."""
        return self._urgency > other._urgency

    @property
    def _urgency(self) -> tuple[int, int, bool]:
        return -self.minutes, self.together, self.methods == "all"


class Policy(_Strict):
    """The whole policy of a bank."""

    large_remittance: Annotated[Decimal, Field(gt=0)]
    digest_at: Annotated[time, BeforeValidator(_time_of_day)]
    policy: Annotated[tuple[Rule, ...], Field(min_length=1)]

    def rule_for(self, facts: Facts) -> Rule:
        """Return the first rule that fits; the last one fits every case."""
        return next(rule for rule in self.policy if rule.when.fits(facts))

    def rule_named(self, rule_id: str) -> Rule | None:
        """Return a rule by its id; None where the file has been changed since."""
        return next((rule for rule in self.policy if rule.id == rule_id), None)

    def is_large(self, amount: Decimal | None) -> bool:
        """Tell whether a remittance is a large one; an unknown amount is none yet."""
        return amount is not None and amount >= self.large_remittance

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        problems = [*_repeated(self.policy), *_unreachable(self.policy)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _repeated(rules: tuple[Rule, ...]) -> Iterator[str]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            yield f'the id "{rule.id}" stands twice'
        seen.add(rule.id)


def _unreachable(rules: tuple[Rule, ...]) -> Iterator[str]:
    for number, rule in enumerate(rules[:-1]):
        if rule.when.fits_all:
            yield f'"{rule.id}" (entry {number}) fits every case, so what follows is never reached'
    if not rules[-1].when.fits_all:
        yield "the last entry must fit every case (when: {}), so that nobody is left alone"


@lru_cache
def load_policy(path: Path) -> Policy:
    """Read a policy file.

    Args:
        path: A YAML file; ``deploy/escalation.yml`` shows its form.

    Raises:
        ConfigurationError: It is missing or not of that form; names all problems at once.
    """
    try:
        return Policy.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the escalation policy cannot be read; set SECONDVOICE_ESCALATION_FILE."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: this is no YAML: {error}") from error
    except ValidationError as error:
        raise ConfigurationError("\n".join(_problems(path, error))) from error


def configured_policy() -> Policy:
    """Return the policy that the settings name.

    Raises:
        ConfigurationError: The file cannot be used.
    """
    return load_policy(get_settings().escalation_file)


def _problems(path: Path, error: ValidationError) -> Iterator[str]:
    places = [item["loc"] for item in error.errors()]
    for item in error.errors():
        inside = [place for place in places if place[: len(item["loc"])] == item["loc"]]
        if item["type"] == "too_short" and len(inside) > 1:
            continue  # Its only entries are bad ones, and each of them is listed.
        place = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        yield f"{path.name}: {place}: {message}" if place else f"{path.name}: {message}"
