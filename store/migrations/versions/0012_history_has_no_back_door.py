"""The history can be emptied or written over in no other way, either.

PostgreSQL's TRUNCATE fires no trigger of rows; SQLite's INSERT OR REPLACE deletes the old row without one.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE TRIGGER event_never_emptied BEFORE TRUNCATE ON event
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()
            """
        )
        return
    op.execute(
        """
        CREATE TRIGGER event_never_replaced BEFORE INSERT ON event
        WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'event is append-only'); END
        """
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER event_never_emptied ON event")
        return
    op.execute("DROP TRIGGER event_never_replaced")
