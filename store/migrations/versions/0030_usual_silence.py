"""How long a source usually keeps silent is kept with it, and not reckoned each time somebody looks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Empty until the next poll of the source, which is due within a day.
    op.add_column("source", sa.Column("usual_silence_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "usual_silence_seconds")
