"""An agency answers on a telephone, without scripts: behind its link, or under its unit's account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.answering.links import Links
from pipeline.settings import AgencyPage
from store.models import Referral
from tests.browser.conftest import Desk
from tests.integration.web.town import NOW, OWN_AGENCY, PASSWORD, POST, Town

pytestmark = pytest.mark.browser

PDF = b"%PDF-1.7\nthu nghiem\n%%EOF\n"
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
    report.write_bytes(PDF)
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


@pytest.fixture
def analyst(browser: Browser, address: str) -> Iterator[Desk]:
    context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    yield Desk(context.new_page(), address)
    context.close()


def test_an_agencys_unit_answers_under_its_account_and_the_analyst_sees_it(
    town: Town, address: str, telephone: Page, analyst: Desk, tmp_path: Path
) -> None:
    own, titles = {"agency_key": OWN_AGENCY}, ("Rác chưa thu gom (tin bịa)", "Đường ngập (tin bịa)")
    answered, later = (town.sent_referral(town.issue(state="referred", title=one), **own) for one in titles)
    town.sent_referral(town.issue(state="referred", title="Việc của sở khác"))
    unit = Desk(telephone, address)
    unit.open("/")
    telephone.get_by_label("Tên tài khoản").fill("tai-khoan-agency")
    telephone.get_by_label("Mật khẩu").fill(PASSWORD)
    telephone.get_by_role("button", name="Đăng nhập").click()
    expect(telephone.get_by_role("heading", name="Phiếu gửi cơ quan")).to_be_visible()
    expect(telephone.get_by_text("Việc của sở khác")).to_have_count(0)
    _fits(telephone)

    telephone.get_by_role("link", name=titles[0]).first.click()
    _fits(telephone)
    telephone.get_by_role("button", name="Báo tiếp nhận").click()
    expect(telephone.get_by_role("status")).to_contain_text("Đã ghi nhận việc tiếp nhận")
    report = tmp_path / "Báo cáo.pdf"
    report.write_bytes(PDF)
    telephone.get_by_label("Nội dung trả lời").fill("Đã thu gom xong.")
    telephone.get_by_label("Tệp gửi kèm").set_input_files(report)
    telephone.get_by_role("button", name="Gửi trả lời").click()
    expect(telephone.get_by_role("status")).to_contain_text("Đã nhận trả lời của cơ quan")

    telephone.get_by_role("link", name="Các phiếu của cơ quan").click()
    telephone.get_by_role("link", name=titles[1]).first.click()
    telephone.get_by_text("Đề nghị thêm thời gian", exact=True).first.click()
    telephone.get_by_label("Đề nghị gia hạn đến ngày").fill("14/12/2026")
    telephone.get_by_label("Lý do", exact=True).fill("chờ kết luận")
    telephone.get_by_role("button", name="Gửi đề nghị").click()
    expect(telephone.get_by_role("status")).to_be_visible()

    analyst.sign_in("analyst")
    page = analyst.page
    expect(page.get_by_role("link", name=titles[0]).first).to_be_visible()
    analyst.open(f"/phieu-chuyen/{answered}")
    for told in ("Đã thu gom xong.", "qua tài khoản của cơ quan", POST["agency"]):
        expect(page.get_by_text(told).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Báo cáo.pdf").first.click()
    assert Path(download.value.path()).read_bytes() == PDF
    analyst.open(f"/phieu-chuyen/{later}")
    expect(page.get_by_text("chờ kết luận").first).to_be_visible()
    expect(page.get_by_text("14/12/2026").first).to_be_visible()
    assert analyst.complaints == unit.complaints == []


def _fits(page: Page) -> None:
    assert page.locator("html").evaluate("page => page.scrollWidth") <= 360
