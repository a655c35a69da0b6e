"""Tài khoản của tôi: what one sees of and does with one's own account."""

from starlette.responses import Response
from starlette.routing import Route

from web.permissions import Action
from web.visits import Visit, for_signed_in


def own_account(visit: Visit) -> Response:
    return visit.render("own_account.html")


def routes() -> list[Route]:
    return [Route("/tai-khoan", for_signed_in(own_account, Action.OWN_ACCOUNT), name="own_account")]
