"""The first tables: people, customers, cases, escalations and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_branches()
    _create_account_managers()
    _create_customers()
    _create_card_links()
    _create_contacts()
    _create_cases()
    _create_evidence()
    _create_case_events()
    _create_escalations()
    _create_outbox_messages()


def downgrade() -> None:
    """Drop the tables with their indexes."""
    for table in (
        "outbox_messages",
        "escalations",
        "case_events",
        "evidence",
        "cases",
        "contacts",
        "card_links",
        "customers",
        "account_managers",
        "branches",
    ):
        op.drop_table(table)


def _create_branches() -> None:
    """Branches."""
    op.create_table(
        "branches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("duty_desk_phone", sa.String(length=40), nullable=False),
        sa.Column("duty_desk_hours", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
        sa.UniqueConstraint("code", name=op.f("uq_branches_code")),
    )


def _create_account_managers() -> None:
    """Account managers, leaders and duty desks."""
    op.create_table(
        "account_managers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("mobile", sa.String(length=40), nullable=False),
        sa.Column("backup", sa.String(length=40), nullable=False),
        sa.Column("backup_manager_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("working_pattern", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("notify", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('manager', 'leader', 'duty_desk')", name=op.f("ck_account_managers_role")
        ),
        sa.ForeignKeyConstraint(
            ["backup_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_account_managers_backup_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["account_managers.id"],
            name=op.f("fk_account_managers_replaced_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_account_managers_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_managers")),
        sa.UniqueConstraint("code", name=op.f("uq_account_managers_code")),
    )
    op.create_index(
        op.f("ix_account_managers_branch_id"), "account_managers", ["branch_id"], unique=False
    )


def _create_customers() -> None:
    """Customers."""
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("companies", sa.JSON(), nullable=False),
        sa.Column("average_daily_balance", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("legal_representative", sa.String(length=120), nullable=True),
        sa.Column("legal_representative_phone", sa.String(length=40), nullable=True),
        sa.Column("legal_representative_notify", sa.JSON(), nullable=False),
        sa.Column("second_signer", sa.String(length=120), nullable=True),
        sa.Column("second_signer_phone", sa.String(length=40), nullable=True),
        sa.Column("second_signer_notify", sa.JSON(), nullable=False),
        sa.Column("notify", sa.JSON(), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('corporate', 'private')", name=op.f("ck_customers_kind")),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_customers_account_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_customers_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("code", name=op.f("uq_customers_code")),
    )
    op.create_index(
        op.f("ix_customers_account_manager_id"), "customers", ["account_manager_id"], unique=False
    )
    op.create_index(op.f("ix_customers_branch_id"), "customers", ["branch_id"], unique=False)


def _create_card_links() -> None:
    """Links of contact cards."""
    op.create_table(
        "card_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_card_links_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_links")),
        sa.UniqueConstraint("token", name=op.f("uq_card_links_token")),
    )
    op.create_index(op.f("ix_card_links_customer_id"), "card_links", ["customer_id"], unique=False)


def _create_contacts() -> None:
    """Addresses of customers on their channels."""
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("card_link_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_link_id"], ["card_links.id"], name=op.f("fk_contacts_card_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("address", name=op.f("uq_contacts_address")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)


def _create_cases() -> None:
    """Cases, one open for each contact."""
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("exposure", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("scripts", sa.JSON(), nullable=False),
        sa.Column("leading_script", sa.String(length=64), nullable=True),
        sa.Column("stage", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("follow_ups_stopped", sa.Boolean(), nullable=False),
        sa.Column("turn_count", sa.Integer(), nullable=False),
        sa.Column("evidence_count", sa.Integer(), nullable=False),
        sa.Column("escalation_count", sa.Integer(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "exposure IN ('asking', 'contacted', 'engaged', 'disclosed', 'paid')",
            name=op.f("ck_cases_exposure"),
        ),
        sa.CheckConstraint(
            "level IN ('clear', 'unsure', 'suspicious', 'scam')", name=op.f("ck_cases_level")
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_cases_status")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_cases_contact_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index(op.f("ix_cases_contact_id"), "cases", ["contact_id"], unique=False)
    op.create_index(op.f("ix_cases_customer_id"), "cases", ["customer_id"], unique=False)
    op.create_index("ix_cases_status_updated", "cases", ["status", "updated"], unique=False)
    op.create_index(
        "uq_cases_open_contact",
        "cases",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_evidence() -> None:
    """Red flags in the words of customers."""
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("red_flag", sa.String(length=64), nullable=False),
        sa.Column("quote", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "case_id", "red_flag", "quote", name=op.f("uq_evidence_case_id_red_flag_quote")
        ),
    )


def _create_case_events() -> None:
    """Timelines of the cases."""
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_case_id"), "case_events", ["case_id"], unique=False)


def _create_escalations() -> None:
    """Escalations, one pending for each case."""
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("exposure", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("next_ask", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "exposure IN ('asking', 'contacted', 'engaged', 'disclosed', 'paid')",
            name=op.f("ck_escalations_exposure"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'acknowledged', 'resolved')", name=op.f("ck_escalations_status")
        ),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_escalations_account_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"],
            ["account_managers.id"],
            name=op.f("fk_escalations_acknowledged_by_id"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_escalations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(
        op.f("ix_escalations_account_manager_id"),
        "escalations",
        ["account_manager_id"],
        unique=False,
    )
    op.create_index(op.f("ix_escalations_case_id"), "escalations", ["case_id"], unique=False)
    op.create_index(
        "ix_escalations_status_next_ask", "escalations", ["status", "next_ask"], unique=False
    )
    op.create_index(
        "uq_escalations_pending_case",
        "escalations",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )


def _create_outbox_messages() -> None:
    """Deliveries that are owed."""
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalation_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'sent', 'dead')", name=op.f("ck_outbox_messages_status")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_messages_case_id")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_outbox_messages_escalation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_messages_dedupe_key")),
    )
    op.create_index(
        op.f("ix_outbox_messages_case_id"), "outbox_messages", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_outbox_messages_escalation_id"), "outbox_messages", ["escalation_id"], unique=False
    )
    op.create_index(
        "ix_outbox_messages_status_due", "outbox_messages", ["status", "due"], unique=False
    )
    op.create_index(
        "ix_outbox_messages_pending",
        "outbox_messages",
        ["attempts", "due", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
