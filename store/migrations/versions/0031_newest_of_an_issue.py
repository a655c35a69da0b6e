"""The newest articles of an issue are found without those before them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_issue_article_issue_id", "issue_article")
    op.create_index("ix_issue_article_issue_id", "issue_article", ["issue_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_issue_article_issue_id", "issue_article")
    op.create_index("ix_issue_article_issue_id", "issue_article", ["issue_id"])
