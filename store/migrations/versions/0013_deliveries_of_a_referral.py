"""Deliveries are looked for by their referral; each holds a whole message, so that a look at all is long."""

from collections.abc import Sequence

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_delivery_referral_id"), "delivery", ["referral_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_referral_id"), "delivery")
