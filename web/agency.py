"""The agency's page: one referral behind its signed link, without an account and without scripts."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline import names
from pipeline.answering.attachments import IN_WORDS
from pipeline.answering.links import PATH, Links, NoEntry
from pipeline.answering.page import AgencyAnswers, AlreadyTaken, opened
from pipeline.deadlines import Deadlines
from pipeline.documents.citation import SHOWN_SOURCES, citations
from pipeline.documents.issuing import number_and_symbol
from pipeline.documents.letter import office_contact
from pipeline.routing import COMMUNE, recipient
from pipeline.states import NotAllowed, allowed
from store.models import Referral
from store.queries.answers import last_words
from store.queries.reminders import extensions
from web.desk import Desk, desk_of
from web.forms import day, text
from web.pace import Pace
from web.uploads import TooLarge, files_of, read_form_with_files

MAX_FIELDS = 10
UNBOUNDED = 2**40
"""The body is counted in web.uploads, which can say in words that it is too large."""
VIEWS, WRONG_LINKS, FORMS = 300, 30, 20
PRIVATE = {
    # The address is the key to the page: it is told to no site and kept by no search engine.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
FORM_NAMES = ("tiep-nhan", "tra-loi", "tu-choi", "xin-them-han")
DONE = {
    "tiep-nhan": "Đã ghi nhận việc tiếp nhận phiếu.",
    "tra-loi": "Đã nhận trả lời của cơ quan. Cảm ơn cơ quan đã trả lời.",
    "tu-choi": "Đã ghi nhận ý kiến của cơ quan về cơ quan có thẩm quyền.",
    "xin-them-han": "Đã nhận đề nghị gia hạn. Thời hạn cũ còn nguyên cho đến khi có quyết định.",
    "lap": "Biểu mẫu này đã được nhận trước đó; không ghi thêm lần nữa.",
}
NO_ENTRY: dict[str, tuple[int, str, str]] = {
    "forged": (
        404,
        "Liên kết không đúng",
        "Địa chỉ bị thiếu hoặc sai ký tự. Hãy mở lại liên kết trong thư, hoặc chép đủ cả dòng.",
    ),
    "expired": (410, "Liên kết đã hết hạn", "Hãy đề nghị cấp liên kết mới, hoặc trả lời bằng văn bản."),
    "revoked": (
        410,
        "Liên kết đã được thay hoặc thu hồi",
        "Hãy dùng liên kết trong thư gần nhất; nếu không có, hãy đề nghị cấp liên kết mới.",
    ),
    "withdrawn": (410, "Phiếu chuyển đã được rút", "Cơ quan không phải trả lời phiếu này."),
    "ended": (410, "Vấn đề đã kết thúc", "Cơ quan không phải trả lời phiếu này nữa."),
    "often": (429, "Mở quá nhiều lần", "Hãy đợi 15 phút rồi mở lại liên kết."),
    "large": (
        413,
        "Tệp gửi kèm quá lớn",
        "Chưa ghi nhận gì. Hãy quay lại, bớt hoặc nén nhỏ tệp rồi gửi lại.",
    ),
    "form": (400, "Biểu mẫu không đọc được", "Chưa ghi nhận gì. Hãy mở lại liên kết trong thư và làm lại."),
    "disk": (503, "Chưa ghi được", "Hệ thống tạm thời chưa ghi được. Hãy thử lại sau ít phút."),
}


@dataclass(frozen=True)
class Agencies:
    """What the page has at hand beside the desk's own."""

    links: Links
    views: Pace = field(default_factory=lambda: Pace(VIEWS))
    wrong: Pace = field(default_factory=lambda: Pace(WRONG_LINKS))
    forms: Pace = field(default_factory=lambda: Pace(FORMS))


class Refused(Exception):
    """Nothing is shown but why; a key of NO_ENTRY."""


def routes(agencies: Agencies) -> list[Route]:
    async def page(request: Request) -> Response:
        try:
            response = await _serve(request, agencies)
        except Refused as refused:
            response = _no_entry(request, str(refused))
        response.headers.update(PRIVATE)
        return response

    return [
        Route(
            PATH + "{token}",
            page,
            methods=["GET", "POST"],
            name="agency_page",
            middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=UNBOUNDED)],
        )
    ]


async def _serve(request: Request, agencies: Agencies) -> Response:
    # Before anything that is sent is read: who has no link may send nothing.
    await run_in_threadpool(_admit, request, agencies)
    if request.method != "POST":
        return await run_in_threadpool(_show, request, agencies)
    try:
        form = await read_form_with_files(request, desk_of(request).settings.attachments, MAX_FIELDS)
    except TooLarge as error:
        raise Refused("large") from error
    except HTTPException as error:
        raise Refused("form") from error
    try:
        return await run_in_threadpool(_take, request, agencies, form)
    finally:
        # Files of a form lie on disk while they are read.
        await form.close()


def _admit(request: Request, agencies: Agencies) -> None:
    """Limits are for each link, and for each address only where a link is wrong: all agencies may come
    through one proxy, and a stranger must not shut them out."""
    desk, now = desk_of(request), desk_of(request).clock()
    try:
        with desk.store.read() as session:
            link = str(_opened(request, agencies, session, desk).id)
    except NoEntry as error:
        address = request.client.host if request.client else ""
        _within(agencies.wrong, address, now)
        raise Refused(error.reason) from error
    _within(agencies.views, link, now)
    if request.method == "POST":
        _within(agencies.forms, link, now)


def _within(pace: Pace, key: str, now: datetime) -> None:
    if not pace.admits(key, now):
        raise Refused("often")


def _opened(request: Request, agencies: Agencies, session: Session, desk: Desk) -> Referral:
    return opened(session, agencies.links, request.path_params["token"], desk.clock())


def _take(request: Request, agencies: Agencies, form: FormData) -> Response:
    """One step, then the page again by another address line, so that reloading it sends nothing."""
    desk, what = desk_of(request), text(form, "viec")
    step = STEPS.get(what)
    if step is None:
        raise Refused("form")
    answers = AgencyAnswers(desk.store, desk.settings, desk.clock, agencies.links)
    try:
        step(answers, request.path_params["token"], form, desk)
    except NotAllowed as problem:
        return _show(request, agencies, problem=str(problem), typed=form, status=409)
    except AlreadyTaken:
        what = "lap"
    except NoEntry as error:
        raise Refused(error.reason) from error
    except OSError as error:
        raise Refused("disk") from error
    return RedirectResponse(f"{request.url.path}?xong={what}", 303, headers=PRIVATE)


def _acknowledge(answers: AgencyAnswers, token: str, form: FormData, _desk: Desk) -> None:
    answers.acknowledge(token, text(form, "bieu-mau"))


def _answer(answers: AgencyAnswers, token: str, form: FormData, desk: Desk) -> None:
    answers.answer(
        token,
        text(form, "bieu-mau"),
        text=text(form, "noi-dung"),
        document_number=text(form, "so-van-ban"),
        files=files_of(form, "tep", desk.settings.attachments),
    )


def _refuse(answers: AgencyAnswers, token: str, form: FormData, _desk: Desk) -> None:
    body, why = text(form, "co-quan"), text(form, "ly-do-tu-choi")
    answers.refuse(token, text(form, "bieu-mau"), body=body, why=why)


def _ask_for_time(answers: AgencyAnswers, token: str, form: FormData, _desk: Desk) -> None:
    until = day(form, "den-ngay", "Xin gia hạn đến")
    answers.ask_for_time(token, text(form, "bieu-mau"), until=until, why=text(form, "ly-do-xin"))


STEPS: Mapping[str, Callable[[AgencyAnswers, str, FormData, Desk], None]] = dict(
    zip(FORM_NAMES, (_acknowledge, _answer, _refuse, _ask_for_time), strict=True)
)


def _show(
    request: Request,
    agencies: Agencies,
    *,
    problem: str | None = None,
    typed: FormData | None = None,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    now = desk.clock()
    try:
        with desk.store.read() as session:
            referral = _opened(request, agencies, session, desk)
            context = _context(session, desk, referral)
            return desk.render(
                request,
                "agency.html",
                context
                | {
                    "problem": problem,
                    "done": DONE.get(request.query_params.get("xong", "")) if problem is None else None,
                    "typed": {name: text(typed, name) for name in typed} if typed else {},
                    "forms": {name: secrets.token_urlsafe(16) for name in FORM_NAMES},
                    "now": now,
                },
                status,
            )
    except NoEntry as error:
        raise Refused(error.reason) from error


def _context(session: Session, desk: Desk, referral: Referral) -> dict[str, Any]:
    settings, issue = desk.settings, referral.issue
    agencies = [name for key, name in names.agencies_of(settings, desk.today) if key != referral.agency_key]
    own = recipient(settings, COMMUNE, desk.today, issue.commune_code)
    if own and own.key != referral.agency_key:
        agencies = [own.name, *agencies]
    sources = citations(issue)
    return {
        "referral": referral,
        "letter_number": number_and_symbol(settings.office, "letter", referral.number),
        "issue": issue,
        "deadlines": Deadlines(settings, desk.clock(), extensions(session, [referral.id])),
        "sources": sources[:SHOWN_SOURCES],
        "more_sources": len(sources) - len(sources[:SHOWN_SOURCES]),
        "contact": office_contact(settings.office),
        "agencies": agencies,
        "may_acknowledge": allowed(referral, "acknowledged"),
        "may_answer": allowed(referral, "answered"),
        "may_refuse": allowed(referral, "refused"),
        "returned_because": last_words(session, referral.id, "returned"),
        "declined_because": last_words(session, referral.id, "time_declined"),
        "limits": settings.attachments,
        "types": ", ".join(dict.fromkeys(IN_WORDS[kind] for kind in settings.attachments.types)),
        "endings": ",".join(f".{kind}" for kind in settings.attachments.types),
    }


def _no_entry(request: Request, reason: str) -> Response:
    desk = desk_of(request)
    status, heading, remedy = NO_ENTRY[reason]
    context = {"heading": heading, "remedy": remedy, "contact": office_contact(desk.settings.office)}
    return desk.render(request, "agency_error.html", context, status)
