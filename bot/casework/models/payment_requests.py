"""Payments that somebody asks an accountant for; nothing has left yet."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.models.cases import Case


class PaymentRequest(Base):
    """One payment request that is looked at by its signs; every detail may be missing.

    ``signs`` are those that are there: ``sign``, and ``quote``, the customer's own masked words,
    empty for a plain answer. ``absent`` are signs that he denied, ``asked`` the questions that were
    put to him. ``judged`` is when he got the result.
    """

    __tablename__ = "payment_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    asker: Mapped[str | None] = mapped_column(String(16))
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    payee_name: Mapped[str | None] = mapped_column(String(200))
    payee_bank: Mapped[str | None] = mapped_column(String(120))
    payee_account_ending: Mapped[str | None] = mapped_column(String(8))
    signs: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    absent: Mapped[list[str]] = mapped_column(default=list)
    asked: Mapped[list[str]] = mapped_column(default=list)
    created: Mapped[datetime]
    updated: Mapped[datetime]
    judged: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="payment_requests")
