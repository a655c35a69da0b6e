"""A day at the desk in a real browser, from the queue to a closed issue."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.registers import REGISTERS
from pipeline.states import change
from store.models import Referral, RegisterEntry
from tests.browser.conftest import Desk
from tests.integration.web.town import LANDFILL, NOW, POST, Town

pytestmark = pytest.mark.browser


def deliver(town: Town) -> None:
    """What the deliver stage does to an approved referral."""
    with town.store.begin() as session:
        for referral in session.query(Referral).where(Referral.state == "approved"):
            change(session, referral, "sent", at=town.clock(), actor="stage:deliver", sent_at=town.clock())
            change(session, referral.issue, "referred", at=town.clock(), actor="stage:deliver")


def unfold(page: Page, summary: str) -> None:
    page.locator("summary", has_text=re.compile(rf"^{summary}$")).click()


def test_a_day(windows: list[Desk], town: Town, tmp_path: Path) -> None:
    town.issue(urgency=4)
    analyst, lead = windows

    analyst.sign_in("analyst")
    page = analyst.page
    queue = page.locator("#cho-xac-nhan")
    expect(queue.locator("mark")).to_have_text("nhiều lần kiến nghị")
    page.screenshot(path=tmp_path / "today.png", full_page=True)
    queue.get_by_role("button", name=f"Xác nhận: {LANDFILL}").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận vấn đề.")

    lead.sign_in("lead")
    lead.page.locator("#cho-duyet").get_by_role("button", name="Duyệt").first.click()
    expect(lead.page.get_by_role("status")).to_contain_text("Đã duyệt phiếu chuyển")
    deliver(town)

    town.clock.now = NOW + timedelta(minutes=30)
    analyst.open("/van-de/1")
    unfold(page, "Ghi trả lời")
    expect(page.get_by_label("Nhận lúc")).to_have_value("20/11/2026 09:30")
    page.get_by_label("Nội dung trả lời").fill("Đã thu gom xong trong sáng nay.")
    page.get_by_role("button", name="Ghi trả lời").click()
    page.get_by_role("button", name="Chấp nhận trả lời").click()
    expect(page.get_by_role("status")).to_contain_text("Đã chấp nhận trả lời.")

    lead.open("/van-de/1")
    unfold(lead.page, "Kết thúc")
    lead.page.get_by_label("Đã khắc phục").check()
    lead.page.get_by_label("Dựa trên trả lời").select_option(index=1)
    lead.page.get_by_role("button", name="Kết thúc vấn đề").click()
    expect(lead.page.get_by_role("status")).to_contain_text("Đã kết thúc vấn đề.")
    expect(lead.page.get_by_role("definition").filter(has_text="đã kết thúc")).to_contain_text("đã khắc phục")

    history = lead.page.get_by_role("region", name="Nhật ký")
    for post in (POST["analyst"], POST["lead"], "Hệ thống (gửi thư)"):
        expect(history.get_by_text(post).first).to_be_visible()
    lead.page.screenshot(path=tmp_path / "issue.png", full_page=True)
    assert analyst.complaints == lead.complaints == []


def fill(town: Town) -> None:
    issue = town.issue(state="referred", articles=2, routing_problem="Vướng mắc bịa để kiểm thử.")
    town.issue(title=f"{LANDFILL}: tiêu đề rất dài " + "và dài nữa " * 12, urgency=4, restricted=True)
    referral = town.sent_referral(issue, deadline_at=NOW - timedelta(days=2))
    town.delivery(referral, state="quarantined", last_error="550 5.1.1 " + "loi" * 40)
    town.reply(town.sent_referral(issue, state="answered"), "Trả lời bịa.")
    town.source(path="a" * 200, failures=3, last_error="HTTP 503")
    for register in REGISTERS.values():
        with town.store.begin() as session:
            session.add(
                RegisterEntry(
                    register=register.key,
                    title=f"Mục bịa của sổ {register.name} " + "và dài nữa " * 12,
                    unit_codes=["11329", "11359"],
                    agency_name="Sở Xây dựng",
                    issue_id=issue,
                    link=f"https://a.example.vn/{'a' * 150}",
                    created_at=NOW,
                )
            )
    town.digest("<html lang='vi'><body><h1>Bản tin thử</h1></body></html>")


REGISTER_PATHS = [f"/so-theo-doi/{register.slug}" for register in REGISTERS.values()]
PATHS = [
    "/",
    "/van-de",
    "/van-de/1",
    *REGISTER_PATHS,
    "/ban-tin",
    "/ban-tin/2026-11-20",
    "/ban-tin/2026-11-20/nguyen-ban",
]


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_fit_the_window_and_complain_of_nothing(
    windows: list[Desk], town: Town, tmp_path: Path, width: int
) -> None:
    fill(town)
    desk = windows[0]
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.sign_in("lead")
    for number, path in enumerate(PATHS):
        desk.open(path)
        desk.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        desk.page.screenshot(path=tmp_path / f"{number}-{width}.png", full_page=True)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert desk.complaints == []


def test_two_issues_are_merged_and_parted_again(windows: list[Desk], town: Town) -> None:
    one, other = town.issue(title="Việc thứ nhất"), town.issue(title="Việc thứ hai")
    desk = windows[0]
    desk.sign_in("analyst")
    desk.open(f"/van-de/{other}")
    unfold(desk.page, "Gộp vào vấn đề khác")
    desk.page.get_by_label("Vấn đề", exact=True).select_option(str(one))
    desk.page.get_by_label("Lý do gộp").fill("cùng một bãi rác")
    desk.page.get_by_role("button", name="Gộp vào vấn đề đã chọn").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Đã gộp; tin, bài nay nằm ở vấn đề nhận gộp")
    desk.page.get_by_role("link", name=f"vấn đề số {one}", exact=True).click()
    expect(desk.page.get_by_role("link", name=f"số {other}: Việc thứ hai")).to_be_visible()
    desk.open(f"/van-de/{other}")
    desk.page.get_by_label("Lý do tách lại").fill("hai nơi khác nhau")
    desk.page.get_by_role("button", name="Tách lại vấn đề").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Đã tách lại")
    assert desk.complaints == []


def test_a_stored_digest_can_run_nothing(windows: list[Desk], town: Town) -> None:
    town.digest("<h1 id='x'>Bản tin</h1><script>document.getElementById('x').textContent = 'chạy'</script>")
    desk = windows[0]
    desk.sign_in("reader")
    desk.open("/ban-tin/2026-11-20/nguyen-ban")
    expect(desk.page.get_by_role("heading")).to_have_text("Bản tin")
    desk.open("/ban-tin/2026-11-20")
    expect(desk.page.frame_locator("iframe").get_by_role("heading")).to_have_text("Bản tin")


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(windows: list[Desk], town: Town) -> None:
    town.issue()
    desk = windows[0]
    desk.sign_in("analyst")
    desk.page.keyboard.press("Tab")
    expect(desk.page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("main")).to_be_focused()
    confirm = desk.page.get_by_role("button", name=f"Xác nhận: {LANDFILL}")
    for _ in range(30):
        desk.page.keyboard.press("Tab")
        if confirm.evaluate("e => e === document.activeElement"):
            break
    expect(confirm).to_be_focused()
    assert confirm.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("status")).to_contain_text("Đã xác nhận vấn đề.")


def test_every_field_and_button_has_a_name(windows: list[Desk], town: Town) -> None:
    fill(town)
    desk = windows[0]
    desk.sign_in("lead")
    for path in ("/", "/van-de", "/van-de/1", *REGISTER_PATHS):
        desk.open(path)
        nameless = desk.page.evaluate(
            """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                .filter(field => !field.labels.length).map(field => field.outerHTML)"""
        )
        assert nameless == []
        ids = desk.page.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
