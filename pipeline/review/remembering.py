"""What a decision changes, read from the unit of work itself: no decision has to tell how it is undone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from store.models import Base, Event, Issue, Referral, Undoable
from store.queries.undone import drop_before

STAYS = ("version", "number", "number_year", "letter")
"""A version only grows. A letter's number stays with it, so that numbers have no gaps. A letter's words are
made anew at each approval, and are nothing for the history, which keeps everything for ever."""
KEPT_FOR = timedelta(days=1)


class Remembering:
    """Listens to one transaction from its beginning."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[Base, dict[str, Any]] = {}
        self._new: list[Base] = []
        self._known = True
        event.listen(session, "before_flush", self._collect)

    @property
    def events(self) -> list[int]:
        """Ids of the events written, after a flush."""
        return [row.id for row in self._new if isinstance(row, Event)]

    def keep(self, action: str, referral_id: int | None) -> None:
        """Stores what is needed to undo it; nothing where it changed nothing, or made what stays."""
        self._session.flush()
        written = [row for row in self._new if isinstance(row, Event)]
        drafted = [row for row in self._new if isinstance(row, Referral)]
        changes = [found for row, before in self._before.items() if (found := _change(row, before))]
        whole = self._known and len(written) + len(drafted) == len(self._new)
        if not (whole and written and (changes or drafted)):
            return
        drop_before(self._session, written[0].at - KEPT_FOR)
        self._session.add(
            Undoable(
                at=written[0].at,
                actor=written[0].actor,
                action=action,
                issue_id=issue_of(next(iter(self._before), None) or drafted[0]),
                referral_id=referral_id,
                changes=changes,
                drafted=[row.id for row in drafted],
                events=self.events,
            )
        )

    def _collect(self, session: Session, _context: Any, _instances: Any) -> None:
        self._new += [row for row in session.new if row not in self._new]
        for row in session.dirty:
            for column in inspect(row).mapper.column_attrs:
                history = inspect(row).attrs[column.key].history
                if history.has_changes() and column.key not in STAYS:
                    # Empty where nobody had read the column before it was set.
                    self._known &= bool(history.deleted)
                    self._before.setdefault(row, {}).setdefault(column.key, *history.deleted or (None,))


def issue_of(row: Any) -> int:
    """The issue that a row belongs to: its lock is taken before the row is changed."""
    if isinstance(row, Issue):
        return row.id
    number: int = row.issue_id if isinstance(row, Referral) else row.referral.issue_id
    return number


def plain(value: Any) -> Any:
    """As JSON keeps it and as it can be compared."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _change(row: Base, before: dict[str, Any]) -> dict[str, Any] | None:
    was = {name: plain(value) for name, value in before.items()}
    now = {name: plain(getattr(row, name)) for name in before}
    if was == now:
        return None
    return {
        "table": row.__tablename__,
        "id": inspect(row).mapper.primary_key_from_instance(row)[0],
        "before": was,
        "after": now,
    }
