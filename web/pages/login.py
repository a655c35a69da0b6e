"""Signing in and out: the password, then the telephone's code; and a new password by a one-time code."""

import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web import cookies, csrf
from web.accounts import AccountError
from web.desk import desk_of
from web.forms import text
from web.passwords import Busy
from web.permissions import Action
from web.sign_in_form import sign_in_form
from web.signing_in import BROWSER_IS_KNOWN, Entered, GuessedAt, SigningIn, TooOften, Wrong
from web.visits import Visit, for_signed_in, home, own_path, read_form

LONGEST_NAME = 100
WRONG = "Tên tài khoản hoặc mật khẩu không đúng."
WRONG_CODE = "Mã không đúng, đã dùng hoặc đã quá giờ. Hãy chờ mã mới trên điện thoại rồi nhập lại."
GUESSED_AT = (
    "Tài khoản này đã bị nhập sai mã quá nhiều lần, nên mã trên điện thoại không còn dùng được. "
    "Hãy nhập một mã dự phòng, hoặc báo người vận hành."
)
WRONG_ONE_TIME_CODE = "Tên tài khoản hoặc mã một lần không đúng, hoặc mã đã hết hạn."
BUSY = "Đang có quá nhiều lần đăng nhập cùng lúc. Hãy thử lại sau ít giây."
TOO_OFTEN = "Đã nhập sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc nhờ người vận hành."
OLD_FORM = "Trang đăng nhập đã cũ. Hãy nhập lại."
NOT_THE_SAME = "Hai lần nhập mật khẩu mới không giống nhau."

NO_FORM = FormData()

Page = Callable[[Request, FormData], Response]


def _page(show: Page, take: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page that needs no session; its form counts only where it was given out by this desk."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await desk_of(request).turns.take(request, partial(_serve, request, form, show, take))

    return endpoint


def _serve(request: Request, form: FormData, show: Page, take: Page) -> Response:
    if request.method != "POST":
        return show(request, form)
    expected = cookies.read(request, desk_of(request), cookies.FORM) or secrets.token_urlsafe()
    if not csrf.is_of(expected, form.get("csrf")):
        return sign_in_form(request, "login.html", OLD_FORM, 403, tiep=next_page(request, form))
    return take(request, form)


def _show_login(request: Request, form: FormData) -> Response:
    return sign_in_form(request, "login.html", tiep=next_page(request, form))


def _take_login(request: Request, form: FormData) -> Response:
    tiep = next_page(request, form)
    try:
        name, password = text(form, "name")[:LONGEST_NAME], str(form.get("password", ""))
        entered = SigningIn(desk_of(request), request).by_password(name, password)
    except (Wrong, TooOften, Busy) as refusal:
        return _refused(request, "login.html", refusal, WRONG, tiep=tiep)
    response = let_in(request, entered, tiep)
    cookies.take_back(response, desk_of(request), cookies.SSO_END)
    return response


def _show_second_step(request: Request, form: FormData) -> Response:
    return sign_in_form(request, "login_code.html", tiep=next_page(request, form))


def _take_second_step(request: Request, form: FormData) -> Response:
    desk, tiep = desk_of(request), next_page(request, form)
    token = cookies.read(request, desk)
    if desk.sessions.find(token, awaits_code=True) is None:
        return sign_in_form(request, "login.html", OLD_FORM, 403, tiep=tiep)
    try:
        entered = SigningIn(desk, request).second_step(token, str(form.get("code", ""))[:LONGEST_NAME])
    except (Wrong, TooOften) as refusal:
        wrong = GUESSED_AT if isinstance(refusal, GuessedAt) else WRONG_CODE
        return _refused(request, "login_code.html", refusal, wrong, tiep=tiep)
    return let_in(request, entered, tiep)


def _show_new_password(request: Request, _form_data: FormData) -> Response:
    return sign_in_form(request, "new_password.html")


def _take_new_password(request: Request, form: FormData) -> Response:
    """By the code that an operator has given: no password ever goes through an operator's hands."""
    password, again = str(form.get("password", "")), str(form.get("again", ""))
    if password != again:
        return sign_in_form(request, "new_password.html", NOT_THE_SAME, 409)
    try:
        name, code = text(form, "name")[:LONGEST_NAME], text(form, "code")[:LONGEST_NAME]
        SigningIn(desk_of(request), request).set_password(name, code, password)
    except (Wrong, TooOften, Busy) as refusal:
        return _refused(request, "new_password.html", refusal, WRONG_ONE_TIME_CODE)
    except AccountError as refusal:
        return sign_in_form(request, "new_password.html", refusal.in_vietnamese, 409)
    return RedirectResponse(f"{request.app.url_path_for('login')}?xong=mat-khau", 303)


def let_in(request: Request, entered: Entered, tiep: str = "") -> Response:
    """To the page that was asked for; whatever session the browser had before is over."""
    desk = desk_of(request)
    desk.sessions.close(cookies.read(request, desk))
    path = request.app.url_path_for
    if entered.awaits_code:
        asked = f"?{urlencode({'tiep': tiep})}" if tiep else ""
        response = RedirectResponse(f"{path('login_code')}{asked}", 303)
    else:
        user = desk.sessions.find(entered.token)
        response = RedirectResponse(tiep or (home(request, user.role) if user else path("login")), 303)
        cookies.take_back(response, desk, cookies.FORM)
    seconds = desk.own.session_hours * 3600
    cookies.give(response, desk, cookies.SESSION, entered.token, seconds=seconds)
    if entered.browser:
        known = int(BROWSER_IS_KNOWN.total_seconds())
        cookies.give(response, desk, cookies.KNOWN, entered.browser, seconds=known)
    return response


def next_page(request: Request, form: FormData = NO_FORM) -> str:
    """The page of this desk that was asked for before signing in; anything else is none."""
    wanted = text(form, "tiep") if request.method == "POST" else request.query_params.get("tiep", "")
    return own_path(request, wanted) or ""


def _refused(request: Request, template: str, refusal: Exception, wrong: str, **context: Any) -> Response:
    if isinstance(refusal, TooOften):
        return sign_in_form(request, template, TOO_OFTEN, 429, **context)
    if isinstance(refusal, Busy):
        return sign_in_form(request, template, BUSY, 503, **context)
    return sign_in_form(request, template, wrong, 401, **context)


def _logout(visit: Visit) -> Response:
    """Whoever came by single sign-on is still signed in there, and may end that, too."""
    visit.desk.sessions.close(cookies.read(visit.request, visit.desk))
    by_sso = visit.desk.own.oidc is not None and cookies.read(visit.request, visit.desk, cookies.SSO_END)
    next_page = visit.request.app.url_path_for("sso_end" if by_sso else "login")
    response = RedirectResponse(next_page, 303)
    cookies.take_back(response, visit.desk)
    return response


def sign_in_page(request: Request, problem: str, status: int) -> Response:
    """The page again, saying why single sign-on has let nobody in."""
    return sign_in_form(request, "login.html", problem, status, tiep="")


def routes() -> list[Route]:
    both = ["GET", "POST"]
    return [
        Route("/dang-nhap", _page(_show_login, _take_login), methods=both, name="login"),
        Route("/dang-nhap/ma", _page(_show_second_step, _take_second_step), methods=both, name="login_code"),
        Route(
            "/mat-khau-moi", _page(_show_new_password, _take_new_password), methods=both, name="new_password"
        ),
        Route("/dang-xuat", for_signed_in(_logout, Action.OWN_ACCOUNT), methods=["POST"], name="logout"),
    ]
