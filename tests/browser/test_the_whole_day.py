"""A problem's whole way over the demo's town, by those who take it: from the morning's queue to the audit."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.config import load_settings, open_store
from pipeline.stages import deliver, refer
from store.models import Issue, Referral
from tests.browser.conftest import Desk, serving
from tests.integration.pipeline.conftest import quiet
from tests.integration.web.town import MovableClock, Town
from tests.office import at
from tests.played import Played
from tests.post import Post, post_office
from web.demo import ACCOUNTS, PASSWORD
from web.permissions import ANALYST, LEAD

pytestmark = pytest.mark.browser

TELEPHONE = {"width": 390, "height": 844}
NAME = {role: name for name, _, role in ACCOUNTS}
POST_OF = {role: post for _, post, role in ACCOUNTS}
PDF = b"%PDF-1.7\nthu nghiem\n%%EOF\n"


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as server:
        yield server


@pytest.fixture
def town(played: Played, tmp_path: Path, post: Post) -> Iterator[Town]:
    """The demo's office on the morning after its last digest, with a mail server that is on again."""
    shutil.copytree(played.out, tmp_path / "office")
    settings = load_settings(tmp_path / "office" / "config.yaml")
    mail = settings.mail.model_copy(update={"port": post.port})
    settings = settings.model_copy(update={"mail": mail})
    store = open_store(settings)
    yield Town(store, settings, MovableClock(at("2026-11-20 08:30")))
    store.close()


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    with serving(town) as address:
        yield address


def enter(browser: Browser, address: str, role: str) -> Desk:
    context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    desk = Desk(context.new_page(), address)
    desk.enter(role, NAME[role], PASSWORD)
    return desk


def closed_this_week(desk: Desk) -> int:
    desk.open("/bao-cao?ky=2026-W47")
    found = re.search(r"Đã kết thúc ([\d.]+) vấn đề", desk.page.locator("article.report").inner_text())
    return int(found[1].replace(".", "")) if found else 0


def send_what_is_approved(town: Town, post: Post) -> dict[str, str]:
    """What `dansinh run` does once an approval cannot be undone any more; agency's address -> its link."""
    town.clock.now += timedelta(minutes=15)
    post.taken.clear()
    for stage in (refer, deliver):
        stage.run(town.store, town.settings, town.clock, quiet)
    links = {}
    for recipient, content in post.taken:
        body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
        assert body is not None
        if found := re.search(r"<https?://\S+?(/tra-loi-phieu/[^>\s]+)>", body.get_content()):
            links[recipient] = found[1]
    return links


def test_the_whole_day(
    browser: Browser, town: Town, post: Post, address: str, artefacts: Path, tmp_path: Path
) -> None:
    lead = enter(browser, address, LEAD)
    before = closed_this_week(lead)

    analyst = enter(browser, address, ANALYST)
    issue = _confirm_by_keyboard(analyst, artefacts)
    _approve_with_preview(lead, town, issue, artefacts)
    links = send_what_is_approved(town, post)
    assert links
    _answer_on_a_telephone(browser, address + next(iter(links.values())), tmp_path, artefacts)

    town.clock.now += timedelta(hours=1)
    _accept_by_keyboard(analyst, artefacts)
    _close(lead, issue, artefacts)
    assert town.get(Issue, issue).state == "closed"
    assert closed_this_week(lead) == before + 1
    lead.page.screenshot(path=artefacts / "report.png", full_page=True)

    lead.open(f"/nhat-ky?van-de={issue}")
    told = lead.page.locator("main table")
    for post_name in (POST_OF[ANALYST], POST_OF[LEAD], "Hệ thống (gửi thư)"):
        expect(told.get_by_text(post_name).first).to_be_visible()
    expect(told.get_by_text("đã khắc phục").first).to_be_visible()
    lead.page.screenshot(path=artefacts / "audit.png", full_page=True)
    assert analyst.complaints == lead.complaints == []


def _confirm_by_keyboard(desk: Desk, artefacts: Path) -> int:
    page = desk.page
    desk.open("/")
    page.screenshot(path=artefacts / "today.png")
    first = page.locator("#cho-xac-nhan .queue > .item").first
    number = int((first.get_attribute("id") or "").removeprefix("viec-"))
    _tab_to(page, "#cho-xac-nhan .queue > .item:focus")
    page.keyboard.press("x")
    expect(page.locator(f".told[data-of=viec-{number}]")).to_contain_text("Đã xác nhận")
    return number


def _tab_to(page: Page, focused: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(focused).count():
            return
    pytest.fail(f"Tab does not come to {focused}")


def _approve_with_preview(desk: Desk, town: Town, issue: int, artefacts: Path) -> None:
    with town.store.read() as session:
        drafted = session.query(Referral).where(Referral.issue_id == issue, Referral.state == "drafted").all()
        keys = [referral.id for referral in drafted]
    assert keys
    page = desk.page
    desk.open("/phieu-chuyen?tinh-trang=drafted")
    page.screenshot(path=artefacts / "board.png", full_page=True)
    for key in keys:
        page.locator(f"input[name=phieu][value='{key}']").check()
    page.get_by_role("button", name="Xem trước và duyệt").click()
    expect(page.locator(".letter")).to_have_count(len(keys))
    page.screenshot(path=artefacts / "preview.png", full_page=True)
    page.get_by_role("button", name="Duyệt các phiếu đã chọn").click()
    expect(page.locator("#da-duyet")).to_contain_text(f"{len(keys)} phiếu")


def _answer_on_a_telephone(browser: Browser, link: str, folder: Path, artefacts: Path) -> None:
    context = browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport=TELEPHONE, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(link)
    page.screenshot(path=artefacts / "agency.png")
    page.get_by_role("button", name="Báo tiếp nhận").tap()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận việc tiếp nhận")
    (folder / "bao-cao.pdf").write_bytes(PDF)
    page.get_by_label("Nội dung trả lời").fill("Đã cho khắc phục xong trong sáng nay (tin bịa).")
    page.get_by_label("Tệp gửi kèm").set_input_files(folder / "bao-cao.pdf")
    page.get_by_role("button", name="Gửi trả lời").tap()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận trả lời của cơ quan")
    page.screenshot(path=artefacts / "agency-answered.png", full_page=True)
    context.close()


def _accept_by_keyboard(desk: Desk, artefacts: Path) -> None:
    page = desk.page
    desk.open("/")
    item = page.locator("#cho-danh-gia .queue > .item", has_text="Đã cho khắc phục xong trong sáng nay")
    expect(item).to_be_visible()
    item.focus()
    page.keyboard.press("x")
    expect(page.locator("#cho-danh-gia .told")).to_contain_text("Đã chấp nhận")
    page.screenshot(path=artefacts / "accepted.png")


def _close(desk: Desk, issue: int, artefacts: Path) -> None:
    page = desk.page
    desk.open(f"/van-de/{issue}")
    page.screenshot(path=artefacts / "issue.png", full_page=True)
    page.get_by_label("Đã khắc phục").check()
    page.get_by_label("Dựa trên trả lời").select_option(index=1)
    page.get_by_role("button", name="Kết thúc vấn đề").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã kết thúc vấn đề")
