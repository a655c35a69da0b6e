"""Second factor, single sign-on, one-time codes, sessions that idle out, failed sign-ins for all processes;
and the history found by kind of thing and by who acts.

Whoever is signed in signs in once more: what is asked of a session now is not known of the old ones.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
BY_PEOPLE = sa.text("actor NOT LIKE 'stage:%'")
OF_USER = (
    ("code_hash", sa.String()),
    ("code_expires_at", MOMENT),
    ("totp_secret", sa.String()),
    ("totp_offered", sa.String()),
    ("totp_step", sa.Integer()),
    ("sso_name_hash", sa.String()),
    ("sso_subject", sa.String()),
)


def upgrade() -> None:
    for name, kind in OF_USER:
        op.add_column("user", sa.Column(name, kind, nullable=True))
    for name in ("sso_name_hash", "sso_subject"):
        op.create_index(f"uq_user_{name}", "user", [name], unique=True)
    op.drop_table("session")
    _create_of_user(
        "session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("awaits_code", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    _create_of_user("recovery_code", sa.Column("code_hash", sa.String(), nullable=False))
    _create_of_user(
        "known_browser",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_browser_token_hash")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])
    op.create_index("ix_attempt_key", "attempt", ["key_hash", "at"])
    op.create_index("ix_event_kind", "event", ["entity", "at"])
    op.create_index("ix_event_by_people", "event", ["at"], sqlite_where=BY_PEOPLE, postgresql_where=BY_PEOPLE)


def _create_of_user(table: str, *columns: sa.Column[object] | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_event_by_people", "event")
    op.drop_index("ix_event_kind", "event")
    for table in ("attempt", "known_browser", "recovery_code", "session"):
        op.drop_table(table)
    for name in ("sso_name_hash", "sso_subject"):
        op.drop_index(f"uq_user_{name}", "user")
    for name, _ in OF_USER:
        op.drop_column("user", name)
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
