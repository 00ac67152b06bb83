"""How a customer has learned of a scam, and when he agreed that it is noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is on record was told by somebody."""
    with op.batch_alter_table("education") as table:
        table.add_column(
            sa.Column("how", sa.String(length=16), nullable=False, server_default="told")
        )
        table.add_column(sa.Column("consented", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_education_how"), "how IN ('told', 'lesson', 'quiz')")
    with op.batch_alter_table("education") as table:
        table.alter_column("how", server_default=None)


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("education") as table:
        table.drop_constraint(op.f("ck_education_how"), type_="check")
        table.drop_column("consented")
        table.drop_column("how")
