"""Of a failed poll the kind of its trouble is kept, to be told in other words than the operator's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("source", sa.Column("error_kind", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "error_kind")
