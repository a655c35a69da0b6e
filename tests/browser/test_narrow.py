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


def opened(
    browser: Browser, address: str, path: str = "/van-de", *, scripts: bool, touch: bool = False
) -> Page:
    context = browser.new_context(
        locale="vi-VN",
        java_script_enabled=scripts,
        viewport={"width": 1280, "height": HEIGHT},
        has_touch=touch,
        is_mobile=touch,
    )
    desk = Desk(context.new_page(), address)
    desk.enter("lead")
    desk.open(path)
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


def test_a_row_of_a_reports_appendix_is_a_card(browser: Browser, town: Town, address: str) -> None:
    town.sent_referral(town.issue(title="Nước đục ở xã thử nghiệm", state="referred"))
    page = opened(browser, address, "/bao-cao?ky=2026-W47", scripts=True)
    frame = page.get_by_role("region", name="Theo lĩnh vực", exact=True)
    expect(frame.locator("tbody tr").first).to_have_css("display", "grid")
    cell = frame.locator("tbody td[data-label='Đã chuyển']").first
    expect(cell).to_have_text("1")
    expect(frame.locator("tbody td[data-label='Mở lại']").first).to_be_hidden()
    for scrolling in page.locator(".appendix .scroll").all():
        assert scrolling.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
    main = page.get_by_role("region", name="2. Số liệu chính").locator("th").first
    expect(main).to_have_css("position", "sticky")
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    expect(frame.locator("tbody tr").first).to_have_css("display", "table-row")
    expect(frame.locator("tbody td[data-label='Mở lại']").first).to_be_visible()
    page.context.close()


def test_the_board_can_be_read_without_scripts(browser: Browser, town: Town, address: str) -> None:
    town.referral(town.issue(title="Nước đục ở xã thử nghiệm"), state="sent")
    page = opened(browser, address, "/phieu-chuyen", scripts=False)
    frame = page.get_by_role("region", name="Phiếu chuyển theo cơ quan")
    for row in frame.get_by_role("row").all():
        expect(row).to_have_css("display", "table-row")
    heads = frame.get_by_role("columnheader")
    for line in frame.locator("tbody tr").all():
        cells = line.locator("th, td")
        expect(cells).to_have_count(heads.count())
        for cell, head in zip(cells.all(), heads.all(), strict=True):
            below, above = cell.bounding_box(), head.bounding_box()
            assert below is not None, "shown, empty or not"
            assert above is not None
            assert below["x"] == above["x"], "beneath its column's name"
    frame.get_by_role("columnheader").last.scroll_into_view_if_needed()
    box = frame.get_by_role("columnheader").last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= TELEPHONE, "scrolls within its frame"
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
    page.context.close()


@pytest.mark.parametrize(
    ("scripts", "touch", "shown"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_the_way_to_the_keys_stands_where_there_are_keys(
    browser: Browser, town: Town, address: str, scripts: bool, touch: bool, shown: bool
) -> None:
    town.issue()
    page = opened(browser, address, "/", scripts=scripts, touch=touch)
    expect(page.get_by_role("button", name="Làm bằng bàn phím")).to_be_visible(visible=shown)
    page.context.close()


def test_nothing_moves_when_the_script_comes(browser: Browser, town: Town, address: str) -> None:
    town.issue(title="Nước đục ở xã thử nghiệm", state="detected")
    page = opened(browser, address, "/", scripts=True)
    tops = []
    for blocked in (True, False):
        if blocked:
            page.route("**/desk.js", lambda route: route.abort())
        else:
            page.unroute("**/desk.js")
        page.reload()
        box = page.locator(".queue").first.bounding_box()
        assert box is not None
        tops.append(box["y"])
    assert tops[0] == tops[1]
    page.context.close()
