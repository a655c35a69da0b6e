"""Each source has its own pace, hosts are remembered, articles have versions."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Columns are added in place, not in a batch: SQLite's way of a batch drops the old table, and others
    # point to it.
    for name, kind in _SOURCE:
        op.add_column("source", sa.Column(name, kind, nullable=True))
    op.add_column("source", sa.Column("layout_misses", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("robots_text", sa.Text(), nullable=True),
        sa.Column("robots_read_at", _TIME, nullable=True),
        sa.Column("robots_failed_at", _TIME, nullable=True),
        sa.Column("wait_until", _TIME, nullable=True),
        sa.Column("last_asked_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("host", name=op.f("uq_host_host")),
    )
    # In words: SQLite adds a constraint only together with its column.
    op.execute(
        "ALTER TABLE link ADD COLUMN article_id INTEGER"
        " CONSTRAINT fk_link_article_id_article REFERENCES article (id)"
    )
    for name, kind in _LINK:
        op.add_column("link", sa.Column(name, kind, nullable=True))
    op.add_column("link", sa.Column("visits", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_link_article_id", "link", ["article_id"])
    op.create_index("ix_link_visit_at", "link", ["visit_at"])
    op.create_index("ix_link_source_id", "link", ["source_id", "discovered_at"])
    op.create_index("ix_article_text_hash", "article", ["text_hash"])
    op.create_index("ix_article_first_seen_at", "article", ["first_seen_at", "outlet_key"])
    op.drop_index("ix_link_state", "link")
    for name, table, columns, where in _SOME:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.execute(
        "UPDATE link SET article_id ="
        " (SELECT article.id FROM article WHERE article.canonical_url = link.canonical_url)"
    )
    for name in ("changed_at", "gone_at"):
        op.add_column("article", sa.Column(name, _TIME, nullable=True))
    op.create_table(
        "article_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("published_at", _TIME, nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("replaced_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_version_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_version")),
    )
    op.create_index("ix_article_version_article_id", "article_version", ["article_id"])


def downgrade() -> None:
    op.drop_table("article_version")
    for name in ("gone_at", "changed_at"):
        op.drop_column("article", name)
    for name, table, _, _ in _SOME:
        op.drop_index(name, table)
    op.create_index("ix_link_state", "link", ["state"])
    op.drop_index("ix_article_first_seen_at", "article")
    op.drop_index("ix_article_text_hash", "article")
    op.drop_index("ix_link_source_id", "link")
    op.drop_index("ix_link_visit_at", "link")
    op.drop_index("ix_link_article_id", "link")
    with op.batch_alter_table("link") as batch:
        for name in ("visits", "visit_at", "read_at", "last_modified", "etag", "article_id"):
            batch.drop_column(name)
    op.drop_table("host")
    for name in ("layout_misses", *(name for name, _ in reversed(_SOURCE))):
        op.drop_column("source", name)


_SOURCE: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("failing_since", _TIME),
    ("gap_seconds", sa.Integer()),
    ("items_named", sa.Integer()),
    ("items_new", sa.Integer()),
    ("paused_at", _TIME),
    ("layout_changed_at", _TIME),
)
_LINK: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("etag", sa.Text()),
    ("last_modified", sa.String()),
    ("read_at", _TIME),
    ("visit_at", _TIME),
)
_SOME: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_link_pending", "link", ["discovered_at"], "state = 'pending'"),
    ("ix_link_told", "link", ["discovered_at"], "title IS NOT NULL OR summary IS NOT NULL"),
    ("ix_article_unexpired", "article", ["first_seen_at", "text_hash"], "text_expired_at IS NULL"),
)
