"""The words by which a customer knows his account manager."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "identity_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_ended", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "why_ended IN ('replaced', 'expired', 'used', 'denied')",
            name=op.f("ck_identity_words_why_ended"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identity_words_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_words")),
    )
    op.create_index(op.f("ix_identity_words_case_id"), "identity_words", ["case_id"])
    op.create_index(
        "uq_identity_words_live_case",
        "identity_words",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index("ix_identity_words_ended_expires", "identity_words", ["ended", "expires"])


def downgrade() -> None:
    """Drop the table with its indexes."""
    op.drop_table("identity_words")
