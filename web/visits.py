"""One request at the desk: who asks, whether they may, and what they sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from web import cookies, csrf
from web.bodies import check_charset
from web.convertors import use_numbers
from web.desk import Desk, desk_of
from web.done import done_of
from web.errors import error_page, page_above
from web.kept import LABELS, OF_AGENCIES, Refused
from web.permissions import AGENCY, Action, may
from web.sessions import SignedIn
from web.sign_in_form import sign_in_form
from web.uploads import FIELDS_BYTES, TooLarge, read_form_with_files

MAX_FORM_FIELDS = 500
"""An issue may have hundreds of articles to be ticked."""
HOME = {AGENCY: "own_referrals"}
LONGEST_PATH = 500
MAX_ID = 2**31 - 1
OLD_FORM = "Biểu mẫu đã cũ hoặc không do bàn làm việc này gửi. Hãy tải lại trang và làm lại."
NOTHING_WAS_DONE = (
    "Phiên làm việc đã hết, nên việc vừa gửi CHƯA được ghi. Hãy đăng nhập; trang ấy sẽ mở lại để làm lại."
)

# Before the first route is made.
use_numbers()


@dataclass(frozen=True)
class Visit:
    request: Request
    desk: Desk
    user: SignedIn
    form: FormData

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        always = {
            "user": self.user,
            "problem": None,
            "done": done_of(self.request.query_params),
            "typed": Refused(self.request.url.path, self.form),
            "printed": self.desk.clock(),
        }
        shown = always | context
        user = shown["user"]
        shown["user"] = replace(user, csrf_token=csrf.masked(user.csrf_token))
        return self.desk.render(self.request, template, shown, status)

    @property
    def id(self) -> int:
        """The number in the address; one that no row can bear is not found, not a database error."""
        number = int(self.request.path_params["id"])
        if number > MAX_ID:
            raise HTTPException(404)
        return number


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_signed_in(handler: Handler, action: Action = Action.VIEW, *, files: bool = False) -> Endpoint:
    """An endpoint that only a signed-in user with the right to `action` reaches.

    A POST must carry the session's own token, and may carry `files` where they are asked for. The handler
    runs in a thread: it may wait for the database.
    """
    return partial(_guarded, handler, action, files=files)


def action_of(endpoint: object) -> Action | None:
    """What one must have the right to; None for an endpoint that asks nobody who he is."""
    if isinstance(endpoint, partial) and endpoint.func is _guarded:
        action = endpoint.args[1]
        assert isinstance(action, Action)  # noqa: S101 - given by for_signed_in
        return action
    return None


def handler_of(endpoint: object) -> Handler | None:
    """What makes the page; None for an endpoint that asks nobody who he is."""
    if isinstance(endpoint, partial) and endpoint.func is _guarded:
        handler: Handler = endpoint.args[0]
        return handler
    return None


async def _guarded(handler: Handler, action: Action, request: Request, *, files: bool) -> Response:
    if not files or request.method != "POST":
        form = await read_form(request)
        return await desk_of(request).turns.take(request, partial(_serve, request, form, handler, action))
    # Before anything that is sent is read: who may not do this may send nothing.
    met = await run_in_threadpool(_meet, request, action)
    if met is None:
        return await _shown_again(request)
    if isinstance(met, Response):
        return met
    try:
        form = await read_form_with_files(request, desk_of(request).settings.attachments, MAX_FORM_FIELDS)
    except TooLarge as error:
        raise HTTPException(413) from error
    try:
        return await run_in_threadpool(_serve, request, form, handler, action)
    finally:
        # Files of a form lie on disk while they are read.
        await form.close()


async def _shown_again(request: Request) -> Response:
    """To who is signed in no more: what he typed beside his files, as far as anybody may send that much."""
    length = request.headers.get("content-length", "")
    short = length.isascii() and length.isdigit() and int(length) <= FIELDS_BYTES
    if not short or not _from_own_page(request):
        return _to_sign_in(request, FormData())
    form = await read_form_with_files(request, desk_of(request).settings.attachments, MAX_FORM_FIELDS)
    try:
        return await run_in_threadpool(_to_sign_in, request, form)
    finally:
        await form.close()


async def read_form(request: Request) -> FormData:
    if request.method != "POST":
        return FormData()
    check_charset(request)
    return await request.form(max_files=0, max_fields=MAX_FORM_FIELDS)


def _serve(request: Request, form: FormData, handler: Handler, action: Action) -> Response:
    met = _meet(request, action)
    if met is None:
        return _to_sign_in(request, form)
    if isinstance(met, Response):
        return met
    if request.method == "POST" and not csrf.is_of(met.csrf_token, form.get("csrf")):
        return _old_form(request, form)
    desk = desk_of(request)
    if request.method == "POST" and not desk.forms.admits(str(met.session_id), desk.clock()):
        raise HTTPException(429)
    answer = handler(Visit(request, desk, met, form))
    if met.to_be_noted:
        desk.afterwards.write(answer, f"session {met.session_id}", partial(desk.sessions.note, met))
    return answer


def _old_form(request: Request, form: FormData) -> Response:
    """Who signed in anew in another window has not lost what he typed in this one."""
    typed = {"problem": OLD_FORM, "typed": _typed(request, form)}
    shown = typed if _from_own_page(request) else {}
    return error_page(request, 403, "Biểu mẫu đã cũ", OLD_FORM, **shown)


def _meet(request: Request, action: Action) -> SignedIn | Response | None:
    """Who asks, or where he is sent instead; None: nobody is signed in.

    Raises HTTPException for who may not.
    """
    desk = desk_of(request)
    token = cookies.read(request, desk)
    user = desk.sessions.find(token) if token else None
    if user is None:
        return None
    if action != Action.OWN_ACCOUNT and _lacks_second_factor(desk, user):
        return RedirectResponse(request.app.url_path_for("own_second_factor"), 303)
    if not may(user.role, action):
        if request.url.path == request.app.url_path_for("today") != home(request, user.role):
            return RedirectResponse(home(request, user.role), 303)
        raise HTTPException(403, "Tài khoản của đồng chí không có quyền làm việc này.")
    return user


def _lacks_second_factor(desk: Desk, user: SignedIn) -> bool:
    return user.role in desk.own.totp_required and not (user.has_second_factor or user.vouched)


def _to_sign_in(request: Request, form: FormData) -> Response:
    """And from there back to the page that was asked for.

    A form that was sent is not sent again: it may be somebody else who signs in. What was typed into it is
    shown to who has just sent it from a page of the desk, for anybody may write such a form elsewhere.
    """
    path, url = request.app.url_path_for, request.url
    if request.method == "POST" and url.path != path("logout") and _from_own_page(request):
        tiep, typed = _page_of_form(request, form), _typed(request, form)
        return sign_in_form(request, "login.html", NOTHING_WAS_DONE, 401, tiep=tiep, typed=typed)
    asked = f"{url.path}?{url.query}" if url.query else url.path
    if request.method != "GET" or asked == path("today"):
        return RedirectResponse(path("login"), 303)
    return RedirectResponse(f"{path('login')}?{urlencode({'tiep': asked})}", 303)


def _typed(request: Request, form: FormData) -> Refused:
    return Refused(request.url.path, form, LABELS | OF_AGENCIES)


def _from_own_page(request: Request) -> bool:
    """As browsers tell with each form: a session's cookie is missing from another site's, too."""
    asked = request.headers
    origin = asked.get("origin", "").partition("://")[2]
    return asked.get("sec-fetch-site") == "same-origin" or origin == asked.get("host")


def _page_of_form(request: Request, form: FormData) -> str:
    """Where the form stood: as it says itself, else the nearest page above the address it went to."""
    if form.get("from") == "today":
        return str(request.app.url_path_for("today"))
    back = form.get("back")
    wanted = [back if isinstance(back, str) else "", request.url.path, page_above(request)]
    return next(filter(None, (own_path(request, one) for one in wanted)), "")


def own_path(request: Request, wanted: str) -> str | None:
    """`wanted` if it is the address of one of this desk's own pages, and never another site's."""
    # Browsers take a backslash for a slash and leave out tabs and line ends: "/\\example.com" is a host.
    if not wanted.startswith("/") or len(wanted) > LONGEST_PATH or not wanted.isprintable() or "\\" in wanted:
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or wanted.startswith("//"):
        return None
    asked = {"type": "http", "method": "GET", "path": parts.path, "root_path": "", "headers": []}
    found = (route for route in request.app.routes if isinstance(route, Route))
    known = any(
        route.matches(asked)[0] is Match.FULL and action_of(route.endpoint) is not None for route in found
    )
    return wanted if known else None


def home(request: Request, role: str) -> str:
    """Where somebody of this role begins the day."""
    return str(request.app.url_path_for(HOME.get(role, "today")))


def same(sent: object, expected: str) -> bool:
    return isinstance(sent, str) and compare_digest(sent.encode("utf-8", "surrogatepass"), expected.encode())
