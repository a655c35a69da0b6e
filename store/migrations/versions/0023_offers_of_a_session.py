"""A second factor is offered to one session and for some minutes: no other session may take it for itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("user", "totp_offered")
    op.add_column("session", sa.Column("totp_offered", sa.String(), nullable=True))
    op.add_column("session", sa.Column("totp_offered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "totp_offered_at")
    op.drop_column("session", "totp_offered")
    op.add_column("user", sa.Column("totp_offered", sa.String(), nullable=True))
