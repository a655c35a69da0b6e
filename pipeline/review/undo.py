"""Takes a decision back, as a whole, while nothing has come of it. See docs/decisions/0022."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import Session

from pipeline.drafting import withdraw
from pipeline.gathering import gather
from pipeline.review.decision import Conflict, Decisions, get, locked_or_refused, who_was_faster
from pipeline.review.remembering import Remembering, issue_of, plain
from pipeline.states import UNDONE, NotAllowed, change
from pipeline.undoing import undo_until
from store.history import record
from store.models import Base, Delivery, Event, Issue, ProposedReply, Referral, Reply, Undoable, UndoneEvent
from store.queries.undone import stands

MODELS: dict[str, type[Base]] = {
    model.__tablename__: model for model in (Issue, Referral, Delivery, Reply, ProposedReply)
}
BY_ITSELF = ("joined", "gathered")
"""What articles that come in do to an issue; one that nobody has decided on is made of them anew."""
ASKED = ("drafted", "withdrawn", "ended")
"""Who is asked was decided anew: what was decided before on another referral stands beneath it."""
NEW_ARTICLES = "Có tin, bài mới vào vấn đề từ lúc đó; hãy sửa bằng các việc ở trang của vấn đề."
NOT_THEIRS = "Việc này đã rút phiếu được duyệt; chỉ tài khoản đã làm việc này được hoàn tác."
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
            numbers = sorted({issue_of(row) for row in (*rows, *drafts)})
            issues = [locked_or_refused(session, number) for number in numbers]
            for row in (taken, *rows, *drafts):
                session.refresh(row)
            self._check_time(taken, now)
            if _puts_in_force(taken) and taken.actor != actor:
                raise NotAllowed(NOT_THEIRS)
            grown = [issue for issue in issues if _check_since(session, taken, issue)]
            _check_as_left(taken, rows, drafts)
            watch = Remembering(session)
            for draft in drafts:
                withdraw(session, draft, at=now, actor=actor, why="hoàn tác")
            # Whose state is changed first must be unchanged by what comes later: one row, one event.
            for row, one in zip(rows, taken.changes, strict=True):
                _take_back(session, row, one["before"], now, actor)
            taken.undone_at = now
            session.flush()
            session.add_all(UndoneEvent(event_id=number) for number in (*taken.events, *watch.events))
            for issue in grown:
                if issue.state == "detected":
                    _make_anew(session, issue, now, actor)

    def _check_time(self, taken: Undoable, now: datetime) -> None:
        if taken.undone_at is not None:
            raise Conflict("Việc này đã được hoàn tác.")
        until = undo_until(self._settings, taken.at)
        if until is None or now >= until:
            raise NotAllowed(TOO_LATE)


def _puts_in_force(taken: Undoable) -> bool:
    """Whether undoing makes a letter go out: that is approving it, and nobody approves in another's name."""
    return any(
        one["table"] == "referral" and one["before"].get("state") == "approved" for one in taken.changes
    )


def _check_since(session: Session, taken: Undoable, issue: Issue) -> bool:
    """Whether articles have come in since; raises Conflict for whatever stands in the way."""
    later = select(Event.action).where(Event.id > max(taken.events), stands())
    of_issue = and_(Event.entity == "issue", Event.entity_id == issue.id)
    of_referrals = and_(
        Event.entity == "referral",
        Event.entity_id.in_([referral.id for referral in issue.referrals]),
        Event.action.in_(ASKED),
    )
    actions = set(session.scalars(later.where(or_(of_issue, of_referrals))))
    if actions - set(BY_ITSELF):
        raise Conflict(who_was_faster(session, issue))
    if actions and not _leaves_it_to_articles(taken):
        raise Conflict(NEW_ARTICLES)
    return bool(actions)


def _leaves_it_to_articles(taken: Undoable) -> bool:
    """Whether nothing of the issue comes back that its articles have a say in."""
    before: dict[str, Any] = next((one["before"] for one in taken.changes if one["table"] == "issue"), {})
    return before.keys() <= {"routing_problem"} or before.get("state") == "detected"


def _check_as_left(taken: Undoable, rows: Sequence[Any], drafts: Sequence[Referral]) -> None:
    as_left = all(
        plain(getattr(row, name)) == value
        for row, one in zip(rows, taken.changes, strict=True)
        for name, value in one["after"].items()
    )
    if not as_left or any(draft.state != "drafted" for draft in drafts):
        raise Conflict("Đã có việc khác dựa trên việc này, không hoàn tác được nữa.")
    if any(isinstance(row, Referral) and row.state == "approved" and row.letter_path for row in rows):
        raise NotAllowed(WITH_LETTER)


def _make_anew(session: Session, issue: Issue, at: datetime, actor: str) -> None:
    """Articles may have come in while the decision stood."""
    before, after = gather(session, issue)
    if after:
        record(
            session, at=at, actor=actor, entity="issue", entity_id=issue.id, action="gathered",
            before=before, after=after,
        )  # fmt: skip


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
