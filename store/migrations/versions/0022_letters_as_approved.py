"""A letter says what it said when it was approved, whatever is changed of its issue before it leaves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("referral", sa.Column("letter", sa.JSON(none_as_null=True), nullable=True))
    there = sa.text("letter IS NOT NULL")
    op.create_index(
        "ix_referral_lettered", "referral", ["approved_at"], sqlite_where=there, postgresql_where=there
    )


def downgrade() -> None:
    op.drop_index("ix_referral_lettered", "referral")
    op.drop_column("referral", "letter")
