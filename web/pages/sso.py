"""Signing in with the office's common account: away to the provider, and back."""

from urllib.parse import quote, unquote

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from store.history import record
from store.models import User
from web import cookies
from web.accounts import sso_hash
from web.desk import Desk, desk_of
from web.headers import POLICY
from web.oidc import Identity, Provider, Unreachable, Untrusted
from web.pages.login import let_in, next_page, sign_in_page
from web.settings import SingleSignOn
from web.signing_in import SigningIn
from web.visits import own_path, same

RETURN = "/dang-nhap/chung/ve"
COOKIE_SECONDS = 600
LONGEST_ID_TOKEN = 3000
"""signs; browsers keep no cookie of more than 4096 bytes"""
TOO_LONG = "-"
"""in place of an ID token"""
FORMS_TO_US = "form-action 'self'"
OLD = "Lần đăng nhập bằng tài khoản chung này đã cũ hoặc không bắt đầu từ đây. Hãy làm lại."
DENIED = "Hệ thống đăng nhập chung không cho phép, hoặc đồng chí đã bấm hủy."
UNREACHABLE = "Hệ thống đăng nhập chung không trả lời. Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu."
UNTRUSTED = "Hệ thống đăng nhập chung trả lời không đúng cách. Hãy báo người vận hành."
NO_ACCOUNT = "Tài khoản chung này chưa được mở ở bàn làm việc. Hãy báo người vận hành."
ANOTHER = "Tên này ở hệ thống đăng nhập chung đã thuộc người khác. Hãy báo người vận hành gỡ liên kết cũ."


class _NoEntry(Exception):
    """In a sentence for whoever stands at the door."""


def routes(own: SingleSignOn, base_url: str) -> list[Route]:
    """`base_url` is this desk's own. Raises MissingClientSecret."""
    provider = Provider(own, base_url.rstrip("/") + RETURN)

    def go(request: Request) -> Response:
        # A link and no form: "form-action 'self'" would keep browsers from being sent on to the provider.
        desk = desk_of(request)
        try:
            start = provider.start()
        except (Unreachable, Untrusted):
            return sign_in_page(request, UNREACHABLE, 502)
        response = RedirectResponse(start.address, 303)
        kept = "~".join((start.state, start.nonce, start.verifier, quote(next_page(request), safe="")))
        cookies.give(response, desk, cookies.SSO, kept, seconds=COOKIE_SECONDS)
        return response

    async def back(request: Request) -> Response:
        response = await run_in_threadpool(_back, request, provider)
        cookies.take_back(response, desk_of(request), cookies.SSO)
        return response

    def end(request: Request) -> Response:
        """After signing out here. A form, for a link would put into an address who somebody is."""
        desk = desk_of(request)
        kept = cookies.read(request, desk, cookies.SSO_END)
        login = request.app.url_path_for("login")
        if not kept:
            return RedirectResponse(login, 303)
        ending = provider.ending("" if kept == TOO_LONG else kept, base_url.rstrip("/") + login)
        response = desk.render(request, "signed_out.html", {"ending": ending})
        if ending:
            policy = POLICY.replace(FORMS_TO_US, f"{FORMS_TO_US} {ending.origin}")
            response.headers["Content-Security-Policy"] = policy
        cookies.take_back(response, desk, cookies.SSO_END)
        return response

    return [
        Route("/dang-nhap/chung", go, methods=["GET"], name="sso"),
        Route("/dang-xuat/chung", end, methods=["GET"], name="sso_end"),
        Route(RETURN, back, methods=["GET"], name="sso_return"),
    ]


def _back(request: Request, provider: Provider) -> Response:
    desk, answer = desk_of(request), request.query_params
    state, nonce, verifier, tiep = (*cookies.read(request, desk, cookies.SSO).split("~"), "", "", "", "")[:4]
    if not (state and nonce and verifier) or not same(answer.get("state"), state):
        return sign_in_page(request, OLD, 403)
    if "error" in answer:
        return sign_in_page(request, DENIED, 403)
    if "iss" in answer and not provider.answers_as(answer["iss"]):
        return sign_in_page(request, UNTRUSTED, 502)
    try:
        who = provider.identify(answer.get("code", ""), nonce=nonce, verifier=verifier, now=desk.clock())
        user_id = _account(desk, who)
    except Unreachable:
        return sign_in_page(request, UNREACHABLE, 502)
    except Untrusted:
        return sign_in_page(request, UNTRUSTED, 502)
    except _NoEntry as refusal:
        return sign_in_page(request, str(refusal), 403)
    vouched = desk.own.oidc is not None and desk.own.oidc.second_factor == "provider"
    entered = SigningIn(desk, request).open(user_id, "sso", second_factor_given=vouched, vouched=vouched)
    response = let_in(request, entered, own_path(request, unquote(tiep)) or "")
    id_token = who.id_token if len(who.id_token) <= LONGEST_ID_TOKEN else TOO_LONG
    cookies.give(response, desk, cookies.SSO_END, id_token, seconds=desk.own.session_hours * 3600)
    return response


def _account(desk: Desk, who: Identity) -> int:
    """The one that an operator has made for that name; the first who comes under it is its holder."""
    with desk.store.begin() as session:
        by_name = User.sso_name_hash == sso_hash(who.name)
        if desk.own.oidc is not None and desk.own.oidc.same_names:
            by_name |= User.sso_name_hash.is_(None) & (User.name == who.name)
        user = session.scalar(select(User).where(User.sso_subject == who.subject))
        user = user or session.scalar(select(User).where(by_name).order_by(User.sso_name_hash.is_(None)))
        if user is None or not user.active:
            raise _NoEntry(NO_ACCOUNT)
        if user.sso_subject is None:
            user.sso_subject = who.subject
            record(
                session,
                at=desk.clock(),
                actor=f"{user.role}:{user.name}",
                entity="user",
                entity_id=user.id,
                action="single_sign_on_tied",
            )
        if user.sso_subject != who.subject:
            raise _NoEntry(ANOTHER)
        return user.id
