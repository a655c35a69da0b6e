"""PostgreSQL finds two words side by side by an entry of their own, not by reading all that has both."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy.orm import Session

from store.indexing import index_changed

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _index_anew()


def downgrade() -> None:
    """What was indexed with pairs answers every question of before."""


def _index_anew() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("INSERT INTO changed_words (issue_id) SELECT id FROM issue ORDER BY id")
        index_changed(Session(op.get_bind()))
