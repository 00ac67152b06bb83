"""The customers, the addresses they write from, and how the bank cares for them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from bot.casework.base import Base, Localised
from bot.casework.models.people import AccountManager, Branch
from bot.casework.models.words import EDUCATION_HOW, KINDS, one_of
from bot.casework.tiers import DEFAULT_TIERS, Tier, tier_for

TIERS = "tiers"
"""Where a session carries the bank's bounds between the tiers."""


class Customer(Base):
    """A customer of the bank, looked after by one account manager."""

    __tablename__ = "customers"
    __table_args__ = (one_of("kind", KINDS),)

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
    legal_representative_notify: Mapped[list[str]] = mapped_column(default=list)
    second_signer: Mapped[str | None] = mapped_column(String(120))
    second_signer_phone: Mapped[str | None] = mapped_column(String(40))
    second_signer_notify: Mapped[list[str]] = mapped_column(default=list)
    notify: Mapped[list[str]] = mapped_column(default=list)
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)

    account_manager: Mapped[AccountManager] = relationship()
    branch: Mapped[Branch] = relationship()

    @property
    def tier(self) -> Tier:
        """How closely the bank cares for the customer, by the bounds of the session."""
        session = object_session(self)
        tiers = session.info.get(TIERS, DEFAULT_TIERS) if session else DEFAULT_TIERS
        return tier_for(self.average_daily_balance, tiers)

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
    card_link_id: Mapped[int | None] = mapped_column(ForeignKey("card_links.id"))
    language: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]
    blocked: Mapped[datetime | None]  # Since when the messenger says that he wants nothing of us.

    customer: Mapped[Customer | None] = relationship()
    card_link: Mapped[CardLink | None] = relationship()

    @property
    def says_he_is(self) -> Customer | None:
        """Whose contact card opened the chat; None once the bank itself has said who it is."""
        link = self.card_link
        return link.customer if link and not link.revoked and self.customer is None else None


class CardLink(Base):
    """A contact card's link: its token says who the customer is and allows nothing else."""

    __tablename__ = "card_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()


class Visit(Base):
    """An account manager has been to see a customer."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    account_manager_id: Mapped[int] = mapped_column(ForeignKey("account_managers.id"))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    created: Mapped[datetime]

    customer: Mapped[Customer] = relationship()
    account_manager: Mapped[AccountManager] = relationship()


class Education(Base):
    """A customer has learned about a scam: what, when, how, and from whom.

    Nobody told him what he learned by himself: that has no account manager, but the moment when he
    agreed that it is noted.
    """

    __tablename__ = "education"
    __table_args__ = (one_of("how", EDUCATION_HOW),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    topic: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    how: Mapped[str] = mapped_column(String(16), default="told")
    account_manager_id: Mapped[int | None] = mapped_column(ForeignKey("account_managers.id"))
    consented: Mapped[datetime | None]
    created: Mapped[datetime]

    customer: Mapped[Customer] = relationship()
    account_manager: Mapped[AccountManager | None] = relationship()
