"""The desk as an ASGI application."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.answering.links import Links
from pipeline.clock import Clock
from pipeline.settings import Settings
from store import Store
from web.agency import routes as agency_routes
from web.bodies import OneLength
from web.compressing import Compressed
from web.desk import Desk, templates
from web.errors import failed, refused
from web.headers import Headers
from web.pages import (
    agency_desk,
    answering,
    area,
    audit,
    documents,
    issues,
    login,
    open311,
    own,
    programme,
    referrals,
    registers,
    reports,
    sources,
    sso,
    steps,
    users,
)
from web.pages.issue import issue
from web.pages.today import today
from web.permissions import Action
from web.settings import DeskSettings
from web.visits import for_signed_in

STATIC = Path(__file__).parent / "static"
MAX_BODY_BYTES = 1_000_000


def create_app(store: Store, settings: Settings, clock: Clock) -> Starlette:
    """Raises MissingSecret where agencies are to answer by signed links and there is no key to sign with, and
    MissingClientSecret where single sign-on is configured without one."""
    page, desk = settings.agency_page, settings.section("desk", DeskSettings)
    app = Starlette(
        routes=[
            Route("/", for_signed_in(today), name="today"),
            *login.routes(),
            *issues.routes(),
            Route("/van-de/{id:int}", for_signed_in(issue), name="issue"),
            Route("/ban-tin", for_signed_in(documents.digests), name="digests"),
            Route("/ban-tin/{day}", for_signed_in(documents.digest), name="digest"),
            Route(
                "/ban-tin/{day}/nguyen-ban", for_signed_in(documents.digest_as_sent), name="digest_as_sent"
            ),
            Route("/phieu-chuyen/{id:int}/thu.docx", for_signed_in(documents.letter), name="letter"),
            Route(
                "/tep/{id:int}",
                for_signed_in(answering.attachment, Action.OPEN_ATTACHMENT),
                name="attachment",
            ),
            *area.routes(),
            *reports.routes(),
            *sources.routes(),
            *programme.routes(),
            *own.routes(),
            *users.routes(),
            *audit.routes(),
            *registers.routes(),
            *referrals.routes(),
            *agency_desk.routes(),
            *steps.routes(),
            *(agency_routes(Links(page)) if page else ()),
            *(open311.routes(desk.open311) if desk.open311 else ()),
            *(sso.routes(desk.oidc, desk.base_url) if desk.oidc and desk.base_url else ()),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[
            Middleware(Headers, https=desk.https),
            Middleware(Compressed),
            Middleware(OneLength),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES),
        ],
        exception_handlers={HTTPException: refused, Exception: failed},
    )
    # It would lead to whatever host the request names itself.
    app.router.redirect_slashes = False
    app.state.desk = Desk(store, settings, clock, templates(app, settings))
    return app
