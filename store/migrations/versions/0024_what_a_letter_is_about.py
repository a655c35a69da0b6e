"""A letter keeps the title and the urgency under which it was approved."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("referral", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("urgency", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("referral", "urgency")
    op.drop_column("referral", "title")
