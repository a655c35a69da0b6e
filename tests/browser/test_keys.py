"""Deciding by keyboard alone: one key an item, and one to take it back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from store.models import Issue
from tests.browser.conftest import Desk
from tests.integration.web.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture
def queue(windows: list[Desk], town: Town) -> Locator:
    """The list of an analyst's, with the first of four items in focus."""
    town.settings.__dict__["review"] = town.settings.review.model_copy(update={"undo_minutes": 10})
    for n in range(4):
        town.issue(title=f"Vấn đề bịa {n}", urgency=4 - n)
    windows[0].sign_in("analyst")
    found = windows[0].page.locator("#cho-xac-nhan .queue")
    windows[0].page.get_by_role("button", name="Làm bằng bàn phím").click()
    return found


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def states(town: Town) -> list[str]:
    return [town.get(Issue, n).state for n in (1, 2, 3, 4)]


def test_a_queue_is_decided_and_taken_back_by_keys(queue: Locator, windows: list[Desk], town: Town) -> None:
    page = windows[0].page
    press(page, "x")
    expect(queue.locator("#viec-2")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Đã xác nhận vấn đề. Số 1: Vấn đề bịa 0")
    press(page, "b", "2")
    expect(queue.locator("#viec-3")).to_be_focused()
    press(page, "j", "ArrowDown", "k", "j")
    expect(queue.locator("#viec-4")).to_be_focused()
    expect(page.locator("h2 [data-count]")).to_have_text("2")
    assert states(town) == ["confirmed", "dismissed", "detected", "detected"]
    press(page, "h")
    expect(queue.locator("#viec-2")).to_be_focused()
    press(page, "h")
    expect(queue.locator("#viec-1")).to_be_focused()
    expect(page.locator("h2 [data-count]")).to_have_text("4")
    assert states(town) == ["detected"] * 4
    # What was taken back has another version by now, and is decided again all the same.
    press(page, "x")
    expect(queue.locator("#viec-2")).to_be_focused()
    press(page, "?")
    expect(page.get_by_text("hoàn tác việc vừa làm")).to_be_visible()
    press(page, "Enter")
    page.wait_for_url("**/van-de/2")
    assert windows[0].complaints == []


def test_keys_mean_nothing_in_a_field_or_outside_the_list(
    queue: Locator, windows: list[Desk], town: Town
) -> None:
    page = windows[0].page
    press(page, "b")
    field = queue.locator("#why-1")
    field.focus()
    page.keyboard.type("xbjkh12?")
    expect(field).to_have_value("xbjkh12?")
    press(page, "Escape")
    expect(queue.locator("#viec-1")).to_be_focused()
    page.locator("main").focus()
    press(page, "x", "h", "j")
    page.locator("#viec-1").focus()
    press(page, "Control+x")
    assert states(town) == ["detected"] * 4


def test_who_comes_second_sees_what_the_first_did(queue: Locator, windows: list[Desk], town: Town) -> None:
    lead = windows[1]
    lead.sign_in("lead")
    lead.page.get_by_role("button", name="Xác nhận: Vấn đề bịa 0").click()
    expect(lead.page.get_by_role("status")).to_contain_text("Vấn đề số 1")
    press(windows[0].page, "b", "1")
    expect(queue.locator("#viec-1 .problem")).to_contain_text("vừa được Chức danh thử lead xác nhận")
    assert states(town)[0] == "confirmed"
    # Without scripts the page came back at the next item, with the way back beside it.
    lead.page.get_by_role("button", name="Hoàn tác").click()
    expect(lead.page.get_by_role("status")).to_contain_text("Đã hoàn tác:")
    assert states(town) == ["detected"] * 4


def test_a_refusal_that_is_a_page_is_told_where_one_is(queue: Locator, windows: list[Desk]) -> None:
    page = windows[0].page
    page.evaluate("document.querySelector('#viec-1 form[data-key=x] [name=csrf]').value = 'old'")
    press(page, "x")
    expect(queue.locator("#viec-1 .problem")).to_contain_text("Chưa làm được.")
    expect(queue.locator("#viec-1")).to_be_focused()


def test_a_key_pressed_after_the_session_has_ended_is_told_to_have_done_nothing(
    queue: Locator, windows: list[Desk], town: Town
) -> None:
    page = windows[0].page
    expect(queue.locator("#viec-1")).to_be_focused()
    page.context.clear_cookies()
    press(page, "x")
    expect(page.get_by_role("alert")).to_contain_text("việc vừa gửi CHƯA được ghi")
    assert states(town) == ["detected"] * 4
    windows[0].fill_in("analyst")
    expect(page.get_by_role("heading", name="Hôm nay")).to_be_visible()
