"""Escalation chains, follow-ups, visits, payments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    "education",
    "visits",
    "pushed_messages",
    "follow_ups",
    "payments",
    "escalation_steps",
    "payee_accounts",
    "payee_account_views",
    "received_messages",
    "messenger_chats",
)


def upgrade() -> None:
    """Create the tables."""
    _create_education()
    _create_visits()
    _create_pushed_messages()
    _create_follow_ups()
    _create_payments()
    _create_escalation_steps()
    _create_payee_accounts()
    _create_payee_account_views()
    _create_received_messages()
    _create_messenger_chats()


def downgrade() -> None:
    """Drop the tables with their indexes."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_education() -> None:
    """What customers have learned."""
    op.create_table(
        "education",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_education_account_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_education_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education")),
    )
    op.create_index(op.f("ix_education_customer_id"), "education", ["customer_id"], unique=False)


def _create_visits() -> None:
    """Visits to customers."""
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_visits_account_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_visits_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_customer_id"), "visits", ["customer_id"], unique=False)


def _create_pushed_messages() -> None:
    """Messages that come to a chat by themselves."""
    op.create_table(
        "pushed_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_pushed_messages_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushed_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_pushed_messages_dedupe_key")),
    )
    op.create_index(
        "ix_pushed_messages_contact_id_id", "pushed_messages", ["contact_id", "id"], unique=False
    )


def _create_follow_ups() -> None:
    """Promised later contacts."""
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("danger", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exposure", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "kind IN ('twenty_minutes', 'one_hour', 'evening', 'morning')",
            name=op.f("ck_follow_ups_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'asked', 'answered', 'silent', 'cancelled')",
            name=op.f("ck_follow_ups_status"),
        ),
        sa.CheckConstraint(
            "exposure IN ('asking', 'contacted', 'engaged', 'disclosed', 'paid')",
            name=op.f("ck_follow_ups_exposure"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint(
            "case_id", "round", "kind", name=op.f("uq_follow_ups_case_id_round_kind")
        ),
    )
    op.create_index(op.f("ix_follow_ups_case_id"), "follow_ups", ["case_id"], unique=False)
    op.create_index("ix_follow_ups_status_due", "follow_ups", ["status", "due"], unique=False)


def _create_payments() -> None:
    """Payments that customers have told of."""
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("submitted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("precise_to", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=True),
        sa.Column("arrival", sa.String(length=16), nullable=True),
        sa.Column("account_kind", sa.String(length=16), nullable=True),
        sa.Column("payee_name", sa.String(length=200), nullable=True),
        sa.Column("payee_bank", sa.String(length=120), nullable=True),
        sa.Column("payee_account_ending", sa.String(length=8), nullable=True),
        sa.Column("caller_there", sa.Boolean(), nullable=True),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("packet_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("amount_stopped", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('stopped', 'partly_stopped', 'returned', 'lost', 'not_paid')",
            name=op.f("ck_payments_outcome"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_payments_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(op.f("ix_payments_case_id"), "payments", ["case_id"], unique=False)


def _create_escalation_steps() -> None:
    """Who of a chain was asked, and until when."""
    op.create_table(
        "escalation_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=16), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["account_managers.id"],
            name=op.f("fk_escalation_steps_account_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_escalation_steps_escalation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_steps")),
        sa.UniqueConstraint(
            "escalation_id", "position", name=op.f("uq_escalation_steps_escalation_id_position")
        ),
    )
    op.create_index(
        op.f("ix_escalation_steps_escalation_id"),
        "escalation_steps",
        ["escalation_id"],
        unique=False,
    )


def _create_payee_accounts() -> None:
    """Encrypted account numbers of payees."""
    op.create_table(
        "payee_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payee_accounts_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_accounts")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payee_accounts_payment_id")),
    )


def _create_payee_account_views() -> None:
    """Who saw an account number."""
    op.create_table(
        "payee_account_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_account_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payee_account_id"],
            ["payee_accounts.id"],
            name=op.f("fk_payee_account_views_payee_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account_views")),
    )
    op.create_index(
        op.f("ix_payee_account_views_payee_account_id"),
        "payee_account_views",
        ["payee_account_id"],
        unique=False,
    )


def _create_received_messages() -> None:
    """What messengers have brought and what is answered to it."""
    op.create_table(
        "received_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_messages")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_received_messages_channel_key")),
    )
    op.create_index(
        "ix_received_messages_waiting",
        "received_messages",
        ["address", "id"],
        unique=False,
        sqlite_where=sa.text("done IS NULL"),
        postgresql_where=sa.text("done IS NULL"),
    )
    op.create_index("ix_received_messages_done", "received_messages", ["done"], unique=False)


def _create_messenger_chats() -> None:
    """Where the talk stands in chats of messengers."""
    op.create_table(
        "messenger_chats",
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("heard_through", sa.BigInteger(), nullable=False),
        sa.Column("heard_by", sa.String(length=120), nullable=False),
        sa.Column("keyboard", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_messenger_chats_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_messenger_chats")),
    )
