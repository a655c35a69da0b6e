"""What a decision that may be undone was on."""

from collections.abc import Sequence
from typing import Any

from store import Store
from store.models import Base, ReceivedMail, RegisterEntry, Undoable
from store.queries.undone import decided
from tests.office import at

NOW = at("2026-11-20 09:00")


def test_what_is_on_no_issue_is_named_by_its_own_row(store: Store) -> None:
    entries = [_entry(f"Mục {n}") for n in range(3)]
    mail = ReceivedMail(identity="x", kind="unmatched", subject="Thư", received_at=NOW, read_at=NOW)
    with store.begin() as session:
        session.add_all([*entries, mail])
        session.flush()
        session.add_all([_undoable("drop_entry", entries[2:]), _undoable("mail_seen", [mail])])
    with store.read() as session:
        found = decided(session, at("2026-11-20 08:00"), 5)
    assert [(one.title, one.entry_id, one.register, one.mail_id) for one in found] == [
        ("Thư", None, None, mail.id),
        ("Mục 2", entries[2].id, "good_example", None),
    ]


def _entry(title: str) -> RegisterEntry:
    return RegisterEntry(
        register="good_example", title=title, unit_codes=["11329"], state="open", created_at=NOW
    )


def _undoable(action: str, rows: Sequence[Any]) -> Base:
    changes = [{"table": row.__tablename__, "id": row.id, "before": {}, "after": {}} for row in rows]
    return Undoable(
        at=NOW, actor="lead:x", action=action, issue_id=None, referral_id=None, changes=changes,
        drafted=[], events=[],
    )  # fmt: skip
