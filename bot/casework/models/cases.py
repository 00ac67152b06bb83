"""Cases: what was seen, what happened, and when we ask again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.findings import EXPOSURES, LEVELS
from bot.casework.models.customers import Contact, Customer
from bot.casework.models.words import FOLLOW_UP_KINDS, FOLLOW_UP_STATUSES, one_of
from bot.errors import ConflictError

if TYPE_CHECKING:
    from bot.casework.models.escalations import Escalation
    from bot.casework.models.payment_requests import PaymentRequest
    from bot.casework.models.payments import Payment


class Case(Base):
    """The record of one danger: what was seen, how far it went, who was asked, how it ended."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("level", LEVELS),
        one_of("exposure", EXPOSURES),
        one_of("status", ("open", "closed")),
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
    follow_ups_stopped: Mapped[bool] = mapped_column(default=False)
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
    follow_ups: Mapped[list[FollowUp]] = relationship(
        back_populates="case", order_by="(FollowUp.due, FollowUp.id)"
    )
    payments: Mapped[list[Payment]] = relationship(back_populates="case", order_by="Payment.id")
    payment_requests: Mapped[list[PaymentRequest]] = relationship(
        back_populates="case", order_by="PaymentRequest.id"
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


class FollowUp(Base):
    """A promised later contact: planned, asked, then answered, silent or cancelled.

    Those that follow one danger are a round; ``danger`` says when it began, and ``exposure`` how
    far in the customer was.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        one_of("kind", FOLLOW_UP_KINDS),
        one_of("status", FOLLOW_UP_STATUSES),
        one_of("exposure", EXPOSURES),
        UniqueConstraint("case_id", "round", "kind"),
        Index("ix_follow_ups_status_due", "status", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    round: Mapped[int]
    danger: Mapped[datetime]
    exposure: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="planned")
    due: Mapped[datetime]
    silent_from: Mapped[datetime | None]
    asked: Mapped[datetime | None]
    answered: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(16))

    case: Mapped[Case] = relationship(back_populates="follow_ups")


@event.listens_for(CaseEvent, "before_update")
@event.listens_for(CaseEvent, "before_delete")
def _refuse_rewriting(_mapper: Mapper[CaseEvent], _connection: Connection, row: CaseEvent) -> None:
    """Keep the timeline append only: a changed past is no record."""
    raise ConflictError(f"Case event {row.id} is history and cannot be changed; add a new event.")
