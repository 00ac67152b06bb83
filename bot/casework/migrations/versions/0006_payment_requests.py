"""Payment requests that are checked before anything leaves; what else is told of a payment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and add the bank that a payment left and whether its currency is sure."""
    op.create_table(
        "payment_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(length=16), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("payee_name", sa.String(length=200), nullable=True),
        sa.Column("payee_bank", sa.String(length=120), nullable=True),
        sa.Column("payee_account_ending", sa.String(length=8), nullable=True),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("absent", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_payment_requests_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_requests")),
    )
    op.create_index(op.f("ix_payment_requests_case_id"), "payment_requests", ["case_id"])
    op.add_column("payments", sa.Column("paying_bank", sa.String(length=120), nullable=True))
    op.add_column("payments", sa.Column("currency_assumed", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take both away again."""
    with op.batch_alter_table("payments") as payments:
        payments.drop_column("currency_assumed")
        payments.drop_column("paying_bank")
    op.drop_table("payment_requests")
