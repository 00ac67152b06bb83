"""The tables: the bank's people, the customers, their cases and what is owed to whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from bot.casework.base import Base, Localised, in_language
from bot.casework.findings import EXPOSURES, LEVELS
from bot.casework.tiers import Tier, tier_for
from bot.errors import ConflictError

KINDS = ("corporate", "private")
ROLES = ("manager", "leader", "duty_desk")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Constrain a text column to known words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Branch(Base):
    """A branch of the bank with the desk that answers when nobody else is responsible."""

    __tablename__ = "branches"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    names: Mapped[Localised]
    address: Mapped[str] = mapped_column(String(300))
    duty_desk_phone: Mapped[str] = mapped_column(String(40))
    duty_desk_hours: Mapped[Localised]
    timezone: Mapped[str] = mapped_column(String(64))

    def name_in(self, language: str) -> str:
        """Return the branch's name for a reader of the language."""
        return in_language(self.names, language, default=self.code)


class AccountManager(Base):
    """A person or desk of the bank that can be asked for help: manager, leader or duty desk."""

    __tablename__ = "account_managers"
    __table_args__ = (_one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    names: Mapped[Localised]
    titles: Mapped[Localised]
    role: Mapped[str] = mapped_column(String(16))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    mobile: Mapped[str] = mapped_column(String(40))
    backup: Mapped[str] = mapped_column(String(40))
    backup_manager_id: Mapped[int | None] = mapped_column(ForeignKey("account_managers.id"))
    hours: Mapped[Localised]
    language: Mapped[str] = mapped_column(String(16))
    notify: Mapped[list[str]]
    active: Mapped[bool]

    branch: Mapped[Branch] = relationship()
    backup_manager: Mapped[AccountManager | None] = relationship(remote_side="AccountManager.id")

    def name_in(self, language: str) -> str:
        """Return the name as a reader of the language knows it; the own script otherwise."""
        return self.names.get(language) or self.name

    def title_in(self, language: str) -> str:
        """Return the title for a reader of the language."""
        return in_language(self.titles, language)

    def hours_in(self, language: str) -> str:
        """Return the hours of being reachable for a reader of the language."""
        return in_language(self.hours, language)


class Customer(Base):
    """A customer of the bank, looked after by one account manager."""

    __tablename__ = "customers"
    __table_args__ = (_one_of("kind", KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    names: Mapped[Localised]
    kind: Mapped[str] = mapped_column(String(16))
    company: Mapped[str | None] = mapped_column(String(200))
    companies: Mapped[Localised]
    average_daily_balance: Mapped[Decimal]
    language: Mapped[str] = mapped_column(String(16))
    timezone: Mapped[str] = mapped_column(String(64))
    legal_representative: Mapped[str | None] = mapped_column(String(120))
    legal_representative_phone: Mapped[str | None] = mapped_column(String(40))
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)

    account_manager: Mapped[AccountManager] = relationship()
    branch: Mapped[Branch] = relationship()

    @property
    def tier(self) -> Tier:
        """How closely the bank cares for the customer."""
        return tier_for(self.average_daily_balance)

    def name_in(self, language: str) -> str:
        """Return the name as a reader of the language knows it; the own script otherwise."""
        return self.names.get(language) or self.name

    def company_in(self, language: str) -> str | None:
        """Return the company's name as a reader of the language knows it."""
        return self.companies.get(language) or self.company


class Contact(Base):
    """A customer's address on one channel, such as ``web:<conversation>``."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(200), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]

    customer: Mapped[Customer | None] = relationship()


class Case(Base):
    """The record of one danger: what was seen, how far it went, who was asked, how it ended."""

    __tablename__ = "cases"
    __table_args__ = (
        _one_of("level", LEVELS),
        _one_of("exposure", EXPOSURES),
        _one_of("status", ("open", "closed")),
        Index(
            "uq_cases_open_contact",
            "contact_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_cases_status_updated", "status", "updated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    level: Mapped[str] = mapped_column(String(16), default="clear")
    exposure: Mapped[str] = mapped_column(String(16), default="asking")
    score: Mapped[float] = mapped_column(default=0.0)
    scripts: Mapped[dict[str, float]] = mapped_column(default=dict)
    leading_script: Mapped[str | None] = mapped_column(String(64))
    stage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    status: Mapped[str] = mapped_column(String(16), default="open")
    outcome: Mapped[str | None] = mapped_column(String(64))
    turn_count: Mapped[int] = mapped_column(default=0)
    evidence_count: Mapped[int] = mapped_column(default=0)
    escalation_count: Mapped[int] = mapped_column(default=0)
    opened: Mapped[datetime]
    updated: Mapped[datetime]

    contact: Mapped[Contact] = relationship()
    customer: Mapped[Customer | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="case", order_by="(Evidence.at, Evidence.id)"
    )
    events: Mapped[list[CaseEvent]] = relationship(back_populates="case", order_by="CaseEvent.id")
    escalations: Mapped[list[Escalation]] = relationship(
        back_populates="case", order_by="Escalation.id"
    )


class Evidence(Base):
    """One red flag found in a customer's own, masked words; it may be taken back."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("case_id", "red_flag", "quote"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    red_flag: Mapped[str] = mapped_column(String(64))
    quote: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    retracted: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship(back_populates="evidence")


class CaseEvent(Base):
    """One line of a case's timeline; written once, never changed."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]

    case: Mapped[Case] = relationship(back_populates="events")


class Escalation(Base):
    """A person was asked to help with a case; pending until somebody says that he read it."""

    __tablename__ = "escalations"
    __table_args__ = (
        _one_of("status", ("pending", "acknowledged", "resolved")),
        _one_of("exposure", EXPOSURES),
        Index(
            "uq_escalations_pending_case",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(String(64))
    exposure: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="pending")
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"), index=True)
    created: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account_managers.id"))

    case: Mapped[Case] = relationship(back_populates="escalations")
    account_manager: Mapped[AccountManager] = relationship(foreign_keys=[account_manager_id])
    acknowledged_by: Mapped[AccountManager | None] = relationship(foreign_keys=[acknowledged_by_id])
    messages: Mapped[list[OutboxMessage]] = relationship(
        back_populates="escalation", order_by="OutboxMessage.id"
    )


class OutboxMessage(Base):
    """One delivery that is owed; written with its cause, carried out by the worker."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        _one_of("status", ("pending", "sent", "dead")),
        Index("ix_outbox_messages_status_due", "status", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    method: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    last_error: Mapped[str | None] = mapped_column(String(300))
    created: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)

    escalation: Mapped[Escalation | None] = relationship(back_populates="messages")
    case: Mapped[Case | None] = relationship()


@event.listens_for(CaseEvent, "before_update")
@event.listens_for(CaseEvent, "before_delete")
def _refuse_rewriting(_mapper: Mapper[CaseEvent], _connection: Connection, row: CaseEvent) -> None:
    """Keep the timeline append only: a changed past is no record."""
    raise ConflictError(f"Case event {row.id} is history and cannot be changed; add a new event.")
