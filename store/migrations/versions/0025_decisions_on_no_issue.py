"""Decisions on a register's entry or on a mail can be undone too: they are on no issue."""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("undoable") as batch:
        batch.alter_column("issue_id", nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM undoable WHERE issue_id IS NULL")
    with op.batch_alter_table("undoable") as batch:
        batch.alter_column("issue_id", nullable=False)
