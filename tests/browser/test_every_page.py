"""Every page of the desk as each role sees it: looked at by axe, by Tab and in three widths."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html
from playwright.sync_api import APIResponse, Browser, BrowserContext
from starlette.routing import Match, Route

from pipeline.answering.links import Links
from pipeline.settings import AgencyPage
from store.models import Referral
from tests.browser.conftest import Desk, serving
from tests.browser.filled import fill
from tests.browser.looking import HEIGHT, WIDTHS, look
from tests.integration.web.town import NOW, Town, open_town
from web.permissions import AGENCY, LEAD, ROLES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]

PAGE = AgencyPage(base_url="https://phoihop.example.vn")
OF_ONE_KIND = 2
"""Pages of one route that are looked at, and one more for each set of filters; of other roles' one."""
IS_A_FILE = re.compile(r"\.\w+$|/\{name\}$|^/tep/")
SEARCHED = "/tim-kiem?q=mui+hoi"
ORDER = (LEAD, *(role for role in ROLES if role != LEAD))
"""Who sees most comes first: the others' pages are looked at where they differ."""


@pytest.fixture(scope="module")
def filled(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANSINH_LINK_SECRET", "k" * 40)
        with open_town(tmp_path_factory.mktemp("filled"), blank) as town:
            town.settings = town.settings.model_copy(update={"agency_page": PAGE})
            fill(town)
            yield town


@pytest.fixture(scope="module")
def desk_address(filled: Town) -> Iterator[str]:
    with serving(filled) as address:
        yield address


class Walk:
    """Follows every link of the desk's from page to page, as one role after the other."""

    def __init__(self, town: Town, address: str) -> None:
        self.routes = [route for route in town.app.routes if isinstance(route, Route)]
        self.address = address
        self.reached: set[str] = set()
        self.faults: dict[str, list[str]] = {}
        self.practice: dict[str, list[str]] = {}
        self._looked_at: set[str] = set()

    def walk(self, context: BrowserContext, role: str) -> None:
        desk = Desk(context.new_page(), self.address)
        desk.enter(role)
        seen: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        starts = [route.path for route in self.routes if "{" not in route.path and self._opens(route)]
        starts.append(SEARCHED)
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            kind = self._kind(address)
            if kind is None or address in seen[kind] or len(seen[kind]) >= most(role, kind[1]):
                continue
            answer = self._answer(context, address)
            if answer.status in {403, 404} and address in starts:
                continue
            if answer.status != 200:
                self.faults[f"{role} {address}"] = [f"status {answer.status}"]
                continue
            seen[kind].add(address)
            self.reached.add(kind[0])
            if answer.headers["content-type"].startswith("text/html"):
                written = answer.text()
                waiting += links(written)
                sandboxed = "sandbox" in answer.headers["content-security-policy"]
                self._look(desk, f"{role} {address}", written, sandboxed=sandboxed)
        desk.page.close()

    def _answer(self, context: BrowserContext, address: str) -> APIResponse:
        """What is still being reckoned is asked for again."""
        deadline = time.monotonic() + 30
        while (answer := context.request.get(self.address + address)).status == HTTPStatus.ACCEPTED:
            assert time.monotonic() < deadline, f"{address} is not made in time"
            threading.Event().wait(0.1)
        return answer

    def _look(self, desk: Desk, told: str, written: str, *, sandboxed: bool) -> None:
        skeleton = re.sub(r'name="csrf" value="[^"]*"|<header.*?</header>', "", written, flags=re.DOTALL)
        if skeleton in self._looked_at:
            return
        self._looked_at.add(skeleton)
        desk.complaints.clear()
        if sandboxed:
            # Nothing that takes time can run there, axe neither.
            desk.page.goto("about:blank")
            desk.page.set_content(written)
        else:
            desk.open(told.partition(" ")[2])
        faults, practice = look(desk.page)
        if faults or desk.complaints:
            self.faults[told] = [*faults, *desk.complaints]
        if practice:
            self.practice[told] = practice

    def _opens(self, route: Route) -> bool:
        return "GET" in (route.methods or ()) and "/open311/" not in route.path

    def _kind(self, address: str) -> tuple[str, tuple[str, ...]] | None:
        """Route and names of what is asked; None: leads elsewhere."""
        parts = urlsplit(address)
        scope = {"type": "http", "method": "GET", "path": parts.path}
        for route in self.routes:
            if route.matches(scope)[0] == Match.FULL:
                asked = {name for name, value in parse_qsl(parts.query) if value}
                return route.name, tuple(sorted(asked))
        return None

    def unreached(self) -> set[str]:
        """Pages that no link led to. Forms' addresses have no page, nor has what is a file."""
        pages = {
            route.name for route in self.routes if self._opens(route) and not IS_A_FILE.search(route.path)
        }
        return pages - self.reached - {"partial"}


def most(role: str, asked: tuple[str, ...]) -> int:
    """Pages of one route, asked for by these names, that are looked at."""
    if role != LEAD:
        return 0 if asked else 1
    return 1 if asked else OF_ONE_KIND


def links(written: str) -> list[str]:
    found = []
    for href in html.fromstring(written).xpath("//a/@href | //form[@method='get']/@action | //iframe/@src"):
        with suppress(ValueError):
            parts = urlsplit(href)
            if not parts.netloc and not parts.scheme and parts.path:
                found.append(parts._replace(fragment="").geturl())
    return found


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"== {page}\n  " + "\n  ".join(lines) for page, lines in found.items())


HINDERS = {
    "color-contrast": "<p style='color: #aaa'>chữ nhạt</p>",
    "label": "<input>",
    "target-size": "<style>a { font-size: 8px }</style><a href='#'>a</a><br><a href='#'>b</a>",
    "tabindex above 0": "<a href='#' tabindex='3'>trước hết</a>",
    "not reached by Tab": "<div inert><a href='#'>không tới được</a></div>",
    "focus not to be seen": "<style>:focus { outline: none }</style><a href='#'>không thấy</a>",
    "two elements with one id": "<p id='a'>một</p><p id='a'>hai</p>",
    "px too wide": "<p style='width: 1400px'>rộng</p>",
}


@pytest.mark.parametrize("what", HINDERS)
def test_what_hinders_is_found(browser: Browser, what: str) -> None:
    page = browser.new_page()
    page.set_content(f"<html lang='vi'><title>Thử</title><main><h1>Thử</h1>{HINDERS[what]}</main></html>")
    assert [fault for fault in look(page)[0] if what in fault]
    page.close()


def test_every_page_can_be_used_by_everybody(
    browser: Browser, filled: Town, desk_address: str, artefacts: Path
) -> None:
    walk = Walk(filled, desk_address)
    for role in ORDER:
        context = browser.new_context(locale="vi-VN", viewport={"width": WIDTHS[0], "height": HEIGHT})
        walk.walk(context, role)
        context.close()
    (artefacts / "bad-practice.txt").write_text(told(walk.practice), encoding="utf-8")
    assert not walk.faults, told(walk.faults)
    assert walk.unreached() == {"agency_page"}, (
        "no link leads there, from a town that has something of everything"
    )


def test_pages_outside_the_desk_can_be_used_by_everybody(
    browser: Browser, filled: Town, desk_address: str
) -> None:
    """The door, what is refused, and the page of an agency behind its link."""
    with filled.store.read() as session:
        referrals = session.query(Referral).where(Referral.number.is_not(None)).all()
        signed = [Links(PAGE).address(one, NOW).removeprefix(PAGE.base_url) for one in referrals]
    context = browser.new_context(locale="vi-VN", viewport={"width": WIDTHS[0], "height": HEIGHT})
    desk = Desk(context.new_page(), desk_address)
    found = {}
    for address in ("/dang-nhap", *signed, "/tra-loi-phieu/khong-phai-lien-ket"):
        desk.complaints.clear()
        desk.open(address)
        found[address] = [*look(desk.page)[0], *unexpected(desk.complaints)]
    desk.open("/dang-nhap")
    desk.page.get_by_label("Tên tài khoản").fill("khong-co")
    desk.page.get_by_label("Mật khẩu").fill("sai-mat-khau")
    desk.page.get_by_role("button", name="Đăng nhập").click()
    found["wrong password"] = look(desk.page)[0]
    desk.enter(AGENCY)
    for address in ("/khong-co", "/van-de", "/tai-khoan/mat-khau"):
        desk.open(address)
        found[address] = look(desk.page)[0]
    context.close()
    faults = {address: lines for address, lines in found.items() if lines}
    assert not faults, told(faults)


def unexpected(complaints: list[str]) -> list[str]:
    return [one for one in complaints if "Failed to load resource" not in one]
