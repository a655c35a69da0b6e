"""A day at the desk in a real browser where replies come on paper and one works without scripts."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.states import change
from store.models import Referral
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


def test_after_signing_out_the_way_back_leads_to_the_door(windows: list[Desk], town: Town) -> None:
    """At a computer that many use."""
    desk, issue = windows[0], town.issue()
    desk.sign_in("analyst")
    desk.open(f"/van-de/{issue}")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(LANDFILL)
    desk.page.get_by_role("button", name="Đăng xuất").click()
    expect(desk.page.get_by_label("Mật khẩu")).to_be_visible()
    desk.page.go_back()
    expect(desk.page.get_by_label("Mật khẩu")).to_be_visible()
    expect(desk.page.get_by_text(LANDFILL)).to_have_count(0)
