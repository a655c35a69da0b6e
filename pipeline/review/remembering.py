"""What a decision changes, read from the unit of work itself: no decision has to tell how it is undone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from store.models import (
    Attachment,
    Base,
    Event,
    Issue,
    Parting,
    ReceivedMail,
    Referral,
    RegisterEntry,
    Reply,
    Undoable,
)
from store.models.referrals import TAKEN_BACK
from store.queries.undone import drop_before

STAYS = ("version", "number", "number_year", "letter")
"""A version only grows. A letter's number stays with it, so that numbers have no gaps. A letter's words are
made anew at each approval, and are nothing for the history, which keeps everything for ever."""
KEPT_FOR = timedelta(days=1)
MADE = (Event, Referral, Issue, Reply, Parting)
"""New rows for which there is a way back."""
PARTED = ("first_id", "second_id", "parted_at")
"""Of what decisions delete there is only a parting."""


class Remembering:
    """Listens to one transaction from its beginning."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[Base, dict[str, Any]] = {}
        self._new: list[Base] = []
        self._gone: list[Base] = []
        event.listen(session, "before_flush", self._collect)

    @property
    def events(self) -> list[int]:
        """Ids of the events written, after a flush."""
        return [row.id for row in self._new if isinstance(row, Event)]

    def keep(self, action: str, *, issue_id: int | None = None, referral_id: int | None = None) -> None:
        """Stores what is needed to undo it; nothing where it changed nothing, or made what stays.

        `issue_id`: of the decision, where it is not on the first row that changes.
        """
        self._session.flush()
        written = [row for row in self._new if isinstance(row, Event)]
        drafted = [row for row in self._new if isinstance(row, Referral)]
        first = next(iter(self._before), None) or (drafted[0] if drafted else None)
        number = issue_id or (None if first is None else issue_of(first))
        changes = self._changes()
        known = all(isinstance(row, MADE) for row in self._new)
        if not (known and written and (changes or drafted)):
            return
        drop_before(self._session, written[0].at - KEPT_FOR)
        self._session.add(
            Undoable(
                at=written[0].at,
                actor=written[0].actor,
                action=action,
                issue_id=number,
                referral_id=referral_id,
                changes=changes,
                drafted=[row.id for row in drafted],
                events=self.events,
            )
        )

    def _changes(self) -> list[dict[str, Any]]:
        made = [row for row in self._new if not isinstance(row, Event | Referral)]
        changed = [(row, before) for row, before in self._before.items() if row not in self._new]
        return [
            *(found for row, before in changed if (found := _change(row, before))),
            *(_unmade(row) for row in made),
            *(_entry(row, {name: getattr(row, name) for name in PARTED}, {}) for row in self._gone),
        ]

    def _collect(self, session: Session, _context: Any, _instances: Any) -> None:
        self._new += [row for row in session.new if row not in self._new]
        self._gone += [row for row in session.deleted if row not in self._gone]
        for row in session.dirty:
            for column in inspect(row).mapper.column_attrs:
                history = inspect(row).attrs[column.key].history
                if history.has_changes() and column.key not in STAYS:
                    before = self._before.setdefault(row, {})
                    # Empty where nobody had read the column before it was set.
                    was = history.deleted[0] if history.deleted else _stored(session, row, column.key)
                    before.setdefault(column.key, was)


def issue_of(row: Any) -> int | None:
    """The issue that a row belongs to: its lock is taken before the row is changed."""
    if isinstance(row, Issue):
        return row.id
    if isinstance(row, RegisterEntry | ReceivedMail | Parting):
        return None
    if isinstance(row, Attachment):
        row = row.reply or row.proposed_reply
    number: int = row.issue_id if hasattr(row, "issue_id") else row.referral.issue_id
    return number


def plain(value: Any) -> Any:
    """As JSON keeps it and as it can be compared."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _stored(session: Session, row: Base, name: str) -> Any:
    mapper = inspect(row).mapper
    (key,) = mapper.primary_key
    found = select(mapper.columns[name]).where(key == mapper.primary_key_from_instance(row)[0])
    return session.scalar(found)


def _unmade(row: Base) -> dict[str, Any]:
    """A row that the history tells of stays, as one that nothing asks for."""
    if isinstance(row, Issue):
        # Into none: nobody has merged it, and there is nothing in it to be parted again.
        return _entry(row, {"state": "merged"}, {"state": row.state})
    if isinstance(row, Reply):
        return _entry(row, {"judgement": TAKEN_BACK}, {"judgement": None})
    return _entry(row, {}, {})


def _change(row: Base, before: dict[str, Any]) -> dict[str, Any] | None:
    now = {name: getattr(row, name) for name in before}
    entry = _entry(row, before, now)
    return None if entry["before"] == entry["after"] else entry


def _entry(row: Base, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Both empty: it was made, and is to be deleted. Only `after` empty: it was deleted."""
    return {
        "table": row.__tablename__,
        "id": inspect(row).mapper.primary_key_from_instance(row)[0],
        "before": {name: plain(value) for name, value in before.items()},
        "after": {name: plain(value) for name, value in after.items()},
    }
