"""What has come in over a messenger, and where the talk stands in each of its chats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.casework.base import Base
from bot.casework.models.customers import Contact


class ReceivedMessage(Base):
    """What a messenger has brought, kept until it is answered, in the order of its chat.

    ``body`` holds masked words and is erased with the answer once it has been sent; the key stays
    for some days, so that a second delivery of the same message is known.
    """

    __tablename__ = "received_messages"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index(
            "ix_received_messages_waiting",
            *("address", "id"),
            sqlite_where=text("done IS NULL"),
            postgresql_where=text("done IS NULL"),
        ),
        Index("ix_received_messages_done", "done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sent: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    received: Mapped[datetime]
    done: Mapped[datetime | None]


class MessengerChat(Base):
    """Where the talk stands in one chat of a messenger that numbers its messages upwards.

    ``heard_through`` is the number up to which questions are over: a button on an older message,
    or one pressed a second time, says nothing any more.
    """

    __tablename__ = "messenger_chats"

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id"), primary_key=True, autoincrement=False
    )
    heard_through: Mapped[int] = mapped_column(BigInteger, default=0)
    heard_by: Mapped[str] = mapped_column(String(120), default="")
    keyboard: Mapped[int | None] = mapped_column(BigInteger)

    contact: Mapped[Contact] = relationship()
