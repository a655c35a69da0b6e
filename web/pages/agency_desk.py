"""For an account of an agency's unit: what has been sent to that agency, one referral with the acts of the
signed link's page, and the agency's own upcoming projects. Nothing else can be reached from here."""

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline import names
from pipeline.answering.links import NoEntry
from pipeline.answering.page import AccountDoor, AgencyAnswers, AlreadyTaken
from pipeline.deadlines import Deadlines
from pipeline.documents.letter import office_contact
from pipeline.registers import REGISTERS
from pipeline.states import NotAllowed
from store.models import Referral, RegisterEntry
from store.queries import referrals, registers
from store.queries.reminders import extensions
from web.agency_forms import AGAIN, STEPS, context_of
from web.forms import number, text
from web.pages.documents import letter_file
from web.pages.referrals import page_of
from web.pages.registers import content_of, filled
from web.permissions import Action
from web.uploads import UNBOUNDED
from web.visits import Visit, for_signed_in

ROWS = 50
"""of each list"""
PROJECTS = 200
CONFLICT = 409
PROJECT = REGISTERS["project"]
ENTERED, CORRECTED = "da-ghi", "da-sua"


def own_referrals(visit: Visit) -> Response:
    now, asked = visit.desk.clock(), visit.request.query_params
    page, waiting_page = page_of(asked.get("trang", "")), page_of(asked.get("cho", ""))
    with visit.desk.store.read() as session:
        waiting = referrals.waiting_at(
            session, _agency(visit), now, limit=ROWS, offset=(waiting_page - 1) * ROWS
        )
        sent = referrals.sent_to(session, _agency(visit), limit=ROWS, offset=(page - 1) * ROWS)
        moved = extensions(session, {one.id for one in (*waiting.rows, *sent.rows)})
        return visit.render(
            "own_referrals.html",
            waiting=waiting,
            waiting_page=waiting_page,
            waiting_pages=max(1, -(-waiting.total // ROWS)),
            sent=sent,
            deadlines=Deadlines(visit.desk.settings, now, moved),
            page=page,
            pages=max(1, -(-sent.total // ROWS)),
            contact=office_contact(visit.desk.settings.office),
        )


def own_referral(visit: Visit) -> Response:
    return _referral(visit)


def _referral(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    with visit.desk.store.read() as session:
        shown = _own(visit, session)
        done = visit.request.query_params.get("xong", "")
        context = context_of(session, visit.desk, shown, problem, visit.form if problem else None, done)
        return visit.render("own_referral.html", status, **context)


def answer(visit: Visit) -> Response:
    """One step by the agency, as behind the signed link."""
    what = text(visit.form, "viec")
    step = STEPS.get(what)
    if step is None:
        raise HTTPException(400)
    desk = visit.desk
    door = AccountDoor(visit.id, _agency(visit), visit.user.actor)
    try:
        step(AgencyAnswers(desk.store, desk.settings, desk.clock, door), visit.form, desk)
    except NotAllowed as problem:
        return _referral(visit, str(problem), CONFLICT)
    except AlreadyTaken:
        what = AGAIN
    except NoEntry as error:
        raise HTTPException(404) from error
    return RedirectResponse(f"{visit.request.url.path}?xong={what}", 303)


def own_letter(visit: Visit) -> Response:
    with visit.desk.store.read() as session:
        return letter_file(visit.desk, visit.id, _own(visit, session).letter_path)


def own_projects(visit: Visit) -> Response:
    return _projects(visit)


def _projects(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    desk = visit.desk
    province = desk.settings.office.province
    with desk.store.read() as session:
        entries = registers.entries_of_agency(session, _agency(visit), PROJECTS)
        done = visit.request.query_params.get("xong", "")
        return visit.render(
            "own_projects.html",
            status,
            problem=problem,
            finished={ENTERED: "Đã ghi dự án.", CORRECTED: "Đã sửa dự án."}.get(done),
            register=PROJECT,
            fields=[field for field in PROJECT.fields if field.name != "agency_name"],
            entries=entries,
            blank=RegisterEntry(register=PROJECT.key, unit_codes=[], title=""),
            places=[(province, names.place_name(province)), *names.units_of(province)],
            place_name=names.place_name,
            filled=filled,
        )


def enter_project(visit: Visit) -> Response:
    try:
        content = content_of(visit.form, PROJECT)
        visit.desk.review.enter_project_of(_agency(visit), content, visit.user.actor)
    except NotAllowed as problem:
        return _projects(visit, str(problem), CONFLICT)
    return _to_projects(visit, ENTERED)


def correct_project(visit: Visit) -> Response:
    with visit.desk.store.read() as session:
        if registers.entry_of_agency(session, visit.id, _agency(visit)) is None:
            raise HTTPException(404)
    try:
        visit.desk.review.correct_project_of(
            _agency(visit),
            visit.id,
            content_of(visit.form, PROJECT),
            visit.user.actor,
            seen_version=number(visit.form, "seen_version"),
        )
    except NotAllowed as problem:
        return _projects(visit, str(problem), CONFLICT)
    return _to_projects(visit, CORRECTED)


def _to_projects(visit: Visit, done: str) -> Response:
    return RedirectResponse(f"{visit.request.app.url_path_for('own_projects')}?xong={done}", 303)


def _own(visit: Visit, session: Session) -> Referral:
    """404 for another agency's as for one that is not there: neither is told of."""
    found = referrals.sent_one(session, _agency(visit), visit.id)
    if found is None:
        raise HTTPException(404)
    return found


def _agency(visit: Visit) -> str:
    if visit.user.agency_key is None:
        raise HTTPException(404)
    return visit.user.agency_key


def routes() -> list[Route]:
    see, act = Action.OWN_REFERRALS, Action.ANSWER_REFERRAL
    return [
        Route("/co-quan", for_signed_in(own_referrals, see), name="own_referrals"),
        Route(
            "/co-quan/phieu/{id:int}",
            for_signed_in(own_referral, see),
            methods=["GET"],
            name="own_referral",
        ),
        Route(
            "/co-quan/phieu/{id:int}",
            for_signed_in(answer, act, files=True),
            methods=["POST"],
            name="answer_referral",
            middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=UNBOUNDED)],
        ),
        Route("/co-quan/phieu/{id:int}/thu.docx", for_signed_in(own_letter, see), name="own_letter"),
        Route("/co-quan/du-an", for_signed_in(own_projects, see), methods=["GET"], name="own_projects"),
        Route(
            "/co-quan/du-an",
            for_signed_in(enter_project, act),
            methods=["POST"],
            name="enter_project",
        ),
        Route(
            "/co-quan/du-an/{id:int}",
            for_signed_in(correct_project, act),
            methods=["POST"],
            name="correct_project",
        ),
    ]
