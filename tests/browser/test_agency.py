"""An agency answers on a telephone, without scripts and without an account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.answering.links import Links
from pipeline.settings import AgencyPage
from store.models import Referral
from tests.integration.web.town import NOW, Town

pytestmark = pytest.mark.browser

PAGE = AgencyPage(base_url="https://phoihop.example.vn")


@pytest.fixture
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("DANSINH_LINK_SECRET", "k" * 40)
    town.settings = town.settings.model_copy(update={"agency_page": PAGE})
    return town


@pytest.fixture
def telephone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        locale="vi-VN", java_script_enabled=False, viewport={"width": 360, "height": 740}, is_mobile=True
    )
    yield context.new_page()
    context.close()


def test_an_agency_answers_on_a_telephone(town: Town, address: str, telephone: Page, tmp_path: Path) -> None:
    referral = town.sent_referral(town.issue(state="referred", urgency=4))
    link = Links(PAGE).address(town.get(Referral, referral), NOW).removeprefix(PAGE.base_url)
    complaints: list[str] = []
    telephone.on("console", lambda message: complaints.append(message.text))
    telephone.goto(address + link)
    assert telephone.locator("html").evaluate("page => page.scrollWidth") <= 360
    telephone.screenshot(path=tmp_path / "agency.png", full_page=True)

    telephone.get_by_role("button", name="Báo tiếp nhận").click()
    expect(telephone.get_by_role("status")).to_contain_text("Đã ghi nhận việc tiếp nhận")

    program, report = tmp_path / "bao-cao.pdf", tmp_path / "Báo cáo.pdf"
    program.write_bytes(b"MZ\x90\x00")
    report.write_bytes(b"%PDF-1.7\nthu nghiem\n%%EOF\n")
    telephone.get_by_label("Nội dung trả lời").fill("Đã thu gom xong.")
    telephone.get_by_label("Tệp gửi kèm").set_input_files(program)
    telephone.get_by_role("button", name="Gửi trả lời").click()
    expect(telephone.get_by_role("alert")).to_contain_text("không thuộc loại được nhận")
    expect(telephone.get_by_label("Nội dung trả lời")).to_have_value("Đã thu gom xong.")
    telephone.get_by_label("Tệp gửi kèm").set_input_files(report)
    telephone.get_by_role("button", name="Gửi trả lời").click()
    expect(telephone.get_by_role("status")).to_contain_text("Đã nhận trả lời của cơ quan")
    expect(telephone.locator("#da-nhan + ul")).to_contain_text("Báo cáo.pdf")
    expect(telephone.locator("form")).to_have_count(0)
    # Of the file that was refused, and of nothing else.
    assert ["409" in complaint for complaint in complaints] == [True]
    assert town.get(Referral, referral).state == "answered"
