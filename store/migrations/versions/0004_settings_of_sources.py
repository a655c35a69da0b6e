"""A source is read anew where the settings by which it is read have changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("source", sa.Column("settings_digest", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "settings_digest")
