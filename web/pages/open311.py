"""Open311 GeoReport v2, for reading only: issues without personal data, for agencies' systems to poll.

Off unless config.yaml has `desk.open311`. Nobody signs in: what stands here may stand in a newspaper.
http://wiki.open311.org/GeoReport_v2
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from lxml import etree
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline import names
from pipeline.clock import LOCAL, local
from pipeline.documents.printable import printable
from store.queries.told_to_all import CLOSED_STATES, OPEN_STATES, ForAll, Wanted, changed_at, issues_for_all
from web.callers import caller
from web.desk import Desk, desk_of
from web.pace import Pace
from web.settings import Open311

MOST = 1000
ASKED = 300
"""in a quarter of an hour, from one address"""
LONGEST_SPAN = timedelta(days=90)
MAX_ID = 2**31 - 1
Row = dict[str, Any]
Answer = Callable[[Desk, Open311, Request], Sequence[Row]]


class Refusal(Exception):
    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


def routes(settings: Open311) -> list[Route]:
    return [
        _route(settings, "/services.{form}", _services, "services", "service"),
        _route(settings, "/requests.{form}", _requests, "service_requests", "request"),
        _route(settings, "/requests/{id}.{form}", _one, "service_requests", "request"),
        _route(settings, "/services/{code}.{form}", _definition, "service_definition", "attribute"),
    ]


def _route(settings: Open311, path: str, answer: Answer, name: str, row_name: str) -> Route:
    def answered(request: Request) -> Response:
        form = request.path_params["form"]
        if form not in ("json", "xml"):
            return Response("Only .json and .xml are offered.", 404, media_type="text/plain")
        try:
            _check(settings, request)
            _slow_down(request)
            rows = answer(desk_of(request), settings, request)
        except Refusal as refusal:
            error = {"code": refusal.code, "description": str(refusal)}
            return _written(form, [error], "errors", "error", refusal.code)
        return _written(form, rows, name, row_name)

    async def endpoint(request: Request) -> Response:
        return await desk_of(request).turns.take(request, partial(answered, request))

    return Route(f"/open311/v2{path}", endpoint, methods=["GET", "POST"])


def _slow_down(request: Request) -> None:
    """One call may read a thousand issues, and anybody may ask."""
    desk = desk_of(request)
    if not Pace(desk.store.data_dir, "open311", ASKED).admits(caller(request), desk.clock()):
        raise Refusal(429, "too many requests: come again in 15 minutes")


def _check(settings: Open311, request: Request) -> None:
    if request.method not in ("GET", "HEAD"):
        raise Refusal(405, "this service is for reading only")
    named = request.query_params.get("jurisdiction_id")
    if named is not None and named != settings.jurisdiction_id:
        raise Refusal(404, "jurisdiction_id provided was not found")


def _services(desk: Desk, _settings: Open311, _request: Request) -> list[Row]:
    return [
        {
            "service_code": key,
            "service_name": name,
            "description": name,
            "metadata": False,
            "type": "batch",
            "keywords": "",
            "group": "",
        }
        for key, name in names.topics(desk.settings).items()
    ]


def _definition(_desk: Desk, _settings: Open311, _request: Request) -> list[Row]:
    raise Refusal(404, "service_code provided was not found, or it has no definition (metadata is false)")


def _one(desk: Desk, _settings: Open311, request: Request) -> list[Row]:
    with desk.store.read() as session:
        ids = _ids(request.path_params["id"])
        found = _rows(session, desk, issues_for_all(session, Wanted(ids=ids), limit=1))
    if not found:
        raise Refusal(404, "service_request_id provided was not found")
    return found


def _requests(desk: Desk, settings: Open311, request: Request) -> list[Row]:
    asked = request.query_params
    size = min(_number(asked.get("page_size"), "page_size", settings.page_size), MOST)
    page = _number(asked.get("page"), "page", 1)
    with desk.store.read() as session:
        wanted = _wanted(desk, request)
        found = issues_for_all(session, wanted, limit=size, offset=(page - 1) * size)
        return _rows(session, desk, found)


def _wanted(desk: Desk, request: Request) -> Wanted:
    """The standard's filters; service_request_id overrides all others."""
    asked = request.query_params
    if "service_request_id" in asked:
        return Wanted(ids=_ids(asked["service_request_id"]))
    since, until = _span(asked.get("start_date"), asked.get("end_date"), desk.clock())
    return Wanted(
        states=_states(asked.get("status")),
        topics=_topics(desk, asked.get("service_code")),
        since=since,
        until=until,
    )


def _ids(text: str) -> tuple[int, ...]:
    """What no number of ours can be is not found; as text it is no mistake of form."""
    parts = [part.strip() for part in text.split(",")][:MOST]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 11]
    return tuple(number for number in numbers if number <= MAX_ID)


def _states(text: str | None) -> tuple[str, ...]:
    if text is None:
        return (*OPEN_STATES, *CLOSED_STATES)
    named = {part.strip() for part in text.split(",")}
    if not named <= {"open", "closed"}:
        raise Refusal(400, "status must be open, closed or both with a comma")
    return (*(OPEN_STATES if "open" in named else ()), *(CLOSED_STATES if "closed" in named else ()))


def _topics(desk: Desk, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    named = tuple(part.strip() for part in text.split(","))
    unknown = set(named) - set(names.topics(desk.settings))
    if unknown:
        raise Refusal(404, "service_code provided was not found")
    return named


def _span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Without dates the last 90 days; a longer span is refused, as the standard has it."""
    first, last = _moment(start, "start_date"), _moment(end, "end_date")
    try:
        until = last or (first + LONGEST_SPAN if first else now)
        since = first or until - LONGEST_SPAN
    except OverflowError as error:
        raise Refusal(400, "start_date and end_date must be dates of our time") from error
    if until < since:
        raise Refusal(400, "end_date lies before start_date")
    if until - since > LONGEST_SPAN:
        raise Refusal(400, "start_date and end_date may not span more than 90 days")
    return since, until


def _moment(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    try:
        # In an address an unescaped "+" of a zone has become a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(400, f"{name} must be a time such as 2026-11-20T07:00:00+07:00") from error


def _number(text: str | None, name: str, usual: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise Refusal(400, f"{name} must be a number from 1 on")
    return int(text)


def _rows(session: Session, desk: Desk, issues: Sequence[ForAll]) -> list[Row]:
    changed, topics = changed_at(session, issues), names.topics(desk.settings)
    return [_row(topics, issue, changed.get(issue.id, issue.detected_at)) for issue in issues]


def _row(topics: Mapping[str, str], issue: ForAll, updated: datetime) -> Row:
    lead = issue.lead
    closed = issue.state in CLOSED_STATES
    return {
        "service_request_id": str(issue.id),
        "status": "closed" if closed else "open",
        "status_notes": names.OUTCOME_IN_WORDS.get(issue.outcome or "", "") if closed else "",
        "service_name": topics.get(issue.topic, issue.topic),
        "service_code": issue.topic,
        "description": issue.title,
        "agency_responsible": lead.agency_name if lead else "",
        "service_notice": "",
        "requested_datetime": _written_moment(issue.first_seen_at),
        "updated_datetime": _written_moment(updated),
        "expected_datetime": _written_moment(lead.deadline_at) if lead and not closed else None,
        "address": issue.place_name or "",
        "address_id": issue.commune_code or issue.province_code or "",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _written_moment(moment: datetime | None) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment else None


def _written(form: str, rows: Sequence[Row], name: str, row_name: str, status: int = 200) -> Response:
    if form == "json":
        content = json.dumps(rows, ensure_ascii=False).encode()
        return Response(content, status, media_type="application/json; charset=utf-8")
    root = etree.Element(name)
    for row in rows:
        element = etree.SubElement(root, row_name)
        for key, value in row.items():
            etree.SubElement(element, key).text = _text(value)
    content = bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    return Response(content, status, media_type="text/xml; charset=utf-8")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else printable(str(value))
