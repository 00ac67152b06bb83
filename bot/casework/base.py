"""The declarative base and the column types that every table shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

FALLBACK_LANGUAGE = "en"

Localised = dict[str, str]
"""One text in several languages: language code to text."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always aware; a naive one is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102  # signature of SQLAlchemy
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102  # signature of SQLAlchemy
        if value is None:
            return None
        # SQLite keeps no zone; what it returns is the UTC that was bound above.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Yuan(TypeDecorator[Decimal]):
    """An amount in yuan, stored as whole fen, so that no database turns it into a float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002, D102  # signature of SQLAlchemy
        if value is None:
            return None
        fen = value * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{value} yuan has a fraction of a fen")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002, D102  # signature of SQLAlchemy
        return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))


class Base(DeclarativeBase):
    """Base of all models, with one naming convention, so that migrations can name constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        Decimal: Yuan,
        Localised: JSON,
        dict[str, Any]: JSON,
        dict[str, float]: JSON,
        list[str]: JSON,
        list[dict[str, str]]: JSON,
    }


def storable(words: str) -> str:
    """Return a text without the characters that not every database can keep: NUL, half surrogates.

    Args:
        words: A text from outside.
    """
    return words.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def in_language(texts: Mapping[str, str], language: str, *, default: str = "") -> str:
    """Pick the text of a language, else the English one, else any, else the default.

    Args:
        texts: Language code to text.
        language: The reader's language code.
        default: What to return where there is no text at all.
    """
    for code in (language, FALLBACK_LANGUAGE):
        if texts.get(code):
            return texts[code]
    return default or next((text for text in texts.values() if text), "")
