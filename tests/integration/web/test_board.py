"""The board of referrals, and letters that are read before they are approved."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy import event
from starlette.testclient import TestClient

from pipeline.review.approval import TWO_PERSONS
from store.models import Event, Issue, Referral
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, PASSWORD, POST, Town
from web.pages.referrals import AT_ONCE, ROWS

LATE = NOW - timedelta(days=2)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def listed(page: str) -> list[str]:
    """Titles in the list, in its order."""
    return re.findall(r'<a href="/phieu-chuyen/\d+">([^<]+)</a>', page)


def sent(town: Town, title: str, **columns: Any) -> int:
    return town.sent_referral(town.issue(state="referred", title=title), **columns)


def draft(town: Town, title: str = "Việc chờ duyệt", **columns: Any) -> int:
    return town.referral(town.issue(state="confirmed", title=title), **({"agency_key": "so-nnmt"} | columns))


@pytest.fixture
def board(town: Town) -> dict[str, int]:
    """Of two agencies; one of them is late."""
    closed = town.issue(state="closed", title="Việc đã kết thúc")
    xd = {"agency_key": "so-xay-dung", "agency_name": "Sở Xây dựng"}
    return {
        "soon": sent(town, "Việc còn hạn", agency_key="so-nnmt"),
        "late": sent(town, "Việc quá hạn", deadline_at=LATE, **xd),
        "later": sent(town, "Việc quá hạn lâu", deadline_at=LATE - timedelta(days=1), **xd),
        "no limit": sent(town, "Việc không hạn", deadline_at=None, agency_key="so-nnmt"),
        "draft": draft(town),
        "answered": sent(town, "Việc đã trả lời", state="answered", deadline_at=LATE, agency_key="so-nnmt"),
        "accepted": sent(town, "Việc chấp nhận", state="accepted", agency_key="so-nnmt"),
        "closed": town.sent_referral(closed, deadline_at=LATE, agency_key="so-nnmt"),
        "withdrawn": sent(town, "Việc đã rút", state="withdrawn", agency_key="so-nnmt"),
    }


def test_what_is_late_longest_comes_first_and_what_is_over_is_left_out(
    enter: Enter, board: dict[str, int]
) -> None:
    page = enter("reader").get("/phieu-chuyen").text
    assert listed(page) == [
        "Việc quá hạn lâu",
        "Việc quá hạn",
        "Việc còn hạn",
        "Việc không hạn",
        "Việc chờ duyệt",
        "Việc đã trả lời",
    ]
    assert len(re.findall(r"\(quá hạn \d ngày làm việc\)", page)) == 2
    assert "6 phiếu" in words_of(page)


FILTERS = {
    "qua-han=co": ["Việc quá hạn lâu", "Việc quá hạn"],
    "co-quan=so-xay-dung": ["Việc quá hạn lâu", "Việc quá hạn"],
    "co-quan=so-nnmt&tinh-trang=sent": ["Việc còn hạn", "Việc không hạn"],
    "tinh-trang=accepted": ["Việc chấp nhận"],
    "tinh-trang=refused": [],
    "tinh-trang=sent&qua-han=co": ["Việc quá hạn lâu", "Việc quá hạn"],
    "ca-da-xong=co": ["Việc đã kết thúc"],
    "tinh-trang=sent&ca-da-xong=co&co-quan=so-nnmt": ["Việc đã kết thúc", "Việc không hạn", "Việc còn hạn"],
    "tinh-trang=khong-co&co-quan=la&trang=x": ["Việc quá hạn lâu", "Việc quá hạn", "Việc còn hạn"],
    "trang=2": [],
}


@pytest.mark.parametrize("query", sorted(FILTERS))
def test_the_list_is_narrowed_by_agency_state_and_lateness(
    enter: Enter, board: dict[str, int], query: str
) -> None:
    page = enter("reader").get(f"/phieu-chuyen?{query}").text
    found = listed(page)
    assert found[: len(FILTERS[query]) or None] == FILTERS[query]
    if found:
        assert f"Danh sách {len(found)} phiếu" in words_of(page)


@pytest.fixture
def numbered(town: Town) -> None:
    """Letters 25 of two years, one of them withdrawn; 250 is another."""
    sent(town, "Việc năm trước", number=25, number_year=2025, state="accepted")
    town.sent_referral(
        town.issue(state="closed", title="Việc năm nay"), number=25, number_year=2026, state="withdrawn"
    )
    sent(town, "Việc khác", number=250, number_year=2026)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("25", 2),
        (" 25-PC/BTGDVTU ", 2),
        ("25/PC-BTGDV", 2),
        ("Số: 25/PC-BTGDV", 2),
        ("số 250", 1),
        ("Phiếu chuyển số 25/PC-BTGDV", 2),
        ("phieu so 250", 1),
        ("2", 0),
        ("25/12/2026", 0),
        ("PC", 0),
        ("²", 0),
        ("9" * 400, 0),
        ("' OR 1=1", 0),
    ],
    ids=range(13),
)
def test_a_letter_is_found_by_its_number_whatever_has_become_of_it(
    enter: Enter, numbered: None, typed: str, found: int
) -> None:
    asked = {"so-phieu": typed, "tinh-trang": "sent", "qua-han": "co"}
    page = enter("reader").get("/phieu-chuyen", params=asked).text
    titles = {0: [], 1: ["Việc khác"], 2: ["Việc năm nay", "Việc năm trước"]}
    assert listed(page) == titles[found]
    assert f"Danh sách {found} phiếu" in words_of(page)
    assert ("Không có phiếu nào mang số này" in page) is (found == 0)


def test_every_figure_of_the_board_leads_to_as_many(enter: Enter, board: dict[str, int]) -> None:
    client = enter("reader")
    page = client.get("/phieu-chuyen").text
    cells = re.findall(r'<a[^>]*href="(/phieu-chuyen\?[^"]+)" aria-label="[^"]+: (\d+) phiếu"', page)
    assert len(cells) == 5 + 1 + 4 + 1  # states of two agencies, who is late; states of all, all who are
    for address, count in cells:
        assert len(listed(client.get(address.replace("&amp;", "&")).text)) == int(count), address
    first = page.index("Sở Xây dựng</th>")
    assert first < page.index("Sở Nông nghiệp và Môi trường</th>")


def test_long_lists_come_in_pages(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    for _ in range(ROWS + 1):
        town.sent_referral(issue)
    client = enter("reader")
    assert len(listed(client.get("/phieu-chuyen").text)) == ROWS
    second = client.get("/phieu-chuyen?trang=2").text
    assert len(listed(second)) == 1
    assert "Trang 2 / 2" in words_of(second)


def test_every_label_leads_to_its_field(enter: Enter, board: dict[str, int]) -> None:
    client = enter("lead")
    addresses = ["/phieu-chuyen", *(f"/phieu-chuyen/{board[name]}" for name in ("soon", "draft", "answered"))]
    for address in (*addresses, f"/phieu-chuyen/duyet?phieu={board['draft']}"):
        page = client.get(address).text
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address
        assert set(re.findall(r'<label(?: class="hidden")? for="([^"]+)"', page)) <= set(ids), address


@pytest.mark.parametrize("page", ["9" * 5000, "0", "-1", "1.5", "²", "٣", ""], ids=range(7))
def test_whatever_stands_for_a_page_the_board_opens(enter: Enter, board: dict[str, int], page: str) -> None:
    answer = enter("reader").get("/phieu-chuyen", params={"trang": page})
    assert (answer.status_code, len(listed(answer.text))) == (200, 6)


def test_no_page_asks_more_for_more(enter: Enter, town: Town) -> None:
    client, asked = enter("lead"), []
    event.listen(town.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def questions() -> list[int]:
        counts = []
        for address in ("/phieu-chuyen", "/phieu-chuyen/duyet?phieu=1&phieu=2&phieu=3", "/phieu-chuyen/1"):
            asked.clear()
            assert client.get(address).status_code == 200
            counts.append(len(asked))
        return counts

    draft(town)
    few = questions()
    for _ in range(4):
        draft(town)
        town.reply(sent(town, "Việc", state="answered"), "Trả lời bịa.")
    assert questions() == few


# -- approval ------------------------------------------------------------------------------------


def fields(page: str) -> dict[str, Any]:
    """What the browser would send of the preview with its ticks as they are."""
    ticked = re.findall(r'name="phieu" value="(\d+)" checked', page)
    seen = dict(re.findall(r'name="(da-xem-\d+)" value="([^"]+)"', page))
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    return {"csrf": csrf[1], "phieu": ticked, **seen}


def preview(client: TestClient, *ids: int) -> str:
    return client.get("/phieu-chuyen/duyet", params={"phieu": [str(one) for one in ids]}).text


def test_a_lead_reads_the_letters_and_approves_them_at_once(enter: Enter, town: Town) -> None:
    one, two = draft(town), draft(town, agency_key="so-xay-dung", agency_name="Sở Xây dựng")
    client = enter("lead")
    assert client.get("/phieu-chuyen").text.count('form="duyet"') == 2
    page = preview(client, one, two)
    for words in (
        "Kính gửi: Sở Nông nghiệp và Môi trường",
        "so-xay-dung@example.vn",
        "26/11/2026 17:00",
        "3 ngày làm việc",
        "căn cứ Quyết định thử nghiệm",
        "1 tệp: phiếu chuyển (Word)",
    ):
        assert words in page, words
    answer = client.post("/phieu-chuyen/duyet", data=fields(page))
    assert "Đã duyệt 2 phiếu" in words_of(answer.text)
    assert [town.get(Referral, key).state for key in (one, two)] == ["approved", "approved"]
    with town.store.read() as session:
        (first, _) = session.query(Event).where(Event.action == "approved").order_by(Event.id)
    assert first.why == f"Chuẩn bị: hệ thống. Duyệt: {POST['lead']}."


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"place_name": "Xã Bịa (cũ)"}, "Phiếu chỉ ghi địa bàn theo tin, bài: Xã Bịa (cũ)."),
        ({"place_name": None}, "Phiếu không ghi được địa bàn."),
        ({"commune_code": "11407", "place_name": "Phường Bịa"}, None),
    ],
    ids=["place of the past", "no place", "commune"],
)
def test_who_approves_is_told_that_no_commune_is_known(
    enter: Enter, town: Town, place: dict[str, Any], said: str | None
) -> None:
    letter = town.referral(town.issue(state="confirmed", **place), agency_key="so-nnmt")
    client = enter("lead")
    for page in (preview(client, letter), client.get(f"/phieu-chuyen/{letter}").text):
        assert ("Chưa rõ xã, phường." in page) is (said is not None)
        assert said is None or said in page
    waits = client.get("/").text.partition('<section id="cho-duyet">')[2].partition("</section>")[0]
    assert ("chưa rõ" in waits) is (said is not None)


def test_each_is_decided_for_itself_and_the_page_says_which(enter: Enter, town: Town) -> None:
    one, two, three = draft(town), draft(town), draft(town)
    client = enter("lead")
    form = fields(preview(client, one, two, three))
    with town.store.begin() as session:
        session.get_one(Referral, one).issue.title = "Tên khác"
        session.get_one(Referral, two).state = "withdrawn"
    answer = client.post("/phieu-chuyen/duyet", data=form)
    said = words_of(answer.text)
    assert "Đã duyệt 1 phiếu" in said
    assert "Không duyệt lần này 2 phiếu" in said
    assert "Phiếu đã thay đổi từ lúc xem; hãy xem lại rồi duyệt." in said
    assert "Phiếu không còn là dự thảo: đã rút." in said
    assert [town.get(Referral, key).state for key in (one, two, three)] == [
        "drafted",
        "withdrawn",
        "approved",
    ]


def test_the_same_form_sent_again_does_nothing(enter: Enter, town: Town) -> None:
    one = draft(town)
    client = enter("lead")
    form = fields(preview(client, one))
    client.post("/phieu-chuyen/duyet", data=form)
    number = town.get(Referral, one).number
    again = client.post("/phieu-chuyen/duyet", data=form)
    assert re.search(
        r"Phiếu đã được Chức danh thử lead duyệt lúc [\d: /]+ trước đó; không duyệt lần nữa.", again.text
    )
    assert town.get(Referral, one).number == number
    with town.store.read() as session:
        assert session.query(Event).where(Event.action == "approved").count() == 1


def with_rules(town: Town, **rules: Any) -> None:
    review = town.settings.review.model_copy(update=rules)
    town.settings = town.settings.model_copy(update={"review": review})


def signed_in(client: TestClient) -> TestClient:
    """A lead at a desk whose rules a test has just changed."""
    data = {"csrf": token(client, "/dang-nhap"), "name": "tai-khoan-lead", "password": PASSWORD}
    client.post("/dang-nhap", data=data)
    return client


def test_what_was_approved_can_be_taken_back_from_the_page_that_says_so(town: Town) -> None:
    with_rules(town, undo_minutes=10)
    one, two = draft(town), draft(town)
    with TestClient(town.app) as browser:
        client = signed_in(browser)
        page = client.post("/phieu-chuyen/duyet", data=fields(preview(client, one, two))).text
        assert "Thư đi sau 20/11/2026 09:10" in page
        undo = re.findall(r'action="(/hoan-tac/\d+)"', page)
        assert len(undo) == 2
        client.post(undo[0], data={"csrf": token(client, "/tai-khoan")})
    assert [town.get(Referral, key).state for key in (one, two)] == ["drafted", "approved"]


def test_without_having_been_seen_nothing_is_approved(enter: Enter, town: Town) -> None:
    one = draft(town)
    client = enter("lead")
    form = {"csrf": token(client, "/tai-khoan"), "phieu": [str(one), "abc", "9" * 30, "-1"]}
    assert "hãy xem lại" in client.post("/phieu-chuyen/duyet", data=form).text
    assert town.get(Referral, one).state == "drafted"


def test_who_prepared_a_letter_is_told_that_another_must_approve_it(enter: Enter, town: Town) -> None:
    town.issue(commune_code="11329")
    lead = enter("lead")
    lead.post("/van-de/1/xac-nhan", data={"csrf": token(lead, "/tai-khoan")})
    page = preview(lead, 1)
    assert TWO_PERSONS in page
    assert 'name="phieu"' not in page
    form = {"csrf": token(lead, "/tai-khoan"), "phieu": ["1"], "da-xem-1": "x"}
    assert TWO_PERSONS in lead.post("/phieu-chuyen/duyet", data=form).text
    alone = lead.post("/phieu-chuyen/1/duyet", data={"csrf": token(lead, "/tai-khoan")})
    assert (alone.status_code, TWO_PERSONS in alone.text) == (409, True)
    assert town.get(Referral, 1).state == "drafted"


@pytest.mark.parametrize("address", ["/", "/van-de/1", "/phieu-chuyen/1"])
def test_no_button_is_offered_for_what_another_must_approve(enter: Enter, town: Town, address: str) -> None:
    own, others = draft(town), draft(town)
    button = f'action="/phieu-chuyen/{own}/duyet"'
    lead = enter("lead")
    before = lead.get(address).text
    assert (button in before, TWO_PERSONS in before) == (True, False)
    lead.post("/van-de/1/tieu-de", data={"csrf": token(lead, "/tai-khoan"), "title": "Tên khác"})
    page = lead.get(address).text
    assert (button in page, page.count(TWO_PERSONS)) == (False, 1)
    assert (f'action="/phieu-chuyen/{others}/duyet"' in page) is (address == "/")
    assert TWO_PERSONS not in enter("analyst").get(address).text, "who approves nothing needs no reason"


def test_letters_before_approval_say_where_they_stand(enter: Enter, town: Town) -> None:
    page = enter("lead").get(f"/phieu-chuyen/duyet?phieu={draft(town)}").text
    assert 'name="back" value="/phieu-chuyen/duyet?phieu=1"' in page


def test_an_issue_names_no_approval_as_waiting_for_who_must_leave_it_to_another(
    enter: Enter, town: Town
) -> None:
    draft(town)
    lead = enter("lead")
    waits, others = ">Duyệt phiếu gửi ", "Chờ lãnh đạo khác duyệt 1 phiếu."
    before = lead.get("/van-de/1").text
    assert (waits in before, others in before) == (True, False)
    lead.post("/van-de/1/tieu-de", data={"csrf": token(lead, "/tai-khoan"), "title": "Tên khác"})
    page = lead.get("/van-de/1").text
    assert (waits in page, others in page) == (False, True)


@pytest.mark.parametrize("address", ["/", "/van-de/1", "/phieu-chuyen/1"])
def test_one_click_approves_what_the_page_showed_and_nothing_newer(
    enter: Enter, town: Town, address: str
) -> None:
    one = draft(town)
    client = enter("lead")
    form = re.search(rf'action="/phieu-chuyen/{one}/duyet".*?</form>', client.get(address).text, re.DOTALL)
    assert form
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form[0]))
    analyst = enter("analyst")
    analyst.post("/van-de/1/tieu-de", data={"csrf": token(analyst, "/tai-khoan"), "title": "Tên khác"})
    late = client.post(f"/phieu-chuyen/{one}/duyet", data=sent)
    assert (late.status_code, POST["analyst"] in late.text) == (409, True)
    assert town.get(Referral, one).state == "drafted"


def test_one_who_works_alone_may_where_the_office_says_so(town: Town) -> None:
    with_rules(town, two_person=False)
    town.issue(commune_code="11329")
    with TestClient(town.app) as browser:
        client = signed_in(browser)
        client.post("/van-de/1/xac-nhan", data={"csrf": token(client, "/tai-khoan")})
        client.post("/phieu-chuyen/duyet", data=fields(preview(client, 1)))
    assert town.get(Referral, 1).state == "approved"


def test_no_more_are_approved_at_once_than_are_shown(enter: Enter, town: Town) -> None:
    ids = [draft(town) for _ in range(AT_ONCE + 2)]
    client = enter("lead")
    board = client.get("/phieu-chuyen?tinh-trang=drafted").text
    assert " checked" not in board
    assert f"Chọn sẵn {AT_ONCE} phiếu đầu" in board
    ticked = client.get("/phieu-chuyen?tinh-trang=drafted&chon=co").text
    assert len(re.findall(r'name="phieu" value="\d+" checked', ticked)) == AT_ONCE
    page = preview(client, *ids)
    assert page.count("Duyệt phiếu này") == AT_ONCE
    assert "2 phiếu đã chọn chưa hiện ở đây" in page


def test_a_letter_to_who_has_no_address_says_that_it_will_wait(enter: Enter, town: Town) -> None:
    page = preview(enter("lead"), draft(town, agency_key="so-la", agency_name="Sở lạ"))
    assert "Chưa có địa chỉ nhận" in page


@pytest.mark.parametrize("role", ["reader", "analyst", "operator"])
def test_only_a_lead_is_offered_approval(enter: Enter, town: Town, role: str) -> None:
    one = draft(town)
    client = enter(role)
    assert 'name="phieu"' not in client.get("/phieu-chuyen").text
    assert client.get(f"/phieu-chuyen/duyet?phieu={one}").status_code == 403
    assert "Xem trước và duyệt" not in client.get(f"/phieu-chuyen/{one}").text


# -- one referral --------------------------------------------------------------------------------


def test_a_draft_as_a_file_says_that_it_is_one_and_bears_no_number(enter: Enter, town: Town) -> None:
    one = draft(town)
    client = enter("analyst")
    answer = client.get(f"/phieu-chuyen/{one}/du-thao.docx")
    document = Document(io.BytesIO(answer.content))
    (section,) = document.sections
    for header in (section.first_page_header, section.header):
        assert "DỰ THẢO (chưa phát hành, chưa có số)" in [p.text for p in header.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Số:       /PC-BTG" in cells
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "chậm nhất 17:00 ngày 26/11/2026" in text
    with town.store.begin() as session:
        session.get_one(Referral, one).state = "approved"
    assert client.get(f"/phieu-chuyen/{one}/du-thao.docx").status_code == 404


def test_one_referral_shows_its_thread(enter: Enter, town: Town) -> None:
    one = sent(town, "Việc có trả lời", state="answered")
    town.delivery(one, state="sent", sent_at=NOW)
    town.reply(one, "Trả lời bịa để kiểm thử.")
    page = enter("reader").get(f"/phieu-chuyen/{one}").text
    for words in ("Việc có trả lời", "Trả lời bịa để kiểm thử.", "so-nnmt@example.vn", "chờ đánh giá"):
        assert words in page, words
    assert "Tải bản dự thảo" not in page


def test_approving_from_two_browsers_gives_one_number(enter: Enter, town: Town) -> None:
    one = draft(town)
    first, second = enter("lead"), enter("lead")
    forms = [fields(preview(client, one)) for client in (first, second)]
    first.post("/phieu-chuyen/duyet", data=forms[0])
    said = second.post("/phieu-chuyen/duyet", data=forms[1]).text
    assert "Phiếu đã được Chức danh thử lead duyệt lúc" in said
    assert town.get(Issue, 1).state == "confirmed"


@pytest.mark.parametrize("page", ["/", "/phieu-chuyen"])
@pytest.mark.parametrize(("role", "waits", "led"), [("lead", 1, 1), ("lead", 0, 0), ("analyst", 1, 0)])
def test_who_may_approve_is_led_to_where_several_are_approved_at_once(
    enter: Enter, town: Town, page: str, role: str, waits: int, led: int
) -> None:
    sent(town, "Việc còn hạn")
    for _ in range(waits):
        draft(town)
    client = enter(role)
    links = re.findall(r'<a href="([^"]+)">Duyệt nhiều phiếu', client.get(page).text)
    assert len(links) == led
    for link in links:
        there = client.get(link).text
        assert "Xem trước và duyệt các phiếu đã chọn" in there
        assert "Duyệt nhiều phiếu" not in there, "it is here"
