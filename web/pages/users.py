"""Người dùng: the accounts, for the operator; no password is seen or typed here, a one-time code is given."""

from collections.abc import Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline import names
from pipeline.routing import COMMUNE, recipient
from pipeline.settings import Settings
from store.models import User
from store.queries import users as queries
from store.queries.desk import posts
from store.texts import keepable
from web.accounts import AccountError, Accounts, Description, unlike_other_agencies
from web.forms import text
from web.permissions import AGENCY, ROLES, Action
from web.visits import Visit, for_signed_in

CONFLICT = 409
PER_PAGE = 50
EVENTS = 50
DONE = {
    "sua": "Đã sửa tài khoản.",
    "dong": "Đã đóng tài khoản; mọi phiên đăng nhập của tài khoản đã kết thúc.",
    "mo": "Đã mở lại tài khoản.",
    "bo-xac-thuc": "Đã bỏ mã xác thực và mã dự phòng.",
    "ket-thuc-phien": "Đã kết thúc mọi phiên đăng nhập của tài khoản.",
    "go-dang-nhap-chung": "Đã gỡ liên kết với hệ thống đăng nhập chung.",
}


def users(visit: Visit) -> Response:
    return _list(visit)


def user(visit: Visit) -> Response:
    return _one(visit, visit.id)


def _list(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    asked = visit.request.query_params
    active = asked.get("da-dong") != "1"
    with visit.desk.store.read() as session:
        after = keepable(asked.get("sau", ""))[:PER_PAGE]
        found = queries.accounts(session, active=active, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    return visit.render(
        "users.html",
        status,
        problem=problem,
        rows=rows,
        more=rows[-1].name if len(found) > PER_PAGE else None,
        active=active,
        sent=visit.form,
        **_choices(visit),
    )


def _one(
    visit: Visit, user_id: int, problem: str | None = None, status: int = 200, code: str | None = None
) -> Response:
    done = visit.request.query_params.get("xong", "")
    with visit.desk.store.read() as session:
        shown = queries.account(session, user_id)
        if shown is None:
            raise HTTPException(404)
        return visit.render(
            "user.html",
            status,
            problem=problem,
            shown=shown,
            code=code,
            finished=DONE.get(done) if problem is None and code is None else None,
            events=queries.account_events(session, user_id, EVENTS),
            posts=posts(session),
            now=visit.desk.clock(),
            **_choices(visit),
        )


def _choices(visit: Visit) -> dict[str, Any]:
    return {
        "roles": [role for role in ROLES if role != AGENCY] + [AGENCY],
        "agencies": agencies_to_choose(visit),
        "sso": visit.desk.own.oidc is not None,
    }


def agencies_to_choose(visit: Visit) -> list[tuple[str, str]]:
    """The configured ones, then the committee of every commune."""
    settings, today = visit.desk.settings, visit.desk.today
    communes = [f"{COMMUNE}:{code}" for code, _ in names.units_of(settings.office.province)]
    own = [(one.key, one.name) for key in communes if (one := recipient(settings, key, today)) is not None]
    return names.agencies_of(settings, today) + own


def _description(form: FormData, settings: Settings, visit: Visit) -> Description:
    role, agency = text(form, "role"), text(form, "agency") or None
    if role == AGENCY and (agency is None or recipient(settings, agency, visit.desk.today) is None):
        raise AccountError("agency")
    return Description(
        post=text(form, "post"),
        role=role,
        agency_key=agency if role == AGENCY else None,
        sso_name=text(form, "sso_name") or None,
    )


def _add(visit: Visit) -> Response:
    """The account has no password yet: the code, shown this once, lets its holder set one."""
    accounts, name = _accounts(visit), text(visit.form, "name")
    try:
        described = _description(visit.form, visit.desk.settings, visit)
        unlike_other_agencies(visit.desk.settings, name, described)
        user_id = accounts.add(name, described, None)
        return _one(visit, user_id, code=accounts.give_code(user_id))
    except AccountError as error:
        return _list(visit, error.in_vietnamese, CONFLICT)


def _give_code(visit: Visit) -> Response:
    _there(visit)
    if visit.id == visit.user.id:
        return _one(visit, visit.id, AccountError("oneself").in_vietnamese, CONFLICT)
    try:
        return _one(visit, visit.id, code=_accounts(visit).give_code(visit.id))
    except AccountError as error:
        return _one(visit, visit.id, error.in_vietnamese, CONFLICT)


def _change(visit: Visit) -> None:
    described = _description(visit.form, visit.desk.settings, visit)
    unlike_other_agencies(visit.desk.settings, _there(visit).name, described)
    _accounts(visit).change(visit.id, described)


def _close(visit: Visit) -> None:
    _accounts(visit).close(visit.id, text(visit.form, "why"))


def _open(visit: Visit) -> None:
    _accounts(visit).open(visit.id)


def _forget_second_factor(visit: Visit) -> None:
    """Of others: one's own is removed on one's own page, which asks for the password."""
    if visit.id == visit.user.id:
        raise AccountError("oneself")
    _accounts(visit).forget_second_factor(visit.id)


def _end_sessions(visit: Visit) -> None:
    _accounts(visit).end_sessions(visit.id)


def _forget_single_sign_on(visit: Visit) -> None:
    _accounts(visit).forget_single_sign_on(visit.id)


def _accounts(visit: Visit) -> Accounts:
    return Accounts(visit.desk.store, visit.desk.clock, visit.user.actor)


def _there(visit: Visit) -> User:
    with visit.desk.store.read() as session:
        found = queries.account(session, visit.id)
    if found is None:
        raise HTTPException(404)
    return found


def _taking(name: str, do: Callable[[Visit], None]) -> Callable[[Visit], Response]:
    def take(visit: Visit) -> Response:
        _there(visit)
        try:
            do(visit)
        except AccountError as error:
            return _one(visit, visit.id, error.in_vietnamese, CONFLICT)
        page = visit.request.app.url_path_for("user", id=visit.id)
        return RedirectResponse(f"{page}?xong={name}", 303)

    return take


STEPS = (
    ("sua", "change_user", _change),
    ("dong", "close_user", _close),
    ("mo", "open_user", _open),
    ("bo-xac-thuc", "forget_second_factor", _forget_second_factor),
    ("ket-thuc-phien", "end_sessions_of_user", _end_sessions),
    ("go-dang-nhap-chung", "forget_single_sign_on", _forget_single_sign_on),
)


def routes() -> list[Route]:
    may = Action.MANAGE_USERS
    one = "/nguoi-dung/{id:int}"
    return [
        Route("/nguoi-dung", for_signed_in(users, may), methods=["GET"], name="users"),
        Route("/nguoi-dung", for_signed_in(_add, may), methods=["POST"], name="add_user"),
        Route(one, for_signed_in(user, may), methods=["GET"], name="user"),
        Route(f"{one}/ma-mot-lan", for_signed_in(_give_code, may), methods=["POST"], name="give_code"),
        *(
            Route(f"{one}/{path}", for_signed_in(_taking(path, do), may), methods=["POST"], name=name)
            for path, name, do in STEPS
        ),
    ]
