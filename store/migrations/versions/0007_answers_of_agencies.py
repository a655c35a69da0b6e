"""Agencies answer by themselves: links that can be revoked, files, proposed replies, requests for time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("referral", sa.Column("link_serial", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("reply", sa.Column("channel", sa.String(), nullable=False, server_default="desk"))
    op.create_table(
        "proposed_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("recorded_at", _TIME, nullable=False),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_proposed_reply_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_proposed_reply_reply_id_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_reply")),
        sa.UniqueConstraint("external_id", name=op.f("uq_proposed_reply_external_id")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("proposed_reply_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_attachment_reply_id_reply")),
        sa.ForeignKeyConstraint(
            ["proposed_reply_id"],
            ["proposed_reply.id"],
            name=op.f("fk_attachment_proposed_reply_id_proposed_reply"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_table(
        "time_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_time_request_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_request")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_submission_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("form", name=op.f("uq_submission_form")),
    )
    for table, column in _INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in reversed(_INDEXES):
        op.drop_index(f"ix_{table}_{column}", table)
    for table in ("submission", "time_request", "attachment", "proposed_reply"):
        op.drop_table(table)
    op.drop_column("reply", "channel")
    op.drop_column("referral", "link_serial")


_INDEXES = (
    ("proposed_reply", "referral_id"),
    ("proposed_reply", "decision"),
    ("attachment", "reply_id"),
    ("attachment", "proposed_reply_id"),
    ("time_request", "referral_id"),
    ("time_request", "decision"),
)
