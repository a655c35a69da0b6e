"""Sổ theo dõi: what the programme holds besides the issues, and what may be done with each entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline import names
from pipeline.registers import BY_SLUG, REGISTERS, Field, Register
from pipeline.review.registers import EntryContent
from pipeline.states import NotAllowed
from store.models import Issue, RegisterEntry
from store.queries import registers as queries
from store.queries.desk import posts
from web.forms import MAX_DIGITS, day, number, text
from web.pages.after import done_with
from web.paging import paging
from web.permissions import Action
from web.visits import Visit, for_signed_in

CONFLICT = 409
BEFORE_A_PROJECT = timedelta(days=30)
"""So long before a project begins, or was entered, concerns near it are shown."""
EARLIEST = date(1990, 1, 1)
"""No concern is older, and a day may be written of which there is none thirty days before."""
NEAR, NEAR_FIRST = 30, 5
"""concerns shown near a project: of the entry that is asked for, and of each in the list"""
SUGGESTED = 20
ROWS = 20
"""of a page: each brings a form of its own"""
ENTRY, TO_DO, CORRECT = "muc", "viec", "sua"
"""in an address: the entry that is to be seen, whole and with the form that corrects it; that form open"""


@dataclass(frozen=True)
class Row:
    entry: RegisterEntry
    places: str
    near: Sequence[queries.Near]
    more_near: bool
    """there are others"""


@dataclass(frozen=True)
class _Step:
    path: str
    action: Action
    do: Callable[[Visit], None]


def registers(visit: Visit) -> Response:
    """The first of them."""
    return RedirectResponse(_address(visit, next(iter(REGISTERS.values()))), 302)


def register(visit: Visit) -> Response:
    return register_page(visit, _of_address(visit))


def _of_address(visit: Visit) -> Register:
    found = BY_SLUG.get(visit.request.path_params["slug"])
    if found is None:
        raise HTTPException(404)
    return found


def _address(visit: Visit, shown: Register) -> str:
    return str(visit.request.app.url_path_for("register", slug=shown.slug))


def register_page(
    visit: Visit, shown: Register, problem: NotAllowed | None = None, status: int = 200
) -> Response:
    desk = visit.desk
    province = desk.settings.office.province
    with desk.store.read() as session:
        ids = queries.entry_ids(session, shown.key)
        asked = _asked_entry(visit, ids)
        part = paging(visit.request.query_params.get("trang", ""), len(ids), ROWS)
        if asked is not None:
            part = paging(str(ids.index(asked) // ROWS + 1), len(ids), ROWS)
        rows = _rows(session, queries.entries(session, ids[part.span]), asked)
        return visit.render(
            "registers.html",
            status,
            problem=problem,
            register=shown,
            registers=list(REGISTERS.values()),
            rows=rows,
            total=len(ids),
            page=part.page,
            pages=part.pages,
            asked=asked,
            correcting=visit.request.query_params.get(TO_DO) == CORRECT,
            posts=posts(session),
            histories=queries.histories(session, [row.entry.id for row in rows]),
            suggested=_suggested(session, shown),
            prefilled=_prefilled(visit, session, shown),
            places=[(province, names.place_name(province)), *names.units_of(province)],
            agencies=names.agencies_of(desk.settings, desk.today),
            today=desk.today,
            filled=filled,
        )


def _asked_entry(visit: Visit, ids: Sequence[int]) -> int | None:
    # A form that was refused stands with its own entry.
    written = visit.request.query_params.get(ENTRY) or str(visit.request.path_params.get("id", ""))
    is_number = written.isascii() and written.isdigit() and len(written) <= MAX_DIGITS
    return int(written) if is_number and int(written) in ids else None


def _rows(session: Session, entries: Sequence[RegisterEntry], asked: int | None) -> list[Row]:
    shown = {one.id: NEAR if one.id == asked else NEAR_FIRST for one in entries}
    watched = [one for one in entries if one.register == "project" and one.state == "open"]
    near = queries.concerns_near(
        session,
        [
            queries.Watched(one.id, tuple(one.unit_codes), _watched_since(one), shown[one.id] + 1)
            for one in watched
        ],
    )
    return [
        Row(
            entry,
            ", ".join(names.place_name(str(code)) for code in entry.unit_codes),
            near.get(entry.id, [])[: shown[entry.id]],
            len(near.get(entry.id, [])) > shown[entry.id],
        )
        for entry in entries
    ]


def _watched_since(project: RegisterEntry) -> datetime:
    begins = project.created_at
    if project.from_day is not None:
        begins = min(begins, datetime.combine(max(project.from_day, EARLIEST), begins.timetz()))
    return begins - BEFORE_A_PROJECT


def _suggested(session: Session, shown: Register) -> Sequence[Issue]:
    return queries.good_examples_to_enter(session, SUGGESTED) if shown.key == "good_example" else ()


def _prefilled(visit: Visit, session: Session, shown: Register) -> RegisterEntry:
    """An empty form, or one on the issue that the address names."""
    entry = RegisterEntry(register=shown.key, unit_codes=[], title="")
    asked = visit.request.query_params.get("van-de", "")
    issue = (
        session.get(Issue, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    )
    if issue is not None:
        entry.title, entry.issue_id, entry.topic = issue.title, issue.id, issue.topic
        code = issue.commune_code or issue.province_code
        entry.unit_codes = [code] if code else []
    return entry


def filled(entry: RegisterEntry, field: Field) -> Any:
    value = getattr(entry, field.name)
    return "" if value is None else value


def content_of(form: FormData, shown: Register) -> EntryContent:
    labels = {field.name: field.label for field in shown.fields}
    return EntryContent(
        title=text(form, "title"),
        text=text(form, "text") or None,
        topic=text(form, "topic") or None,
        unit_codes=tuple(code for code in form.getlist("unit_codes") if isinstance(code, str) and code),
        agency_name=text(form, "agency_name") or None,
        issue_id=number(form, "issue_id"),
        from_day=day(form, "from_day", labels.get("from_day", "Ngày")),
        until_day=day(form, "until_day", labels.get("until_day", "Ngày")),
        link=text(form, "link") or None,
    )


def _enter(visit: Visit) -> None:
    shown = _of_address(visit)
    visit.desk.review.enter(shown.key, content_of(visit.form, shown), visit.user.actor)


def _correct(visit: Visit) -> None:
    content = content_of(visit.form, _of_entry(visit))
    visit.desk.review.correct_entry(visit.id, content, visit.user.actor, seen_version=_seen(visit))


def _settle(visit: Visit) -> None:
    visit.desk.review.settle_entry(
        visit.id,
        visit.user.actor,
        outcome=text(visit.form, "outcome"),
        day=day(visit.form, "day", "Ngày"),
        link=text(visit.form, "link") or None,
        sooner=bool(text(visit.form, "sooner")),
        seen_version=_seen(visit),
    )


def _drop(visit: Visit) -> None:
    visit.desk.review.drop_entry(
        visit.id, visit.user.actor, text(visit.form, "why"), seen_version=_seen(visit)
    )


def _resume(visit: Visit) -> None:
    visit.desk.review.resume_entry(
        visit.id, visit.user.actor, text(visit.form, "why"), seen_version=_seen(visit)
    )


def _seen(visit: Visit) -> int | None:
    return number(visit.form, "seen_version")


def _of_entry(visit: Visit) -> Register:
    with visit.desk.store.read() as session:
        entry = session.get(RegisterEntry, visit.id)
        if entry is None:
            raise HTTPException(404)
        return REGISTERS[entry.register]


STEPS = (
    _Step("/so-theo-doi/{slug}", Action.ENTER, _enter),
    _Step("/muc-so/{id:int}/sua", Action.CORRECT_ENTRY, _correct),
    _Step("/muc-so/{id:int}/ket-qua", Action.SETTLE_ENTRY, _settle),
    _Step("/muc-so/{id:int}/thoi", Action.DROP_ENTRY, _drop),
    _Step("/muc-so/{id:int}/theo-doi-lai", Action.RESUME_ENTRY, _resume),
)


def routes() -> list[Route]:
    pages = [
        Route("/so-theo-doi", for_signed_in(registers), name="registers"),
        Route("/so-theo-doi/{slug}", for_signed_in(register), methods=["GET"], name="register"),
    ]
    steps = [
        Route(step.path, for_signed_in(_taking(step), step.action), methods=["POST"], name=step.action.value)
        for step in STEPS
    ]
    entries = [
        Route(step.path, for_signed_in(_with_form), methods=["GET"]) for step in STEPS if "{id" in step.path
    ]
    return [*pages, *steps, *entries]


def _with_form(visit: Visit) -> Response:
    """Whoever opens a form's address comes to the entry with the form."""
    return RedirectResponse(f"{_address(visit, _of_entry(visit))}?{ENTRY}={visit.id}#muc-{visit.id}", 303)


def _taking(step: _Step) -> Callable[[Visit], Response]:
    def take(visit: Visit) -> Response:
        shown = _of_address(visit) if "slug" in visit.request.path_params else _of_entry(visit)
        began = visit.desk.clock()
        try:
            step.do(visit)
        except NotAllowed as refusal:
            return register_page(visit, shown, refusal, CONFLICT)
        entry = "" if step.action is Action.ENTER else f"&{ENTRY}={visit.id}#muc-{visit.id}"
        done = done_with(visit, step.action, None, began)
        return RedirectResponse(f"{_address(visit, shown)}?{done.query()}{entry}", 303)

    return take
