"""Signing in and out."""

import secrets
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import sessions
from web.accounts import check_password
from web.desk import Desk, desk_of
from web.forms import text
from web.visits import Visit, cookie_name, read_form, same

FORM_COOKIE_SECONDS = 3600
WRONG = "Tên tài khoản hoặc mật khẩu không đúng."
TOO_OFTEN = "Đã nhập sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc nhờ người vận hành."
OLD_FORM = "Trang đăng nhập đã cũ. Hãy nhập lại."
MAX_PASSWORD_LENGTH = 1000


async def login(request: Request) -> Response:
    form = await read_form(request)
    if request.method != "POST":
        return _form(request)
    return await run_in_threadpool(_sign_in, request, form)


def _sign_in(request: Request, form: FormData) -> Response:
    desk = desk_of(request)
    if not same(form.get("csrf"), request.cookies.get(_form_cookie(desk), secrets.token_urlsafe())):
        return _form(request, OLD_FORM, 403)
    name, password = text(form, "name")[:100], str(form.get("password", ""))
    address = request.client.host if request.client else ""
    if desk.throttle.refuses(name, address, desk.clock()):
        return _form(request, TOO_OFTEN, 429)
    user_id = check_password(desk.store, name, password) if len(password) <= MAX_PASSWORD_LENGTH else None
    if user_id is None:
        desk.throttle.failed(name, address, desk.clock())
        return _form(request, WRONG, 401)
    desk.throttle.succeeded(name, address)
    lasts = timedelta(hours=desk.own.session_hours)
    response = RedirectResponse(request.app.url_path_for("today"), 303)
    _set_cookie(
        response,
        desk,
        cookie_name(desk),
        sessions.sign_in(desk.store, desk.clock, user_id, lasts),
        seconds=int(lasts.total_seconds()),
    )
    response.delete_cookie(_form_cookie(desk), path="/", secure=desk.own.https, httponly=True, samesite="lax")
    return response


def _form(request: Request, problem: str | None = None, status: int = 200) -> Response:
    # There is no session yet to hold a token: the form's must equal a cookie's, which no other site can set.
    desk = desk_of(request)
    csrf = secrets.token_urlsafe(32)
    response = desk.render(request, "login.html", {"csrf": csrf, "problem": problem}, status)
    _set_cookie(response, desk, _form_cookie(desk), csrf, seconds=FORM_COOKIE_SECONDS)
    return response


def logout(visit: Visit) -> Response:
    token = visit.request.cookies[cookie_name(visit.desk)]
    sessions.sign_out(visit.desk.store, token)
    response = RedirectResponse(visit.request.app.url_path_for("login"), 303)
    response.delete_cookie(
        cookie_name(visit.desk), path="/", secure=visit.desk.own.https, httponly=True, samesite="lax"
    )
    return response


def _form_cookie(desk: Desk) -> str:
    return f"{cookie_name(desk)}-form"


def _set_cookie(response: Response, desk: Desk, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=desk.own.https, httponly=True, samesite="lax"
    )
