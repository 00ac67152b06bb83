"""Words by which a customer tells his account manager from somebody who says he is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.models.cases import Case
from bot.casework.models.words import one_of

WORD_ENDS = ("replaced", "expired", "used", "denied")


class IdentityWord(Base):
    """Two words that a customer and the bank see at the same time, for a few minutes, once.

    They are encrypted, and gone as soon as they are good no more; when they were asked for stays.
    """

    __tablename__ = "identity_words"
    __table_args__ = (
        one_of("why_ended", WORD_ENDS),
        Index(
            "uq_identity_words_live_case",
            "case_id",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
        Index("ix_identity_words_ended_expires", "ended", "expires"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    ciphertext: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]
    expires: Mapped[datetime]
    ended: Mapped[datetime | None]
    why_ended: Mapped[str | None] = mapped_column(String(16))

    case: Mapped[Case] = relationship()
