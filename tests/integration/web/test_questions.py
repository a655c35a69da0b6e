"""No page asks the database more when there is more to show: each has its most, whatever it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.answering.links import PATH, SHORTEST_KEY, Links
from pipeline.settings import AgencyPage
from store.models import Referral
from tests.integration.web.conftest import Enter
from tests.integration.web.full import MAIN, fill
from tests.integration.web.town import NOW, Town, open_town
from web.permissions import AGENCY, LEAD, OPERATOR, Action, may
from web.visits import action_of

FEW, MANY, MORE = 3, 60, 120
"""of everything; MANY is beyond what a page shows of anything, so that what is cut is counted from then on"""
SIGNED_IN = 1
"""question that finds who asks"""
MOST: dict[str, int] = {
    "/": 31 + SIGNED_IN,
    "/dang-nhap": 0,
    "/dang-nhap/ma": 0,
    "/mat-khau-moi": 0,
    "/van-de": 4 + SIGNED_IN,
    "/tim-kiem": 11 + SIGNED_IN,
    "/tim-kiem/bang.xlsx": 8 + SIGNED_IN,
    "/van-de/{id:int}": 29 + SIGNED_IN,
    "/ban-tin": 2 + SIGNED_IN,
    "/ban-tin/{day}": 1 + SIGNED_IN,
    "/ban-tin/{day}/nguyen-ban": 1 + SIGNED_IN,
    "/phieu-chuyen": 8 + SIGNED_IN,
    "/phieu-chuyen/duyet": 8 + SIGNED_IN,
    "/phieu-chuyen/{id:int}": 14 + SIGNED_IN,
    "/phieu-chuyen/{id:int}/thu.docx": 1 + SIGNED_IN,
    "/phieu-chuyen/{id:int}/du-thao.docx": 10 + SIGNED_IN,
    "/tep/{id:int}": 1 + SIGNED_IN,
    "/dia-ban": 3 + SIGNED_IN,
    "/bao-cao": 42 + SIGNED_IN,
    "/bao-cao/{period}/{name}": 42 + SIGNED_IN,
    "/bao-cao-da-lap/{period}/{name}": SIGNED_IN,
    "/nguon": 5 + SIGNED_IN,
    "/chuong-trinh": SIGNED_IN,
    "/tai-khoan": 2 + SIGNED_IN,
    "/tai-khoan/xac-thuc": 3 + SIGNED_IN,
    "/tai-khoan/xac-thuc/ma.svg": 2 + SIGNED_IN,
    "/nguoi-dung": 2 + SIGNED_IN,
    "/nguoi-dung/{id:int}": 4 + SIGNED_IN,
    "/nhat-ky": 10 + SIGNED_IN,
    "/so-theo-doi": SIGNED_IN,
    "/so-theo-doi/{slug}": 7 + SIGNED_IN,
    "/co-quan": 9 + SIGNED_IN,
    "/co-quan/phieu/{id:int}": 10 + SIGNED_IN,
    "/co-quan/phieu/{id:int}/thu.docx": 6 + SIGNED_IN,
    "/co-quan/du-an": 2 + SIGNED_IN,
    PATH + "{token}": 14,
    "/open311/v2/services.{form}": 0,
    "/open311/v2/requests.{form}": 4,
    "/open311/v2/requests/{id}.{form}": 4,
    "/open311/v2/services/{code}.{form}": 0,
}
"""by the route's path; a page that is not here fails the test, unless it only leads elsewhere"""
LEADS_ELSEWHERE = 3
"""questions, of the address of a form: who asks, and to which page it belongs"""
QUESTIONS = {
    "/tim-kiem": "?q=bia+van&co-quan=so-nnmt",
    "/van-de": "?linh-vuc=environment",
    "/phieu-chuyen/duyet": "?phieu=4&phieu=11&phieu=18",
}
FILLED = {
    "{id:int}": str(MAIN),
    "{day}": "2026-11-20",
    "{period}": "2026-W46",
    "{form}": "json",
    "{id}": str(MAIN),
    "{code}": "environment",
    "{slug}": "du-an",
    "{name}": "bao-cao.docx",
}


@pytest.fixture
def town(tmp_path: Path, blank: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """With all that an office may choose to have."""
    monkeypatch.setenv("DANSINH_LINK_SECRET", "k" * SHORTEST_KEY)
    with open_town(tmp_path, blank, open311={"jurisdiction_id": "thu.example.vn"}) as opened:
        page = AgencyPage(base_url="https://tra-loi.example.vn")
        opened.settings = opened.settings.model_copy(update={"agency_page": page})
        yield opened


@contextmanager
def counted(town: Town) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(town.store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(town.store.engine, "before_cursor_execute", note)


def pages(town: Town) -> dict[str, Action | None]:
    """All that can be looked at."""
    return {
        route.path: action_of(route.endpoint)
        for route in town.app.routes
        if isinstance(route, Route) and "GET" in (route.methods or ())
    }


def address_of(town: Town, path: str) -> str:
    if path.startswith(PATH):
        page = town.settings.agency_page
        assert page is not None
        return PATH + Links(page).address(town.get(Referral, MAIN), NOW).rpartition("/")[2]
    address = path
    for placeholder, value in FILLED.items():
        address = address.replace(placeholder, value)
    return address + QUESTIONS.get(path, "")


def test_no_page_asks_more_when_there_is_more_to_show(enter: Enter, town: Town) -> None:
    clients = {role: enter(role) for role in (LEAD, OPERATOR, AGENCY)}
    found = pages(town)
    assert MOST.keys() <= found.keys()

    def asked() -> dict[str, int]:
        return {path: questions(town, clients[_role(action)], path) for path, action in found.items()}

    counts, filled = [], 0
    for size in (FEW, MANY, MORE):
        fill(town, size - filled)
        filled = size
        counts.append(asked())
    _, many, more = counts
    assert more == many
    for count in counts:
        assert {path: n for path, n in count.items() if n > MOST.get(path, LEADS_ELSEWHERE)} == {}


def _role(action: Action | None) -> str:
    return next(role for role in (LEAD, OPERATOR, AGENCY) if action is None or may(role, action))


def questions(town: Town, client: TestClient, path: str) -> int:
    with counted(town) as statements:
        answer = client.get(address_of(town, path), follow_redirects=False)
    leads_elsewhere = path not in MOST and answer.status_code in (302, 303, 404)
    assert leads_elsewhere or (path in MOST and answer.status_code < 500), f"{path} has no number in MOST"
    return len(statements)


def test_a_search_that_finds_nothing_asks_no_more_for_more_words(enter: Enter, town: Town) -> None:
    fill(town, FEW)
    reader, counts = enter(LEAD), []
    for words in ("bia+khozqx", "+".join([*(f"khong{n}" for n in range(9)), "bia", "van", "de"])):
        with counted(town) as statements:
            assert "Trong kho không" in reader.get(f"/tim-kiem?q={words}&co-quan=so-nnmt").text
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST["/tim-kiem"]
