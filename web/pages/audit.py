"""Nhật ký: the whole history in words. Acts are told by post, and listed by time; nothing here is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import Route

from pipeline import names
from pipeline.clock import LOCAL
from pipeline.formats import vn_date
from pipeline.routing import recipient
from store.models import Event
from store.models.account import DOERS
from store.queries import audit as queries
from store.queries.audit import EventFilter, Place
from store.queries.desk import posts
from web import words
from web.formats import YEARS, read_date
from web.history import act, acts
from web.permissions import Action
from web.visits import MAX_ID, Visit, for_signed_in

PER_PAGE = 50
FIELDS = ("tu-ngay", "den-ngay", "loai", "ai", "van-de", "phieu")
ACTS = acts()
OFFERED = [
    (name, entity, [(f"{entity}.{action}", act(entity, action)) for action in ACTS[entity]])
    for entity, name in words.ENTITY.items()
    if ACTS[entity]
]
NAMED = {value: said for name, entity, some in OFFERED for value, said in [(entity, name), *some]}
PEOPLE = "nguoi"
BY = {
    PEOPLE: "Mọi người, trừ hệ thống",
    **words.ROLE,
    **words.ACTOR,
    "stage": "Hệ thống tự làm",
}
"""Who did it, as far as may be asked: a role, never an account."""
NOT_READ = "{}: hãy ghi ngày, ví dụ 22/11/2026."
BEYOND = "Đến ngày phải từ ngày bắt đầu trở đi."
NOT_A_NUMBER = "{}: hãy ghi một số."


class Unread(Exception):
    """A field of the filter that says nothing; in a sentence."""


@dataclass(frozen=True)
class _Asked:
    values: dict[str, str]

    def day(self, name: str, label: str) -> datetime | None:
        """The beginning of that day."""
        if not self.values[name]:
            return None
        try:
            return datetime.combine(read_date(self.values[name]), time(), LOCAL)
        except ValueError as error:
            raise Unread(NOT_READ.format(label)) from error

    def number(self, name: str, label: str) -> int | None:
        value = self.values[name]
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise Unread(NOT_A_NUMBER.format(label))
        return int(value)


def audit(visit: Visit) -> Response:
    asked = {name: visit.request.query_params.get(name, "").strip() for name in FIELDS}
    with visit.desk.store.read() as session:
        try:
            wanted, problem = _wanted(session, _Asked(asked)), None
        except Unread as error:
            wanted, problem = EventFilter(), str(error)
        found = queries.events(session, wanted, _place(visit), PER_PAGE + 1)
        rows = found[:PER_PAGE]
        return visit.render(
            "audit.html",
            status=200 if problem is None else 400,
            unread=problem,
            asked=asked,
            acts=OFFERED,
            by=BY,
            days=_days(asked, visit.desk.today),
            rows=rows,
            abouts=queries.abouts(session, rows),
            posts=posts(session) | _agencies_as_actors(visit, rows),
            agency_names=_agency_names(visit, rows),
            older=_older(asked, rows[-1]) if len(found) > PER_PAGE else None,
            later="sau" in visit.request.query_params,
            said=_said(asked) if problem is None else [],
            first=urlencode({name: value for name, value in asked.items() if value}),
        )


def _wanted(session: Session, asked: _Asked) -> EventFilter:
    since, last = asked.day("tu-ngay", "Từ ngày"), asked.day("den-ngay", "Đến ngày")
    if since and last and last < since:
        raise Unread(BEYOND)
    issue, letter = asked.number("van-de", "Vấn đề số"), asked.number("phieu", "Phiếu chuyển số")
    things = None
    if issue is not None:
        things = queries.things_of_issue(session, issue)
    elif letter is not None:
        things = queries.things_of_letter(session, letter)
    entity, _, action = asked.values["loai"].partition(".")
    by = asked.values["ai"]
    return EventFilter(
        entity=entity if entity in ACTS else None,
        action=action if action in ACTS.get(entity, ()) else None,
        since=since,
        until=last + timedelta(days=1) if last else None,
        by_people=by == PEOPLE,
        doer=by if by in DOERS else None,
        things=things,
    )


def _place(visit: Visit) -> Place | None:
    """Of an address "…&sau=2026-11-20T02:00:00+00:00~77"; what cannot be read is the beginning."""
    at, _, number = visit.request.query_params.get("sau", "").partition("~")
    try:
        place = Place(datetime.fromisoformat(at), int(number))
    except ValueError:
        return None
    known = place.at.tzinfo is not None and place.at.year in YEARS
    return place if known and 0 <= place.id <= MAX_ID else None


def _said(asked: dict[str, str]) -> list[str]:
    """What was asked for, for who reads it on paper."""
    labels = (
        ("tu-ngay", "từ ngày"),
        ("den-ngay", "đến ngày"),
        ("van-de", "vấn đề số"),
        ("phieu", "phiếu chuyển số"),
    )
    said = [f"{label} {asked[name]}" for name, label in labels if asked[name]]
    found = (NAMED.get(asked["loai"]), BY.get(asked["ai"]))
    return [*said, *(one.lower() for one in found if one)]


def _days(asked: dict[str, str], today: date) -> list[tuple[str, str]]:
    """Stretches of time that are asked for most, each with its address's query."""
    stretches = (("Hôm nay", 0, 0), ("Hôm qua", 1, 1), ("7 ngày qua", 6, 0))
    found = []
    for label, first, last in stretches:
        days = {"tu-ngay": vn_date(today - timedelta(first)), "den-ngay": vn_date(today - timedelta(last))}
        found.append((label, urlencode({name: value for name, value in (asked | days).items() if value})))
    return found


def _older(asked: dict[str, str], last: Event) -> str:
    place = {"sau": f"{last.at.isoformat()}~{last.id}"}
    return urlencode({name: value for name, value in asked.items() if value} | place)


def _agency_names(visit: Visit, rows: Sequence[Event]) -> dict[str, str]:
    """Those configured, and the communes that these rows name."""
    named = {row.before.get("agency") for row in rows} | {row.after.get("agency") for row in rows}
    named |= {row.actor.partition(":")[2] for row in rows if row.actor.startswith("agency:")}
    settings, today = visit.desk.settings, visit.desk.today
    communes = {
        str(key): found.name
        for key in named
        if isinstance(key, str) and (found := recipient(settings, key, today)) is not None
    }
    return dict(names.agencies_of(settings, today)) | communes


def _agencies_as_actors(visit: Visit, rows: Sequence[Event]) -> dict[str, str]:
    return {f"agency:{key}": name for key, name in _agency_names(visit, rows).items()}


def routes() -> list[Route]:
    return [Route("/nhat-ky", for_signed_in(audit, Action.VIEW_AUDIT), name="audit")]
