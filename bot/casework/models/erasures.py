"""What was erased: that it was, when and why, and the counts that stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.casework.base import Base
from bot.casework.models.words import one_of

ERASURE_KINDS = ("customer", "retention")


class Erasure(Base):
    """One erasure; of a customer, or of what has been kept long enough.

    ``customer_code`` is the bank's own number of the customer, which the bank keeps anyway: it
    proves that the erasure was made, and lets it be made again after a backup was restored.
    ``counts`` holds numbers alone.
    """

    __tablename__ = "erasures"
    __table_args__ = (one_of("kind", ERASURE_KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    customer_code: Mapped[str | None] = mapped_column(String(32), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    counts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
