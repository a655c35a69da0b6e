"""Tài khoản của tôi: one's own password, second factor and signed-in browsers."""

import io
from typing import Any

import segno
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web import cookies
from web.accounts import AccountError, Accounts
from web.forms import text
from web.pages.login import BUSY, NOT_THE_SAME, TOO_OFTEN, WRONG_CODE, let_in
from web.passwords import Busy
from web.permissions import Action
from web.second_factor import SecondFactor
from web.sessions import SignedIn
from web.signing_in import SigningIn, TooOften, Wrong
from web.visits import Visit, for_signed_in

CONFLICT = 409
ISSUER = "Dân Sinh"
"""as the telephone shows it; a longer one makes the picture too dense to scan"""
WRONG_PASSWORD = "Mật khẩu hiện nay không đúng."  # noqa: S105 - a sentence
ONLY_BY_CODE = "Tài khoản này chưa có mật khẩu. Muốn có, hãy nhờ người vận hành cấp mã một lần."
REQUIRED = "Quyền của tài khoản này buộc phải có mã xác thực; không bỏ được."
DONE = {
    "mat-khau": "Đã đổi mật khẩu. Các nơi khác đang đăng nhập đã bị đăng xuất.",
    "phien": "Đã kết thúc phiên đăng nhập.",
    "bo-ma": "Đã bỏ mã xác thực.",
}


def own_account(visit: Visit) -> Response:
    return _account(visit)


def _account(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    return visit.render(
        "own_account.html",
        status,
        problem=problem,
        finished=DONE.get(visit.request.query_params.get("xong", "")) if problem is None else None,
        sessions=visit.desk.sessions.of(visit.user.id),
    )


def second_factor(visit: Visit) -> Response:
    return _second_factor(visit)


def _second_factor(visit: Visit, problem: str | None = None, status: int = 200, **context: Any) -> Response:
    factor = _factor(visit)
    shown = {"user": visit.user, "codes": [], "left": factor.codes_left(visit.user)} | context
    return visit.render(
        "own_second_factor.html",
        status,
        problem=problem,
        offer=factor.offered(visit.user, ISSUER),
        required=visit.user.role in visit.desk.own.totp_required,
        **shown,
    )


def qr(visit: Visit) -> Response:
    """The offered secret as a picture; once it is confirmed there is none any more."""
    offer = _factor(visit).offered(visit.user, ISSUER)
    if offer is None:
        raise HTTPException(404)
    picture = io.BytesIO()
    segno.make(offer.address, error="m").save(picture, kind="svg", border=4, light="#fff", omitsize=True)
    return Response(picture.getvalue(), media_type="image/svg+xml")


def _change_password(visit: Visit) -> Response:
    new, again = str(visit.form.get("new", "")), str(visit.form.get("again", ""))
    if new != again:
        return _account(visit, NOT_THE_SAME, CONFLICT)
    if not visit.user.has_password:
        return _account(visit, ONLY_BY_CODE, CONFLICT)
    if refusal := _refusal(visit):
        return _account(visit, refusal, CONFLICT)
    try:
        accounts = Accounts(visit.desk.store, visit.desk.clock, visit.user.actor)
        accounts.set_password(visit.user.id, new, told_as="password_changed")
    except AccountError as error:
        return _account(visit, error.in_vietnamese, CONFLICT)
    entered = SigningIn(visit.desk, visit.request).open(
        visit.user.id, "password_change", second_factor_given=True
    )
    return let_in(visit.request, entered, f"{_path(visit, 'own_account')}?xong=mat-khau")


def _end_session(visit: Visit) -> Response:
    visit.desk.sessions.end(visit.user.id, visit.id)
    return _back(visit, "phien")


def _end_other_sessions(visit: Visit) -> Response:
    visit.desk.sessions.end_others(visit.user)
    return _back(visit, "phien")


def _offer(visit: Visit) -> Response:
    if refusal := _refusal(visit):
        return _second_factor(visit, refusal, CONFLICT)
    _factor(visit).offer(visit.user)
    return RedirectResponse(_path(visit, "own_second_factor"), 303)


def _confirm(visit: Visit) -> Response:
    """Whoever else is signed in has not given the second factor: those sessions end, this one is renewed."""
    codes = _factor(visit).confirm(visit.user, text(visit.form, "code"))
    if codes is None:
        return _second_factor(visit, WRONG_CODE, CONFLICT)
    visit.desk.sessions.end_others(visit.user)
    token = visit.desk.sessions.renew(visit.user)
    response = _second_factor(visit, codes=codes, user=_known_anew(visit, token))
    seconds = visit.desk.own.session_hours * 3600
    cookies.give(response, visit.desk, cookies.SESSION, token, seconds=seconds)
    return response


def _renew_codes(visit: Visit) -> Response:
    if refusal := _refusal(visit):
        return _second_factor(visit, refusal, CONFLICT)
    return _second_factor(visit, codes=_factor(visit).renew_recovery_codes(visit.user))


def _remove(visit: Visit) -> Response:
    if visit.user.role in visit.desk.own.totp_required:
        return _second_factor(visit, REQUIRED, CONFLICT)
    if refusal := _refusal(visit):
        return _second_factor(visit, refusal, CONFLICT)
    accounts = Accounts(visit.desk.store, visit.desk.clock, visit.user.actor)
    accounts.forget_second_factor(visit.user.id)
    entered = SigningIn(visit.desk, visit.request).open(
        visit.user.id, "second_factor_removed", second_factor_given=True
    )
    return let_in(visit.request, entered, f"{_path(visit, 'own_account')}?xong=bo-ma")


def _refusal(visit: Visit) -> str | None:
    """Why the password of this form does not allow what is asked."""
    password = str(visit.form.get("password", ""))
    try:
        SigningIn(visit.desk, visit.request).asks_again(visit.user, password)
    except Wrong:
        return WRONG_PASSWORD if visit.user.has_password else WRONG_CODE
    except TooOften:
        return TOO_OFTEN
    except Busy:
        return BUSY
    return None


def _known_anew(visit: Visit, token: str) -> SignedIn:
    found = visit.desk.sessions.find(token)
    assert found is not None  # noqa: S101 - just renewed
    return found


def _factor(visit: Visit) -> SecondFactor:
    return SecondFactor(visit.desk.store, visit.desk.clock)


def _path(visit: Visit, name: str) -> str:
    return str(visit.request.app.url_path_for(name))


def _back(visit: Visit, done: str) -> Response:
    return RedirectResponse(f"{_path(visit, 'own_account')}?xong={done}", 303)


PAGES = (
    ("/tai-khoan", own_account, "own_account"),
    ("/tai-khoan/xac-thuc", second_factor, "own_second_factor"),
    ("/tai-khoan/xac-thuc/ma.svg", qr, "own_qr"),
)
STEPS = (
    ("/tai-khoan/mat-khau", _change_password, "change_password"),
    ("/tai-khoan/phien/{id:int}/ket-thuc", _end_session, "end_session"),
    ("/tai-khoan/phien-khac/ket-thuc", _end_other_sessions, "end_other_sessions"),
    ("/tai-khoan/xac-thuc/bat-dau", _offer, "offer_second_factor"),
    ("/tai-khoan/xac-thuc/xac-nhan", _confirm, "confirm_second_factor"),
    ("/tai-khoan/xac-thuc/ma-du-phong", _renew_codes, "renew_recovery_codes"),
    ("/tai-khoan/xac-thuc/bo", _remove, "remove_second_factor"),
)


def routes() -> list[Route]:
    pages = [
        Route(path, for_signed_in(page, Action.OWN_ACCOUNT), methods=["GET"], name=name)
        for path, page, name in PAGES
    ]
    steps = [
        Route(path, for_signed_in(step, Action.OWN_ACCOUNT), methods=["POST"], name=name)
        for path, step, name in STEPS
    ]
    return pages + steps
