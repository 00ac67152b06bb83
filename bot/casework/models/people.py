"""The bank's branches and the people and desks that can be asked."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base, Localised, in_language
from bot.casework.models.words import ROLES, one_of


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
    __table_args__ = (one_of("role", ROLES),)

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
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("account_managers.id"))
    hours: Mapped[Localised]
    working_pattern: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(16))
    notify: Mapped[list[str]]
    active: Mapped[bool]

    branch: Mapped[Branch] = relationship()
    backup_manager: Mapped[AccountManager | None] = relationship(
        remote_side="AccountManager.id", foreign_keys=[backup_manager_id]
    )
    replaced_by: Mapped[AccountManager | None] = relationship(
        remote_side="AccountManager.id", foreign_keys=[replaced_by_id]
    )

    def name_in(self, language: str) -> str:
        """Return the name as a reader of the language knows it; the own script otherwise."""
        return self.names.get(language) or self.name

    def title_in(self, language: str) -> str:
        """Return the title for a reader of the language."""
        return in_language(self.titles, language)

    def hours_in(self, language: str) -> str:
        """Return the hours of being reachable for a reader of the language."""
        return in_language(self.hours, language)
