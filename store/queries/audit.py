"""A page of the history, from any place on; each function asks a fixed number of questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, and_, null, or_, select, text
from sqlalchemy.orm import Session

from store.models import Delivery, Event, Issue, Referral, RegisterEntry, Reply, Source, UndoneEvent, User
from store.models.account import BY_PEOPLE, DOERS, done_by
from store.queries.placing import merged_into


@dataclass(frozen=True)
class Place:
    """Behind which event a page goes on."""

    at: datetime
    id: int


@dataclass(frozen=True)
class EventFilter:
    """None: whatever it is. There is none by person, and none is wanted."""

    entity: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """before this moment"""
    by_people: bool = False
    """only what no stage did by itself"""
    doer: str | None = None
    """one of DOERS"""
    things: dict[str, list[int]] | None = None
    """ids by entity"""


def events(session: Session, wanted: EventFilter, after: Place | None, limit: int) -> Sequence[Event]:
    """The newest first."""
    query = select(Event).where(*_conditions(wanted))
    if after is not None:
        behind = or_(Event.at < after.at, and_(Event.at == after.at, Event.id < after.id))
        query = query.where(Event.at <= after.at, behind)
    return session.scalars(query.order_by(Event.at.desc(), Event.id.desc()).limit(limit)).all()


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool] | TextClause]:
    conditions: list[ColumnElement[bool] | TextClause] = []
    if wanted.things is not None:
        theirs = [
            and_(Event.entity == entity, Event.entity_id.in_(ids)) for entity, ids in wanted.things.items()
        ]
        conditions.append(or_(*theirs))
    if wanted.entity is not None:
        conditions.append(Event.entity == wanted.entity)
    if wanted.action is not None:
        conditions.append(Event.action == wanted.action)
    if wanted.since is not None:
        conditions.append(Event.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Event.at < wanted.until)
    # In the words of the index, or it is not used.
    if wanted.by_people:
        conditions.append(text(BY_PEOPLE))
    if wanted.doer in DOERS:
        conditions.append(text(done_by(wanted.doer)))
    return conditions


def things_of_issue(session: Session, issue_id: int) -> dict[str, list[int]]:
    """The issue, what was merged into it, and their referrals, deliveries and replies."""
    issues = [issue_id, *(issue.id for issue in merged_into(session, issue_id))]
    referrals = session.scalars(select(Referral.id).where(Referral.issue_id.in_(issues))).all()
    return {"issue": issues} | _things_of(session, referrals)


def things_of_letter(session: Session, number: int) -> dict[str, list[int]]:
    """The referrals that went out under that number, of whatever year, with their deliveries and replies."""
    return _things_of(session, session.scalars(select(Referral.id).where(Referral.number == number)).all())


def _things_of(session: Session, referrals: Sequence[int]) -> dict[str, list[int]]:
    deliveries = session.scalars(select(Delivery.id).where(Delivery.referral_id.in_(referrals))).all()
    replies = session.scalars(select(Reply.id).where(Reply.referral_id.in_(referrals))).all()
    return {"referral": list(referrals), "delivery": list(deliveries), "reply": list(replies)}


@dataclass(frozen=True)
class About:
    """What an event is about, as far as it is there still."""

    words: str
    issue_id: int | None = None
    letter: int | None = None
    """number of the referral, once it has one"""


@dataclass(frozen=True)
class Abouts:
    found: dict[tuple[str, int], About] = field(default_factory=dict)
    undone: frozenset[int] = frozenset()
    """ids of events whose decision was taken back"""


def abouts(session: Session, shown: Iterable[Event]) -> Abouts:
    ids: dict[str, set[int]] = {}
    rows = list(shown)
    for event in rows:
        ids.setdefault("user" if event.entity == "session" else event.entity, set()).add(event.entity_id)
    found: dict[tuple[str, int], About] = {}
    for entity, query in _QUESTIONS.items():
        for key, words, issue_id, letter in session.execute(
            query.where(_ID[entity].in_(ids.get(entity, ())))
        ):
            found[entity, key] = About(words, issue_id, letter)
            if entity == "user":
                found["session", key] = About(words)
    undone = select(UndoneEvent.event_id).where(UndoneEvent.event_id.in_([event.id for event in rows]))
    return Abouts(found, frozenset(session.scalars(undone)))


_NONE = null()
_ID = {
    "issue": Issue.id,
    "referral": Referral.id,
    "delivery": Delivery.id,
    "reply": Reply.id,
    "entry": RegisterEntry.id,
    "source": Source.id,
    "user": User.id,
}
_QUESTIONS = {
    "issue": select(Issue.id, Issue.title, Issue.id, _NONE),
    "referral": select(Referral.id, Referral.agency_name, Referral.issue_id, Referral.number),
    "delivery": select(Delivery.id, Referral.agency_name, Referral.issue_id, Referral.number).join(
        Delivery.referral
    ),
    "reply": select(Reply.id, Referral.agency_name, Referral.issue_id, Referral.number).join(Reply.referral),
    "entry": select(RegisterEntry.id, RegisterEntry.title, RegisterEntry.issue_id, _NONE),
    "source": select(Source.id, Source.outlet_name, _NONE, _NONE),
    "user": select(User.id, User.post, _NONE, _NONE),
}
