"""The words that columns may hold, and the constraint that keeps to them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint

KINDS = ("corporate", "private")
ROLES = ("manager", "leader", "duty_desk")
FOLLOW_UP_KINDS = ("twenty_minutes", "one_hour", "evening", "morning")
FOLLOW_UP_STATUSES = ("planned", "asked", "answered", "silent", "cancelled")
EDUCATION_HOW = ("told", "lesson", "quiz")
PAYMENT_OUTCOMES = ("stopped", "partly_stopped", "returned", "lost", "not_paid")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Constrain a text column to known words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
