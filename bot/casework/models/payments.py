"""Payments made to a scammer, as far as the customer has told of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.models.cases import Case
from bot.casework.models.words import PAYMENT_OUTCOMES, one_of


class Payment(Base):
    """One payment; every detail may be missing, and ``unknown`` lists what was asked in vain.

    Amounts are in the units of ``currency``, which is the bank's own where ``currency_assumed``
    says that nobody has named one; ``paying_bank`` is another bank or exchange that it left;
    ``outcome`` stays empty until the desk knows it;
    ``words`` are the customer's own, masked: ``at`` in ISO 8601 and ``text``.
    """

    __tablename__ = "payments"
    __table_args__ = (one_of("outcome", PAYMENT_OUTCOMES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    currency_assumed: Mapped[bool | None]
    submitted: Mapped[datetime | None]
    precise_to: Mapped[str | None] = mapped_column(String(8))
    channel: Mapped[str | None] = mapped_column(String(24))
    arrival: Mapped[str | None] = mapped_column(String(16))
    account_kind: Mapped[str | None] = mapped_column(String(16))
    paying_bank: Mapped[str | None] = mapped_column(String(120))
    payee_name: Mapped[str | None] = mapped_column(String(200))
    payee_bank: Mapped[str | None] = mapped_column(String(120))
    payee_account_ending: Mapped[str | None] = mapped_column(String(8))
    caller_there: Mapped[bool | None]
    unknown: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    packet_version: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(16))
    amount_stopped: Mapped[Decimal | None]
    created: Mapped[datetime]
    updated: Mapped[datetime]
    closed: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="payments")
    payee_account: Mapped[PayeeAccount | None] = relationship(back_populates="payment")


class PayeeAccount(Base):
    """The payee's account number, encrypted; the only place in the system that holds it."""

    __tablename__ = "payee_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), unique=True)
    ciphertext: Mapped[str | None] = mapped_column(Text)
    created: Mapped[datetime]
    deleted: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(back_populates="payee_account")
    views: Mapped[list[PayeeAccountView]] = relationship(
        back_populates="payee_account", order_by="PayeeAccountView.id"
    )


class PayeeAccountView(Base):
    """Somebody has seen a payee's account number."""

    __tablename__ = "payee_account_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_account_id: Mapped[int] = mapped_column(ForeignKey("payee_accounts.id"), index=True)
    by: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]

    payee_account: Mapped[PayeeAccount] = relationship(back_populates="views")
