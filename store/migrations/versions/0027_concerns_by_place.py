"""The map counts concerns by place without reading them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN = sa.text("kind = 'concern' AND state IN ('detected', 'confirmed', 'referred', 'reopened')")
SEEN = sa.text("kind = 'concern' AND state NOT IN ('dismissed', 'merged')")


def upgrade() -> None:
    op.create_index(
        "ix_issue_open_concern",
        "issue",
        ["province_code", "commune_code", "urgency", "detected_at", "topic"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_issue_detected_concern",
        "issue",
        ["detected_at", "state", "province_code", "commune_code", "urgency", "topic"],
        sqlite_where=SEEN,
        postgresql_where=SEEN,
    )


def downgrade() -> None:
    op.drop_index("ix_issue_detected_concern", "issue")
    op.drop_index("ix_issue_open_concern", "issue")
