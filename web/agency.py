"""The agency's page: one referral behind its signed link, without an account and without scripts."""

from functools import partial

from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.answering.links import PATH, Links, NoEntry
from pipeline.answering.page import AgencyAnswers, AlreadyTaken, LinkDoor, opened
from pipeline.documents.letter import office_contact
from pipeline.states import NotAllowed
from store.models import Referral
from web.agency_forms import AGAIN, STEPS, context_of
from web.callers import caller
from web.desk import Desk, desk_of
from web.forms import text
from web.pace import Pace
from web.uploads import UNBOUNDED, TooLarge, read_form_with_files

MAX_FIELDS = 10
VIEWS, WRONG_LINKS, FORMS = 300, 30, 20
PRIVATE = {
    # The address is the key to the page: it is told to no site and kept by no search engine.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
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
    "sent often": (
        429,
        "Gửi quá nhiều lần",
        "Chưa ghi nhận lần gửi này; những lần đã báo “Xong” vẫn giữ. Hãy đợi 15 phút rồi mở lại và gửi lại.",
    ),
    "large": (
        413,
        "Tệp gửi kèm quá lớn",
        "Chưa ghi nhận gì. Hãy quay lại, bớt hoặc nén nhỏ tệp rồi gửi lại.",
    ),
    "form": (400, "Biểu mẫu không đọc được", "Chưa ghi nhận gì. Hãy mở lại liên kết trong thư và làm lại."),
    "disk": (503, "Chưa ghi được", "Hệ thống tạm thời chưa ghi được. Hãy thử lại sau ít phút."),
}


class Refused(Exception):
    """Nothing is shown but why; a key of NO_ENTRY."""


def routes(links: Links) -> list[Route]:
    async def page(request: Request) -> Response:
        try:
            response = await _serve(request, links)
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


async def _serve(request: Request, links: Links) -> Response:
    # Before anything that is sent is read: who has no link may send nothing.
    turns = desk_of(request).turns
    await turns.take(request, partial(_admit, request, links))
    if request.method != "POST":
        return await turns.take(request, partial(_show, request, links))
    try:
        form = await read_form_with_files(request, desk_of(request).settings.attachments, MAX_FIELDS)
    except TooLarge as error:
        raise Refused("large") from error
    except HTTPException as error:
        raise Refused("form") from error
    try:
        return await turns.take(request, partial(_take, request, links, form))
    finally:
        # Files of a form lie on disk while they are read.
        await form.close()


def _admit(request: Request, links: Links) -> None:
    """Limits are for each link, and for each address only where a link is wrong: all agencies may come
    through one proxy, and a stranger must not shut them out."""
    desk = desk_of(request)
    try:
        with desk.store.read() as session:
            link = str(_opened(request, links, session, desk).id)
    except NoEntry as error:
        _within(desk, "wrong links", WRONG_LINKS, caller(request), "often")
        raise Refused(error.reason) from error
    _within(desk, "views of a link", VIEWS, link, "often")
    if request.method == "POST":
        # Taken or refused: who holds a link may not fill the store by it.
        _within(desk, "forms of a link", FORMS, link, "sent often")


def _within(desk: Desk, what: str, limit: int, key: str, reason: str) -> None:
    if not Pace(desk.store.data_dir, what, limit).admits(key, desk.clock()):
        raise Refused(reason)


def _opened(request: Request, links: Links, session: Session, desk: Desk) -> Referral:
    return opened(session, links, request.path_params["token"], desk.clock())


def _take(request: Request, links: Links, form: FormData) -> Response:
    """One step, then the page again by another address line, so that reloading it sends nothing."""
    desk, what = desk_of(request), text(form, "viec")
    step = STEPS.get(what)
    if step is None:
        raise Refused("form")
    door = LinkDoor(links, request.path_params["token"])
    try:
        step(AgencyAnswers(desk.store, desk.settings, desk.clock, door), form, desk)
    except NotAllowed as problem:
        return _show(request, links, problem=str(problem), typed=form, status=409)
    except AlreadyTaken:
        what = AGAIN
    except NoEntry as error:
        raise Refused(error.reason) from error
    except OSError as error:
        raise Refused("disk") from error
    return RedirectResponse(f"{request.url.path}?xong={what}", 303, headers=PRIVATE)


def _show(
    request: Request,
    links: Links,
    *,
    problem: str | None = None,
    typed: FormData | None = None,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    try:
        with desk.store.read() as session:
            referral = _opened(request, links, session, desk)
            done = request.query_params.get("xong", "")
            context = context_of(session, desk, referral, problem, typed, done)
            return desk.render(request, "agency.html", context, status)
    except NoEntry as error:
        raise Refused(error.reason) from error


def _no_entry(request: Request, reason: str) -> Response:
    desk = desk_of(request)
    status, heading, remedy = NO_ENTRY[reason]
    context = {"heading": heading, "remedy": remedy, "contact": office_contact(desk.settings.office)}
    return desk.render(request, "agency_error.html", context, status)
