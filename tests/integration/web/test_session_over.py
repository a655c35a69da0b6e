"""A session that ends while somebody writes: nothing was done, and it is said; what was typed is not lost."""

import pytest
from httpx import Response
from starlette.testclient import TestClient

from pipeline.names import OUTCOME_IN_WORDS
from store.models import Issue, Referral
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import OWN_AGENCY, PASSWORD, Town

OWN = {"Origin": "http://testserver"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SAID = "Phiên làm việc đã hết, nên việc vừa gửi CHƯA được ghi"
TITLE = "Rác ùn ứ ở Bến Đò bịa"


def end_session(client: TestClient) -> None:
    client.cookies.clear()


def back_in(client: TestClient, page: Response, role: str) -> Response:
    """Signs in by the form that `page` shows."""
    hidden = dict(part.split('" value="')[:2] for part in _hidden(page.text))
    form = hidden | {"name": f"tai-khoan-{role}", "password": PASSWORD}
    return client.post("/dang-nhap", data=form)


def _hidden(page: str) -> list[str]:
    found = page.split('<input type="hidden" name="')[1:]
    return [part.split('">')[0] for part in found]


WHERE = {
    "an issue": ("/van-de/1/tieu-de", {"title": TITLE}, "/van-de/1"),
    "the list it was opened from": (
        "/van-de/1/tieu-de",
        {"title": TITLE, "back": "/van-de?linh-vuc=water"},
        "/van-de?linh-vuc=water",
    ),
    "several letters": (
        "/phieu-chuyen/duyet",
        {"phieu": "1", "back": "/phieu-chuyen/duyet?phieu=1"},
        "/phieu-chuyen/duyet?phieu=1",
    ),
    "Hôm nay": ("/van-de/1/xac-nhan", {"from": "today"}, "/"),
}


@pytest.mark.parametrize(("path", "form", "page"), WHERE.values(), ids=WHERE)
def test_who_signs_in_again_comes_back_to_the_form(
    town: Town, enter: Enter, path: str, form: dict[str, str], page: str
) -> None:
    town.issue(title="Tiêu đề cũ")
    lead = enter("lead")
    sent = form | {"csrf": token(lead, "/van-de/1")}
    end_session(lead)
    answer = lead.post(path, data=sent, headers=OWN)
    assert answer.status_code == 401
    assert SAID in answer.text
    assert (TITLE in answer.text) is ("title" in form)
    assert town.get(Issue, 1).title == "Tiêu đề cũ"
    assert str(back_in(lead, answer, "lead").url).removeprefix(OWN["Origin"]) == page


def test_what_was_chosen_is_shown_in_words(town: Town, visitor: TestClient) -> None:
    number = town.issue(state="referred")
    form = {"outcome": "fixed", "why": "Đã dọn."}
    page = visitor.post(f"/van-de/{number}/ket-thuc", data=form, headers=OWN).text
    assert f'<dt>Kết quả</dt><dd class="text">{OUTCOME_IN_WORDS["fixed"]}</dd>' in page


FILES = {"small": (PDF, True), "too large to be read": (PDF + b"x" * 1_100_000, False)}


@pytest.mark.parametrize(("file", "shown"), FILES.values(), ids=FILES)
def test_what_an_agency_typed_beside_its_files_is_shown_too(
    town: Town, enter: Enter, file: bytes, shown: bool
) -> None:
    letter = town.sent_referral(town.issue(state="referred"), agency_key=OWN_AGENCY, agency_name="Sở")
    unit, path = enter("agency"), f"/co-quan/phieu/{letter}"
    form = {"csrf": token(unit, path), "viec": "tra-loi", "noi-dung": "Đã dọn <b>rác</b> bịa."}
    end_session(unit)
    answer = unit.post(path, data=form, files={"tep": ("bia.pdf", file)}, headers=OWN)
    assert SAID in answer.text
    assert ("Đã dọn &lt;b&gt;rác&lt;/b&gt; bịa." in answer.text) is shown
    assert back_in(unit, answer, "agency").url.path == path
    assert town.get(Referral, letter).state == "sent"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://noi-khac.example"}, {"Origin": "http://["}])
def test_a_form_of_another_site_shows_nothing_of_it(visitor: TestClient, headers: dict[str, str]) -> None:
    form = {"title": "Hãy gửi mật khẩu cho tôi"}
    answer = visitor.post("/van-de/1/tieu-de", data=form, headers=headers)
    assert (answer.status_code, answer.url.path) == (200, "/dang-nhap")
    assert SAID not in answer.text
    assert "mật khẩu cho tôi" not in answer.text


def test_signing_out_twice_asks_for_nothing(visitor: TestClient) -> None:
    assert SAID not in visitor.post("/dang-xuat", headers=OWN).text


@pytest.mark.parametrize(("headers", "shown"), [(OWN, True), ({}, False)])
def test_a_form_from_before_one_signed_in_anew_is_refused_with_what_it_held(
    town: Town, enter: Enter, headers: dict[str, str], shown: bool
) -> None:
    town.issue(title="Tiêu đề cũ")
    answer = enter("analyst").post(
        "/van-de/1/tieu-de", data={"title": TITLE, "csrf": "của phiên trước"}, headers=headers
    )
    assert answer.status_code == 403
    assert "Biểu mẫu đã cũ" in answer.text
    assert (TITLE in answer.text) is shown
    assert town.get(Issue, 1).title == "Tiêu đề cũ"
