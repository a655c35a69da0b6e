"""What waits for a person is few among many that are done, and has an index of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHOLE = (
    ("ix_issue_first_seen_at", "issue", ["first_seen_at", "id"]),
    ("ix_issue_merged_into_id", "issue", ["merged_into_id"]),
)
_SOME = (
    ("ix_issue_unrouted", "issue", ["urgency", "last_seen_at"], "routing_problem IS NOT NULL"),
    (
        "ix_referral_unanswered",
        "referral",
        ["deadline_at", "issue_id"],
        "state IN ('sent', 'acknowledged', 'returned')",
    ),
    ("ix_reply_unjudged", "reply", ["received_at"], "judgement IS NULL"),
)


def upgrade() -> None:
    for name, table, columns in _WHOLE:
        op.create_index(name, table, columns)
    for name, table, columns, where in _SOME:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, *_ in (*_WHOLE, *_SOME):
        op.drop_index(name, table)
