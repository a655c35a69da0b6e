"""Takes a decision back, as a whole, while nothing has come of it. See docs/decisions/0022."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from pipeline.drafting import withdraw
from pipeline.review.decision import Conflict, Decisions, get, locked_or_refused, who_was_faster
from pipeline.review.remembering import Remembering, issue_of, plain
from pipeline.states import UNDONE, NotAllowed, change
from pipeline.undoing import undo_until
from store.history import record
from store.models import Base, Delivery, Event, Issue, ProposedReply, Referral, Reply, Undoable, UndoneEvent

MODELS: dict[str, type[Base]] = {
    model.__tablename__: model for model in (Issue, Referral, Delivery, Reply, ProposedReply)
}
BY_ITSELF = ("joined", "gathered")
"""What articles that come in do to an issue decides nothing."""
TOO_LATE = "Đã quá thời gian được hoàn tác. Hãy sửa bằng các việc ở trang của vấn đề."
WITH_LETTER = "Thư của phiếu này đã được soạn để gửi, không hoàn tác được nữa."


class UndoDecisions(Decisions):
    def undo(self, decision_id: int, actor: str) -> None:
        """Whoever calls has asked whether this account may decide so: `Undoable.action` says what it was."""
        now = self._clock()
        with self._transaction() as session:
            taken: Undoable = get(session, Undoable, decision_id)
            rows = [get(session, MODELS[one["table"]], one["id"]) for one in taken.changes]
            drafts = [get(session, Referral, number) for number in taken.drafted]
            issues = [locked_or_refused(session, number) for number in sorted({issue_of(r) for r in rows})]
            for row in (taken, *rows, *drafts):
                session.refresh(row)
            self._check_time(taken, now)
            _check_nothing_came_of_it(session, taken, rows, drafts, issues)
            watch = Remembering(session)
            for draft in drafts:
                withdraw(session, draft, at=now, actor=actor, why="hoàn tác")
            # Whose state is changed first must be unchanged by what comes later: one row, one event.
            for row, one in zip(rows, taken.changes, strict=True):
                _take_back(session, row, one["before"], now, actor)
            taken.undone_at = now
            session.flush()
            session.add_all(UndoneEvent(event_id=number) for number in (*taken.events, *watch.events))

    def _check_time(self, taken: Undoable, now: datetime) -> None:
        if taken.undone_at is not None:
            raise Conflict("Việc này đã được hoàn tác.")
        until = undo_until(self._settings, taken.at)
        if until is None or now >= until:
            raise NotAllowed(TOO_LATE)


def _check_nothing_came_of_it(
    session: Session,
    taken: Undoable,
    rows: Sequence[Any],
    drafts: Sequence[Referral],
    issues: Sequence[Issue],
) -> None:
    for issue in issues:
        later = select(Event.id).where(
            Event.entity == "issue",
            Event.entity_id == issue.id,
            Event.id > max(taken.events),
            Event.action.not_in(BY_ITSELF),
        )
        if session.scalar(later.limit(1)) is not None:
            raise Conflict(who_was_faster(session, issue))
    as_left = all(
        plain(getattr(row, name)) == value
        for row, one in zip(rows, taken.changes, strict=True)
        for name, value in one["after"].items()
    )
    if not as_left or any(draft.state != "drafted" for draft in drafts):
        raise Conflict("Đã có việc khác dựa trên việc này, không hoàn tác được nữa.")
    if any(isinstance(row, Referral) and row.state == "approved" and row.letter_path for row in rows):
        raise NotAllowed(WITH_LETTER)


def _take_back(session: Session, row: Any, before: Mapping[str, Any], at: datetime, actor: str) -> None:
    columns = {name: _typed(row, name, value) for name, value in before.items()}
    state = columns.pop("state", None)
    if state is not None:
        change(session, row, state, at=at, actor=actor, action=UNDONE, **columns)
        return
    now = {name: plain(getattr(row, name)) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    proposed = isinstance(row, ProposedReply)
    record(
        session,
        at=at,
        actor=actor,
        entity="referral" if proposed else row.__tablename__,
        entity_id=row.referral_id if proposed else row.id,
        action=UNDONE,
        before=now,
        after=dict(before) | ({"proposed_reply": row.id} if proposed else {}),
    )


def _typed(row: Any, name: str, value: Any) -> Any:
    """As the column has it: JSON knows no days."""
    kind = inspect(row).mapper.columns[name].type.python_type
    if value is not None and kind in (datetime, date):
        return kind.fromisoformat(value)
    return value
