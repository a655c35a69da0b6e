"""What the registers hold: now, at a past moment, and what lies near a project."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from store.models import Event, Issue, RegisterEntry
from store.queries.undone import stands

HIDDEN = ("dismissed", "merged")
ENTITY = "entry"


class EntryThen(NamedTuple):
    """An entry as it stood at a moment."""

    entry: int
    register: str
    title: str
    unit_codes: tuple[str, ...]
    agency_name: str | None
    issue: int | None
    from_day: date | None
    until_day: date | None
    state: str
    outcome: str | None
    done_on: date | None
    link: str | None
    created_at: datetime


def entry_ids(session: Session, register: str) -> Sequence[int]:
    """Those still open first, of these the one that began last."""
    return session.scalars(
        select(RegisterEntry.id)
        .where(RegisterEntry.register == register)
        .order_by((RegisterEntry.state != "open"), RegisterEntry.from_day.desc(), RegisterEntry.id.desc())
    ).all()


def entries(session: Session, ids: Sequence[int]) -> list[RegisterEntry]:
    """In the order of their numbers given."""
    query = select(RegisterEntry).where(RegisterEntry.id.in_(ids)).options(joinedload(RegisterEntry.issue))
    by_id = {entry.id: entry for entry in session.scalars(query)}
    return [by_id[number] for number in ids if number in by_id]


def entries_of_agency(session: Session, agency_key: str, limit: int) -> Sequence[RegisterEntry]:
    """What an agency has entered by itself: those still open first, of these the latest."""
    return session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.agency_key == agency_key)
        .order_by((RegisterEntry.state != "open"), RegisterEntry.id.desc())
        .limit(limit)
    ).all()


def entry_of_agency(session: Session, entry_id: int, agency_key: str) -> RegisterEntry | None:
    """None where there is none, or it is not that agency's."""
    return session.scalar(
        select(RegisterEntry).where(RegisterEntry.id == entry_id, RegisterEntry.agency_key == agency_key)
    )


def of_issue(session: Session, issue_id: int) -> Sequence[RegisterEntry]:
    """What was published of it, held on it, claimed about it."""
    return session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.issue_id == issue_id, RegisterEntry.state != "dropped")
        .order_by(RegisterEntry.from_day, RegisterEntry.id)
    ).all()


def open_projects(session: Session) -> Sequence[RegisterEntry]:
    """Projects under watch."""
    return session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.register == "project", RegisterEntry.state == "open")
        .order_by(RegisterEntry.id)
    ).all()


def near(issue: Issue, projects: Iterable[RegisterEntry]) -> list[RegisterEntry]:
    """Those in the issue's commune, or in all of its province."""
    here = {issue.province_code, issue.commune_code, *issue.commune_candidates} - {None}
    return [project for project in projects if here.intersection(project.unit_codes)]


def late_claims(session: Session, today: date) -> int:
    """Claims that were to be answered before today and are not."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RegisterEntry)
            .where(
                RegisterEntry.register == "claim",
                RegisterEntry.state == "open",
                RegisterEntry.until_day < today,
            )
        )
        or 0
    )


class Watched(NamedTuple):
    """A project, and what near it is asked for."""

    entry: int
    unit_codes: Collection[str]
    """of communes or provinces"""
    since: datetime
    """told of from then on"""
    most: int


class Near(NamedTuple):
    """A concern near a project."""

    id: int
    title: str
    state: str
    last_seen_at: datetime


def concerns_near(session: Session, projects: Sequence[Watched]) -> dict[int, list[Near]]:
    """Of each project the concerns there, those told of last first."""
    if not projects:
        return {}
    found: dict[int, list[Near]] = {}
    for number, *near in session.execute(union_all(*(_near(project) for project in projects))):
        found.setdefault(number, []).append(Near(*near))
    return {
        number: sorted(near, key=lambda one: (one.last_seen_at, -one.id), reverse=True)
        for number, near in found.items()
    }


def _near(project: Watched) -> Select[Any]:
    codes = list(project.unit_codes)
    theirs = (
        select(literal(project.entry).label("entry"), *(getattr(Issue, name) for name in Near._fields))
        .where(
            Issue.kind == "concern",
            Issue.state.not_in(HIDDEN),
            or_(Issue.commune_code.in_(codes), Issue.province_code.in_(codes)),
            Issue.last_seen_at >= project.since,
        )
        .order_by(Issue.last_seen_at.desc(), Issue.id)
        .limit(project.most)
        .subquery()
    )
    return select(theirs)


def good_examples_to_enter(session: Session, limit: int) -> Sequence[Issue]:
    """Good examples that a person has confirmed and nobody has entered yet."""
    entered = select(RegisterEntry.id).where(
        RegisterEntry.issue_id == Issue.id, RegisterEntry.register == "good_example"
    )
    return session.scalars(
        select(Issue)
        .where(Issue.kind == "commendation", Issue.state == "confirmed", ~entered.exists())
        .order_by(Issue.last_seen_at.desc(), Issue.id)
        .limit(limit)
    ).all()


def histories(session: Session, ids: Collection[int]) -> dict[int, list[Event]]:
    """What was done with each entry, the newest first."""
    found: dict[int, list[Event]] = {}
    rows = session.scalars(
        select(Event).where(Event.entity == ENTITY, Event.entity_id.in_(list(ids))).order_by(Event.id.desc())
    )
    for event in rows:
        found.setdefault(event.entity_id, []).append(event)
    return found


def entries_then(
    session: Session, register: str, start: datetime, end: datetime, as_of: datetime
) -> list[EntryThen]:
    """What a report of a period tells of a register: entries made in it, or done in it, as they stood at
    `as_of`. From the history, where each event holds the whole entry: what is corrected later changes no
    account of the past; what was taken back has not been done."""
    last: dict[int, tuple[dict[str, Any], bool]] = {}
    rows = session.execute(
        select(Event, stands()).where(Event.entity == ENTITY, Event.at <= as_of).order_by(Event.id)
    )
    for event, is_so in rows:
        if event.after["register"] == register:
            changed = event.before.get("state") != event.after["state"]
            touched = start <= event.at < end and changed and is_so
            last[event.entity_id] = event.after, touched or last.get(event.entity_id, ({}, False))[1]
    made = dict(
        session.execute(
            select(RegisterEntry.id, RegisterEntry.created_at).where(RegisterEntry.register == register)
        ).all()
    )
    return [_then(key, after, made[key]) for key, (after, touched) in sorted(last.items()) if touched]


def _then(key: int, after: dict[str, Any], created_at: datetime) -> EntryThen:
    return EntryThen(
        entry=key,
        register=after["register"],
        title=after["title"],
        unit_codes=tuple(after["unit_codes"]),
        agency_name=after["agency_name"],
        issue=after["issue_id"],
        from_day=_day(after["from_day"]),
        until_day=_day(after["until_day"]),
        state=after["state"],
        outcome=after["outcome"],
        done_on=_day(after["done_on"]),
        link=after["link"],
        created_at=created_at,
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
