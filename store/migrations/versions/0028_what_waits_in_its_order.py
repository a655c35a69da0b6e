"""What waits is read in its order; referrals and events of a thing are found with what is asked of them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WIDENED = (
    ("ix_referral_issue_id", "referral", ["issue_id"], ["state", "agency_key", "deadline_at"]),
    ("ix_event_entity", "event", ["entity", "entity_id"], ["action"]),
)


def upgrade() -> None:
    op.create_index("ix_issue_waiting", "issue", ["state", "urgency", "last_seen_at", "detected_at"])
    for name, table, before, more in _WIDENED:
        op.drop_index(name, table)
        op.create_index(name, table, [*before, *more])


def downgrade() -> None:
    for name, table, before, _ in _WIDENED:
        op.drop_index(name, table)
        op.create_index(name, table, before)
    op.drop_index("ix_issue_waiting", "issue")
