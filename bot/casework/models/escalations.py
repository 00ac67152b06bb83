"""Escalations: who was asked for help, in which order, and whether somebody read it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.findings import EXPOSURES
from bot.casework.models.cases import Case
from bot.casework.models.people import AccountManager
from bot.casework.models.words import one_of

if TYPE_CHECKING:
    from bot.casework.models.outbox import OutboxMessage


class Escalation(Base):
    """A person was asked to help with a case; pending until somebody says that he read it."""

    __tablename__ = "escalations"
    __table_args__ = (
        one_of("status", ("pending", "acknowledged", "resolved")),
        one_of("exposure", EXPOSURES),
        Index(
            "uq_escalations_pending_case",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_escalations_status_next_ask", "status", "next_ask"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(String(64))
    exposure: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="pending")
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"), index=True)
    rule: Mapped[str] = mapped_column(String(64), default="")
    next_ask: Mapped[datetime | None]
    created: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account_managers.id"))

    case: Mapped[Case] = relationship(back_populates="escalations")
    account_manager: Mapped[AccountManager] = relationship(foreign_keys=[account_manager_id])
    acknowledged_by: Mapped[AccountManager | None] = relationship(foreign_keys=[acknowledged_by_id])
    steps: Mapped[list[EscalationStep]] = relationship(
        back_populates="escalation", order_by="EscalationStep.position"
    )
    messages: Mapped[list[OutboxMessage]] = relationship(
        back_populates="escalation", order_by="OutboxMessage.id"
    )


class EscalationStep(Base):
    """One person of the chain was asked, and has until the deadline to say that he read it."""

    __tablename__ = "escalation_steps"
    __table_args__ = (UniqueConstraint("escalation_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), index=True)
    position: Mapped[int]
    link: Mapped[str] = mapped_column(String(16))
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"))
    asked: Mapped[datetime]
    deadline: Mapped[datetime]

    escalation: Mapped[Escalation] = relationship(back_populates="steps")
    account_manager: Mapped[AccountManager] = relationship()
