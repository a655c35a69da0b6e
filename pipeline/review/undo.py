"""Takes a decision back, as a whole, while nothing has come of it. See docs/decisions/0022."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pipeline.clock import local
from pipeline.drafting import withdraw
from pipeline.gathering import gather
from pipeline.review.decision import Conflict, Decisions, get, locked_or_refused
from pipeline.review.faster import post, who_changed, who_was_faster
from pipeline.review.registers import snapshot
from pipeline.review.remembering import Remembering, issue_of, plain
from pipeline.states import TABLES, UNDONE, NotAllowed, change
from pipeline.undoing import undo_until
from store.history import record
from store.models import (
    Attachment,
    Base,
    Delivery,
    Event,
    Issue,
    IssueArticle,
    Parting,
    ProposedReply,
    ReceivedMail,
    Referral,
    RegisterEntry,
    Reply,
    TimeRequest,
    Undoable,
    UndoneEvent,
)
from store.queries import registers
from store.queries.placing import part
from store.queries.reminders import reminded
from store.queries.undone import stands
from store.types import UtcDateTime

Way = tuple[Any, dict[str, Any]]
"""A row, and what `Undoable.changes` says of it."""
SILENT = (IssueArticle, Attachment)
"""Told of by what they belong to."""
EXPIRE = ("text",)
"""What agencies wrote goes when its time is over; the history would keep it for ever."""
ENTITIES: dict[type[Base], str] = {RegisterEntry: registers.ENTITY, ReceivedMail: "mail"}
MODELS: dict[str, type[Base]] = {
    model.__tablename__: model
    for model in (
        Issue, IssueArticle, Referral, Delivery, Reply, ProposedReply, TimeRequest, Attachment,
        RegisterEntry, ReceivedMail,
    )
}  # fmt: skip
BY_ITSELF = ("joined", "gathered")
"""What articles that come in do to an issue; one that nobody has decided on is made of them anew."""
ASKED = ("drafted", "withdrawn", "ended")
"""Who is asked was decided anew: what was decided before on another referral stands beneath it."""
NEW_ARTICLES = "Có tin, bài mới vào vấn đề từ lúc đó; hãy sửa bằng các việc ở trang của vấn đề."
NOT_THEIRS = "Việc này đã rút phiếu được duyệt; chỉ tài khoản đã làm việc này được hoàn tác."
TOO_LATE = "Đã quá thời gian được hoàn tác. Hãy sửa bằng các việc ở trang của vấn đề."
REMINDED_OF = "Thời hạn mới đã báo cho cơ quan trong thư nhắc, không hoàn tác được nữa."
WITH_LETTER = "Thư của phiếu này đã được soạn để gửi, không hoàn tác được nữa."


class UndoDecisions(Decisions):
    def undo(self, decision_id: int, actor: str) -> None:
        """Whoever calls has asked whether this account may decide so: `Undoable.action` says what it was."""
        now = self._clock()
        with self._transaction() as session:
            taken: Undoable = get(session, Undoable, decision_id)
            rows = [(get(session, MODELS[one["table"]], one["id"]), one) for one in _changed(taken)]
            drafts = [get(session, Referral, number) for number in taken.drafted]
            issues = [locked_or_refused(session, number) for number in _issues(taken, rows, drafts)]
            for row in (taken, *(row for row, _ in rows), *drafts):
                session.refresh(row)
            self._check_time(session, taken, now)
            if _puts_in_force(taken) and taken.actor != actor:
                raise NotAllowed(NOT_THEIRS)
            grown = [issue for issue in issues if _check_since(session, taken, issue)]
            _check_entries(session, taken, rows)
            _check_as_left(rows, drafts)
            _check_not_told(session, rows)
            watch = Remembering(session)
            for draft in drafts:
                withdraw(session, draft, at=now, actor=actor, why="hoàn tác")
            # Whose state is changed first must be unchanged by what comes later: one row, one event.
            for row, one in rows:
                _take_back(session, row, one["before"], now, actor)
            _part_and_join(session, taken, now)
            _tell_of_articles(session, rows, now, actor)
            taken.undone_at = now
            session.flush()
            session.add_all(UndoneEvent(event_id=number) for number in (*taken.events, *watch.events))
            for issue in grown:
                if issue.state == "detected":
                    _make_anew(session, issue, now, actor)

    def _check_time(self, session: Session, taken: Undoable, now: datetime) -> None:
        if taken.undone_at is not None:
            raise Conflict(_who_undid(session, taken))
        until = undo_until(self._settings, taken.at)
        if until is None or now >= until:
            raise NotAllowed(TOO_LATE)


def _changed(taken: Undoable) -> list[dict[str, Any]]:
    """Rows that stay; a parting is made anew or deleted."""
    return [one for one in taken.changes if one["table"] != Parting.__tablename__]


def _issues(taken: Undoable, rows: Sequence[Way], drafts: Sequence[Referral]) -> list[int]:
    """All that it touched, in the order in which they are locked."""
    own = {taken.issue_id, *(issue_of(row) for row, _ in rows), *(issue_of(draft) for draft in drafts)}
    left = {one["before"].get("issue_id") for row, one in rows if isinstance(row, IssueArticle)}
    return sorted(number for number in own | left if number is not None)


def _who_undid(session: Session, taken: Undoable) -> str:
    assert taken.undone_at is not None  # noqa: S101 - the caller has looked
    told = select(UndoneEvent.event_id)
    query = select(Event.actor).where(Event.at == taken.undone_at, Event.id.in_(told))
    actor = session.scalar(query.order_by(Event.id.desc()).limit(1))
    who = f" {post(session, actor)}" if actor else ""
    return f"Việc này đã được{who} hoàn tác lúc {local(taken.undone_at):%H:%M %d/%m/%Y}."


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
    if actions and not _leaves_it_to_articles(taken, issue):
        raise Conflict(NEW_ARTICLES)
    return bool(actions)


def _leaves_it_to_articles(taken: Undoable, issue: Issue) -> bool:
    """Whether nothing of the issue comes back that its articles have a say in."""
    if any(one["table"] == IssueArticle.__tablename__ for one in taken.changes):
        return False
    own = (one["before"] for one in taken.changes if (one["table"], one["id"]) == ("issue", issue.id))
    before: dict[str, Any] = next(own, {})
    return before.keys() <= {"routing_problem"} or before.get("state") == "detected"


def _check_entries(session: Session, taken: Undoable, rows: Sequence[Way]) -> None:
    """An entry belongs to no issue that is asked what came later."""
    for entry in (row for row, _ in rows if isinstance(row, RegisterEntry)):
        later = select(Event.id).where(
            Event.entity == registers.ENTITY,
            Event.entity_id == entry.id,
            Event.id > max(taken.events),
            stands(),
        )
        if session.scalar(later.limit(1)) is not None:
            raise Conflict(who_changed(session, entry))


def _check_as_left(rows: Sequence[Way], drafts: Sequence[Referral]) -> None:
    as_left = all(
        plain(getattr(row, name)) == value for row, one in rows for name, value in one["after"].items()
    )
    if not as_left or any(draft.state != "drafted" for draft in drafts):
        raise Conflict("Đã có việc khác dựa trên việc này, không hoàn tác được nữa.")
    if any(
        isinstance(row, Referral) and row.state == "approved" and row.letter_path and "state" in one["before"]
        for row, one in rows
    ):
        raise NotAllowed(WITH_LETTER)


def _check_not_told(session: Session, rows: Sequence[Way]) -> None:
    """A day that an agency has in writing, or that is on its way to it, is not taken back without a word."""
    given = {
        (row.id, one["after"]["deadline_at"])
        for row, one in rows
        if isinstance(row, Referral) and one["after"].get("deadline_at")
    }
    if given and given & {(referral, at) for referral, _, at in reminded(session, {one for one, _ in given})}:
        raise NotAllowed(REMINDED_OF)


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
    if type(row) in TABLES and "state" in columns:
        state = columns.pop("state")
        change(session, row, state, at=at, actor=actor, action=UNDONE, **columns)
        return
    was = _told(row, before)
    for name, value in columns.items():
        setattr(row, name, value)
    if type(row) in SILENT:
        return
    of_referral = isinstance(row, ProposedReply | TimeRequest)
    record(
        session,
        at=at,
        actor=actor,
        entity="referral" if of_referral else ENTITIES.get(type(row), row.__tablename__),
        entity_id=row.referral_id if of_referral else row.id,
        action=UNDONE,
        before=was,
        after=_told(row, before) | ({row.__tablename__: row.id} if of_referral else {}),
    )


def _told(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Of an entry all, as every event of it holds it."""
    if isinstance(row, RegisterEntry):
        return snapshot(row)
    return {name: plain(getattr(row, name)) for name in columns if name not in EXPIRE}


def _part_and_join(session: Session, taken: Undoable, at: datetime) -> None:
    """What people hold to be two problems is what they held before."""
    for one in taken.changes:
        if one["table"] != Parting.__tablename__:
            continue
        if one["before"]:
            part(session, one["before"]["first_id"], one["before"]["second_id"], at)
        elif parting := session.get(Parting, one["id"]):
            session.delete(parting)


def _tell_of_articles(session: Session, rows: Sequence[Way], at: datetime, actor: str) -> None:
    """Articles that go back to the issue that they were taken from: both tell of it."""
    ways: dict[tuple[int, int], list[int]] = {}
    for row, one in rows:
        if isinstance(row, IssueArticle) and "issue_id" in one["before"]:
            ways.setdefault((one["after"]["issue_id"], row.issue_id), []).append(row.article_id)
            session.expire(row, ["issue"])
    session.flush()
    for (source, target), articles in ways.items():
        for issue_id, before, after in (
            (source, {}, {"articles_gone": sorted(articles), "issue": target}),
            (target, {"issue": source}, {"articles": sorted(articles)}),
        ):
            issue = session.get_one(Issue, issue_id)
            session.expire(issue, ["articles"])
            # Whatever changed: the other page that shows it must not decide on what it was.
            flag_modified(issue, "title")
            record(
                session, at=at, actor=actor, entity="issue", entity_id=issue_id, action=UNDONE,
                before=before, after=after,
            )  # fmt: skip


def _typed(row: Any, name: str, value: Any) -> Any:
    """As the column has it: JSON knows no days."""
    column = inspect(row).mapper.columns[name].type
    kind = datetime if isinstance(column, UtcDateTime) else column.python_type
    if value is not None and kind in (datetime, date):
        return kind.fromisoformat(value)
    return value
