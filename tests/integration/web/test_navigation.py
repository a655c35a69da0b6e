"""The menu: what there is and what one may see, in one order."""

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.integration.web.conftest import Enter
from web.navigation import PAGES, menu_of

OWN = {"own_referrals", "own_projects"}
NOT_FOR_READERS = {"sources", "audit", "users", *OWN}


def application(*names: str) -> Starlette:
    return Starlette(routes=[Route(f"/{name}", lambda _: None, name=name) for name in names])


@pytest.mark.parametrize(
    ("role", "left_out"),
    [
        ("reader", NOT_FOR_READERS),
        ("analyst", {"audit", "users", *OWN}),
        ("lead", {"users", *OWN}),
        ("operator", OWN),
        ("agency", {page.route for page in PAGES} - OWN),
    ],
)
def test_the_menu_shows_what_one_may_open(role: str, left_out: set[str]) -> None:
    everything = [page.route for page in PAGES]
    shown = [page.route for page in menu_of(application(*everything))(role)]
    assert shown == [name for name in everything if name not in left_out]


def test_a_page_that_is_not_there_is_not_in_the_menu() -> None:
    assert [page.route for page in menu_of(application("today", "login"))("lead")] == ["today"]


def test_the_page_one_is_on_is_marked_and_every_entry_opens(enter: Enter) -> None:
    client = enter("lead")
    page = client.get("/").text
    menu = page[page.index("<nav") : page.index("</nav>")]
    assert '<a href="/" aria-current="page">Hôm nay</a>' in menu
    for address in re.findall(r'href="([^"]+)"', menu):
        assert client.get(address).status_code == 200, address


def test_scripts_come_from_the_desk_only(enter: Enter) -> None:
    answer = enter("reader").get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>", answer.text) == ['<script type="module" src="/static/desk.js">']
