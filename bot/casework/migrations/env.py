"""Alembic's entry: runs the migrations on the connection that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context

from bot.casework import models
from bot.casework.base import Base

__all__ = ["models"]  # Imported for its tables, which register themselves with the metadata.

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
