"""The desk on a telephone: the head is folded, a row of a table is a card."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk
from tests.browser.looking import HEIGHT
from tests.integration.web.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100)]

TELEPHONE = 390
MOST = 90
"""pixels of the head"""


def opened(browser: Browser, address: str, *, scripts: bool) -> Page:
    context = browser.new_context(
        locale="vi-VN", java_script_enabled=scripts, viewport={"width": 1280, "height": HEIGHT}
    )
    desk = Desk(context.new_page(), address)
    desk.enter("lead")
    desk.open("/van-de")
    desk.page.set_viewport_size({"width": TELEPHONE, "height": HEIGHT})
    return desk.page


def test_the_head_unfolds_by_keyboard_and_without_scripts(browser: Browser, town: Town, address: str) -> None:
    page = opened(browser, address, scripts=False)
    head = page.get_by_role("banner")
    box = head.bounding_box()
    assert box is not None
    assert box["height"] <= MOST
    expect(head.get_by_role("link")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = page.locator("summary:focus")
    expect(focused).to_have_text("Menu (đang ở trang Vấn đề)")
    page.keyboard.press("Enter")
    expect(head.get_by_role("link", name="Vấn đề")).to_have_attribute("aria-current", "page")
    expect(head.get_by_role("searchbox", name="Tìm vấn đề")).to_be_visible()
    expect(head.get_by_role("button", name="Đăng xuất")).to_be_visible()
    page.context.close()


def test_a_row_is_a_card_and_the_table_still_a_table(browser: Browser, town: Town, address: str) -> None:
    number = town.issue(title="Nước đục ở xã thử nghiệm")
    page = opened(browser, address, scripts=True)
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Địa bàn")).to_have_count(1)
    row = table.get_by_role("row").filter(has_text="Nước đục")
    cells = row.get_by_role("cell")
    assert [cell.get_attribute("role") for cell in cells.all()] == ["cell"] * 9
    assert [cell.get_attribute("data-label") for cell in cells.all()][:3] == ["Số", None, "Lĩnh vực"]
    expect(cells.first).to_have_text(str(number))
    lefts = page.evaluate(
        "[...document.querySelectorAll('tbody tr:first-child td')].map(e => e.getBoundingClientRect().x)"
    )
    assert len(set(lefts)) == 1, "one below the other"
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    assert "cards" in (table.get_attribute("class") or "")
    expect(row).to_have_css("display", "table-row")
    page.context.close()
