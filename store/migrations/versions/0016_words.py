"""Issues are found by words and by lists that are long; what they are found by keeps in step by itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Session

from store.indexing import index_changed

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEXES = (
    ("ix_issue_last_seen_at", "issue", ["last_seen_at", "id"]),
    ("ix_issue_state", "issue", ["state", "last_seen_at", "id"]),
    ("ix_issue_topic", "issue", ["topic", "last_seen_at", "id"]),
    ("ix_issue_commune_code", "issue", ["commune_code", "last_seen_at", "id"]),
    ("ix_referral_agency_key", "referral", ["agency_key", "state", "issue_id"]),
)
_REPLACED = (("ix_issue_state", "issue", ["state"]), ("ix_issue_topic", "issue", ["topic"]),
             ("ix_referral_agency_key", "referral", ["agency_key"]))  # fmt: skip

# (name, when, what the change was on, which issues)
_NEW, _OLD, _OF_ARTICLE = (
    "SELECT NEW.{}",
    "SELECT OLD.{}",
    ("SELECT issue_id FROM issue_article WHERE article_id = NEW.id"),
)
_TRIGGERS = (
    ("issue_words_issue_added", "INSERT ON issue", [_NEW.format("id")]),
    ("issue_words_issue_changed", "UPDATE OF title, place_name ON issue", [_NEW.format("id")]),
    ("issue_words_article_joined", "INSERT ON issue_article", [_NEW.format("issue_id")]),
    (
        "issue_words_article_moved",
        "UPDATE OF issue_id, article_id ON issue_article",
        [_OLD.format("issue_id"), _NEW.format("issue_id")],
    ),
    ("issue_words_article_left", "DELETE ON issue_article", [_OLD.format("issue_id")]),
    ("issue_words_article_changed", "UPDATE OF title, lead, outlet_key ON article", [_OF_ARTICLE]),
)


def upgrade() -> None:
    for name, table, _ in _REPLACED:
        op.drop_index(name, table)
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    is_postgres = op.get_bind().dialect.name == "postgresql"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "changed_words",
        sa.Column("id", number, nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_words")),
    )
    op.create_table(
        "issue_words",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("words", TSVECTOR() if is_postgres else sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_issue_words_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_words")),
    )
    if is_postgres:
        op.create_index("ix_issue_words_words", "issue_words", ["words"], postgresql_using="gin")
        for trigger in _TRIGGERS:
            _on_postgres(*trigger)
    else:
        _full_text_index()
        for trigger in _TRIGGERS:
            _on_sqlite(*trigger)
    op.execute("INSERT INTO changed_words (issue_id) SELECT id FROM issue ORDER BY id")
    index_changed(Session(op.get_bind()))


def _full_text_index() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE issue_search USING fts5 "
        "(words, content='issue_words', content_rowid='issue_id', tokenize='ascii', columnsize=0)"
    )
    drop = "INSERT INTO issue_search (issue_search, rowid, words) VALUES ('delete', OLD.issue_id, OLD.words);"
    add = "INSERT INTO issue_search (rowid, words) VALUES (NEW.issue_id, NEW.words);"
    for name, when, what in (
        ("added", "INSERT", add),
        ("dropped", "DELETE", drop),
        ("changed", "UPDATE", drop + add),
    ):
        op.execute(f"CREATE TRIGGER issue_search_{name} AFTER {when} ON issue_words BEGIN {what} END")


def _on_sqlite(name: str, change: str, issues: Sequence[str]) -> None:
    marks = " ".join(f"INSERT INTO changed_words (issue_id) {some};" for some in issues)
    op.execute(f"CREATE TRIGGER {name} AFTER {change} BEGIN {marks} END")


def _on_postgres(name: str, change: str, issues: Sequence[str]) -> None:
    marks = " ".join(f"INSERT INTO changed_words (issue_id) {some};" for some in issues)
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {marks} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} AFTER {change} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, change, _ in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {change.rpartition(' ')[2]}" if is_postgres else ""))
        if is_postgres:
            op.execute(f"DROP FUNCTION {name}()")
    if not is_postgres:
        op.execute("DROP TABLE issue_search")
    op.drop_table("issue_words")
    op.drop_table("changed_words")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    for name, table, columns in _REPLACED:
        op.create_index(name, table, columns)
