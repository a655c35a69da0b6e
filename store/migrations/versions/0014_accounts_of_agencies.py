"""An agency's unit may have an account: it names the one agency whose referrals it sees."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("user", sa.Column("agency_key", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "agency_key")
