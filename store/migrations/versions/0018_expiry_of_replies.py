"""What came with replies expires as articles do; an agency enters projects of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from store.types import UtcDateTime

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("expired_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])
    op.add_column("proposed_reply", sa.Column("expired_at", UtcDateTime(), nullable=True))
    op.add_column("register_entry", sa.Column("agency_key", sa.String(), nullable=True))
    op.create_index(op.f("ix_register_entry_agency_key"), "register_entry", ["agency_key"])


def downgrade() -> None:
    op.drop_index(op.f("ix_register_entry_agency_key"), "register_entry")
    op.drop_column("register_entry", "agency_key")
    op.drop_column("proposed_reply", "expired_at")
    op.drop_index(op.f("ix_attachment_sha256"), "attachment")
    op.drop_column("attachment", "expired_at")
