"""The board counts and orders referrals by state, agency and deadline; an agency's page by when they went."""

from collections.abc import Sequence

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_referral_board", "referral", ["state", "agency_key", "deadline_at", "issue_id"])
    op.create_index("ix_referral_sent_to", "referral", ["agency_key", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_referral_sent_to", "referral")
    op.drop_index("ix_referral_board", "referral")
