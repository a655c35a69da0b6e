"""Issues whose words bear the Icelandic Ð for Đ are indexed anew: both are read as the same letter now."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy.orm import Session

from store.indexing import index_changed

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ICELANDIC = "\u00d0\u00f0"


def upgrade() -> None:
    issues = _bearing("title", "place_name")
    articles = _bearing("article.title", "article.lead")
    op.execute(
        f"""
        INSERT INTO changed_words (issue_id)
        SELECT id FROM issue WHERE {issues}
        UNION SELECT issue_article.issue_id FROM article
        JOIN issue_article ON issue_article.article_id = article.id WHERE {articles}
        """  # noqa: S608 - of the constants above
    )
    index_changed(Session(op.get_bind()))


def _bearing(*columns: str) -> str:
    return " OR ".join(f"{column} LIKE '%{letter}%'" for column in columns for letter in ICELANDIC)


def downgrade() -> None:
    """What was indexed with the one letter answers as before."""
