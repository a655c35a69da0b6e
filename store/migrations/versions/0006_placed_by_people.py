"""People merge, split and part issues and move articles; what they did is kept beside what stages do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "issue_article", sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # In words: SQLite adds a constraint only together with its column.
    op.execute(
        "ALTER TABLE issue_article ADD COLUMN merged_from_id INTEGER"
        " CONSTRAINT fk_issue_article_merged_from_id_issue REFERENCES issue (id)"
    )
    op.add_column("issue_article", sa.Column("merged_at", _TIME, nullable=True))
    op.create_table(
        "issue_parting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("parted_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["issue.id"], name=op.f("fk_issue_parting_first_id_issue")),
        sa.ForeignKeyConstraint(["second_id"], ["issue.id"], name=op.f("fk_issue_parting_second_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_parting")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_issue_parting_first_id")),
    )
    op.create_index("ix_issue_parting_second_id", "issue_parting", ["second_id"])


def downgrade() -> None:
    op.drop_table("issue_parting")
    with op.batch_alter_table("issue_article") as batch:
        for name in ("merged_at", "merged_from_id", "placed"):
            batch.drop_column(name)
