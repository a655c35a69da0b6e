"""The history can be asked for by act and by whose acts they are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DOERS = ("operator", "analyst", "lead", "reader", "agency", "visitor", "command", "stage")


def upgrade() -> None:
    op.create_index("ix_event_act", "event", ["entity", "action", "at"])
    for doer in DOERS:
        theirs = sa.text(f"actor LIKE '{doer}%'")
        op.create_index(f"ix_event_by_{doer}", "event", ["at"], sqlite_where=theirs, postgresql_where=theirs)


def downgrade() -> None:
    for doer in DOERS:
        op.drop_index(f"ix_event_by_{doer}", "event")
    op.drop_index("ix_event_act", "event")
