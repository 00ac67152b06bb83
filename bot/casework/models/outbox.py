"""What is owed to whom, and what has reached a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.models.cases import Case
from bot.casework.models.customers import Contact
from bot.casework.models.escalations import Escalation
from bot.casework.models.words import one_of


class OutboxMessage(Base):
    """One delivery that is owed; written with its cause, carried out by the worker."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        one_of("status", ("pending", "sent", "dead")),
        Index("ix_outbox_messages_status_due", "status", "due"),
        # What claiming looks for, in the order in which it takes it.
        Index(
            "ix_outbox_messages_pending",
            *("attempts", "due", "id"),
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    method: Mapped[str] = mapped_column(Text)
    receiver: Mapped[str] = mapped_column(String(80), default="")
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


class PushedMessage(Base):
    """A message that came to a chat by itself; the chat fetches it by its number."""

    __tablename__ = "pushed_messages"
    __table_args__ = (Index("ix_pushed_messages_contact_id_id", "contact_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    contact: Mapped[Contact] = relationship()
