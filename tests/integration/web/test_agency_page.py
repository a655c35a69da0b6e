"""What an agency finds and does behind the link in its letter, and what a stranger cannot."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer
from starlette.testclient import TestClient

from pipeline.answering.attachments import path_of
from pipeline.answering.links import Links
from pipeline.settings import AgencyPage, Attachments
from store.models import Event, Referral, Reply, TimeRequest
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town
from tests.office import at
from web.agency import FORMS, VIEWS, WRONG_LINKS

KEY = "khoa-thu-nghiem-khoa-thu-nghiem-0001"
PAGE = AgencyPage(base_url="https://phoihop.example.vn", days=30)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def with_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANSINH_LINK_SECRET", KEY)
    limits = Attachments(max_bytes=50_000, max_files=2)
    town.settings = town.settings.model_copy(update={"agency_page": PAGE, "attachments": limits})


@pytest.fixture
def agency(town: Town) -> Iterator[TestClient]:
    """A telephone that has never signed in; it follows redirects."""
    with TestClient(town.app, raise_server_exceptions=False) as client:
        yield client


def link(town: Town, referral: int) -> str:
    """The path of the link in that referral's letter."""
    found: Referral = town.get(Referral, referral)
    return Links(PAGE).address(found, NOW).removeprefix(PAGE.base_url)


def sent(town: Town, **columns: Any) -> int:
    return town.sent_referral(town.issue(state="referred"), **columns)


def form_of(client: TestClient, path: str, what: str) -> dict[str, str]:
    """The hidden fields of that form as the page has them now."""
    found = re.search(
        rf'value="{what}"><input type="hidden" name="bieu-mau" value="([^"]+)"', client.get(path).text
    )
    assert found, what
    return {"viec": what, "bieu-mau": found[1]}


def submit(client: TestClient, path: str, what: str, files: Any = None, **fields: str) -> Any:
    data = form_of(client, path, what) | {name.replace("_", "-"): value for name, value in fields.items()}
    return client.post(path, data=data, files=files)


def test_the_page_says_what_is_asked_by_when_and_on_what_basis(town: Town, agency: TestClient) -> None:
    referral = sent(town, deadline_at=at("2026-11-24 17:00"))
    page = agency.get(link(town, referral))
    assert page.status_code == 200
    for words in (
        "Sở Nông nghiệp và Môi trường",
        "Đề nghị kiểm tra, trả lời.",
        "24/11/2026 17:00",
        "Chương trình phối hợp thử nghiệm",
        "Báo Thử Nghiệm",
        "ban@example.vn",
    ):
        assert words in page.text, words
    assert "<script" not in page.text
    assert "csrf" not in page.text


def test_a_letter_approved_before_seven_bears_the_day_it_bears_on_paper(
    town: Town, agency: TestClient
) -> None:
    # Of which it is the day before in UTC.
    page = agency.get(link(town, sent(town, approved_at=at("2026-11-16 06:50"))))
    assert "ngày 16/11/2026" in page.text


def test_nothing_leads_others_to_the_page(town: Town, agency: TestClient, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    path = link(town, sent(town))
    for answer in (agency.get(path), agency.get(path + "x"), submit(agency, path, "tiep-nhan")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer.headers["Cache-Control"] == "no-store"
    own = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [record for record in own if path in record.getMessage()]


def test_an_agency_acknowledges(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    answer = submit(agency, link(town, referral), "tiep-nhan")
    assert "Đã ghi nhận việc tiếp nhận" in answer.text
    assert town.get(Referral, referral).state == "acknowledged"
    with town.store.read() as session:
        actors = {event.actor for event in session.query(Event).where(Event.entity == "referral")}
    assert actors == {f"agency:{town.get(Referral, referral).agency_key}"}


def test_an_agency_sees_what_it_wrote_and_nothing_that_others_wrote(town: Town, agency: TestClient) -> None:
    own, other = sent(town), sent(town)
    town.reply(other, "Lời của nơi khác, bịa.")
    submit(agency, link(town, own), "xin-them-han", den_ngay="14/12/2026", ly_do_xin="Chờ kết luận bịa")
    submit(agency, link(town, own), "tra-loi", noi_dung="Đã xong, bịa.\nDòng hai.")
    page = agency.get(link(town, own)).text
    assert "lý do “Chờ kết luận bịa”" in page
    assert '<p class="text">Đã xong, bịa.\nDòng hai.</p>' in page
    assert "Lời của nơi khác" not in page


@pytest.mark.parametrize("written", ["14/12/2026", "14.12.2026", " 14-12-2026", "14 12 2026"])
def test_a_day_may_be_written_as_a_telephones_keys_allow(
    town: Town, agency: TestClient, written: str
) -> None:
    referral = sent(town)
    submit(agency, link(town, referral), "xin-them-han", den_ngay=written, ly_do_xin="chờ kết luận")
    with town.store.read() as session:
        assert [asked.until.isoformat() for asked in session.query(TimeRequest)] == ["2026-12-14"]


def test_an_agency_answers_with_text_and_files(town: Town, agency: TestClient, enter: Enter) -> None:
    referral = sent(town, deadline_at=at("2026-11-20 17:00"))
    town.clock.now = at("2026-11-20 17:00")
    answer = submit(
        agency,
        link(town, referral),
        "tra-loi",
        files=[("tep", ("Báo cáo số 12.pdf", PDF, "application/pdf")), ("tep", ("", b""))],
        noi_dung="Đã thu gom. Gọi bà Nguyễn Thị Bịa 0912345678.",
        so_van_ban="12/SNN",
    )
    assert "Đã nhận trả lời của cơ quan" in answer.text
    assert "Báo cáo số 12.pdf <small>(1 kB)</small>" in answer.text
    assert '<p class="text">Đã thu gom. Gọi bà [họ tên] [số điện thoại].</p>' in answer.text
    with town.store.read() as session:
        (reply,) = session.get_one(Referral, referral).replies
        assert (reply.received_at, reply.channel, reply.document_number) == (town.clock.now, "page", "12/SNN")
        assert "0912345678" not in reply.text
        (file,) = reply.attachments
        assert path_of(town.settings.data_dir, file.sha256).read_bytes() == PDF
    assert town.get(Referral, referral).state == "answered"


def test_whatever_stands_where_a_document_number_belongs_is_masked(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    number = "12/SNN, bà Nguyễn Thị Bịa, 0912345678"
    submit(agency, link(town, referral), "tra-loi", noi_dung="Xong.", so_van_ban=number)
    with town.store.read() as session:
        (reply,) = session.get_one(Referral, referral).replies
        assert reply.document_number == "12/SNN, bà [họ tên], [số điện thoại]"


def test_a_reply_may_be_files_only(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    submit(
        agency, link(town, referral), "tra-loi", files=[("tep", ("a.pdf", PDF))], noi_dung="", so_van_ban=""
    )
    assert town.get(Referral, referral).state == "answered"


def test_an_agency_names_the_competent_body(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    answer = submit(
        agency, link(town, referral), "tu-choi", co_quan="Sở Xây dựng", ly_do_tu_choi="Theo phân cấp."
    )
    assert "Đã ghi nhận ý kiến" in answer.text
    refused = town.get(Referral, referral)
    assert (refused.state, refused.proposed_agency) == ("refused", "Sở Xây dựng")
    # And whoever opens the link again reads what was said.
    again = agency.get(link(town, referral)).text
    assert "việc không thuộc thẩm quyền của mình" in again
    assert "<dd>Sở Xây dựng</dd>" in again
    assert "Theo phân cấp." in again


def test_the_page_tells_the_problem_in_the_letters_own_words(town: Town, agency: TestClient) -> None:
    """A unit behind a closed network opens no newspaper."""
    letter = {"summary": "Tóm tắt bịa.", "quotation": "lời trích bịa <b>", "quoted": {"outlet": "Báo Bịa"}}
    page = agency.get(link(town, sent(town, letter=letter))).text
    assert "Tóm tắt bịa." in page
    assert "“lời trích bịa &lt;b&gt;” (Báo Bịa)" in page
    without = agency.get(link(town, sent(town))).text
    assert "<dt>Tóm tắt</dt>" not in without
    assert "Báo chí viết" not in without


def test_an_agency_asks_for_more_time_and_the_deadline_stands(town: Town, agency: TestClient) -> None:
    deadline = at("2026-11-25 17:00")
    referral = sent(town, deadline_at=deadline)
    path = link(town, referral)
    answer = submit(agency, path, "xin-them-han", den_ngay="30/11/2026", ly_do_xin="Phải đo đạc lại.")
    assert "Đã nhận đề nghị gia hạn" in answer.text
    assert "đang chờ quyết định" in answer.text
    assert "Đề nghị gia hạn đến ngày" not in answer.text
    assert town.get(Referral, referral).deadline_at == deadline
    with town.store.read() as session:
        (asked,) = session.query(TimeRequest).all()
        assert (asked.until.isoformat(), asked.decision) == ("2026-11-30", None)


def test_a_second_request_waits_for_the_first(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    path = link(town, referral)
    asking = {"den-ngay": "30/12/2026", "ly-do-xin": "x"}
    first, second = (form_of(agency, path, "xin-them-han") for _ in range(2))
    assert agency.post(path, data=first | asking).status_code == 200
    answer = agency.post(path, data=second | asking)
    assert (answer.status_code, "đang chờ quyết định" in answer.text) == (409, True)
    with town.store.read() as session:
        assert session.query(TimeRequest).count() == 1


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("tra-loi", {"noi_dung": " ", "so_van_ban": ""}, "Hãy ghi nội dung trả lời"),
        ("tra-loi", {"noi_dung": "x" * 20_001, "so_van_ban": ""}, "dài quá 20000"),
        ("tu-choi", {"co_quan": "", "ly_do_tu_choi": "x"}, "phải nêu cơ quan"),
        ("tu-choi", {"co_quan": "Sở Xây dựng", "ly_do_tu_choi": ""}, "lý do từ chối"),
        ("xin-them-han", {"den_ngay": "", "ly_do_xin": "x"}, "Hãy ghi ngày"),
        ("xin-them-han", {"den_ngay": "31 tháng 12", "ly_do_xin": "x"}, "ví dụ 22/11/2026"),
        ("xin-them-han", {"den_ngay": "29/11/2026", "ly_do_xin": "x"}, "không phải ngày làm việc"),
        ("xin-them-han", {"den_ngay": "20/11/2026", "ly_do_xin": "x"}, "muộn hơn"),
        ("xin-them-han", {"den_ngay": "22/11/2027", "ly_do_xin": "x"}, "trong vòng một năm"),
        ("xin-them-han", {"den_ngay": "31/12/9999", "ly_do_xin": "x"}, "ví dụ 22/11/2026"),
        ("xin-them-han", {"den_ngay": "30/12/2026", "ly_do_xin": ""}, "lý do xin"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "fields",
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    town: Town, agency: TestClient, what: str, fields: dict[str, str], said: str
) -> None:
    referral = sent(town)
    answer = submit(agency, link(town, referral), what, **fields)
    assert answer.status_code == 409
    assert said in answer.text
    for value in fields.values():
        assert value.strip() in answer.text
    assert town.get(Referral, referral).state == "sent"


# Attacks


def test_a_forged_link_opens_nothing(town: Town, agency: TestClient) -> None:
    mine, other = sent(town), sent(town)
    path = link(town, mine)
    token = path.rpartition("/")[2]
    until = int((NOW + timedelta(days=30)).timestamp())
    own_key = URLSafeSerializer("khoa-cua-ke-gia-mao-khoa-cua-ke-gia-mao", salt="dansinh agency page")
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[1:],
        "",
        "..%2f..%2fetc",
        token.split(".")[0],
        URLSafeSerializer("x").dumps([other, 1, until]),
        own_key.dumps([other, 1, until]),
        # The payload of one link with the signature of another.
        link(town, other).rpartition("/")[2].split(".")[0] + "." + token.rpartition(".")[2],
    ]
    for one in forged:
        answer = agency.get("/tra-loi-phieu/" + one)
        assert answer.status_code == 404, one
        assert "Sở Nông nghiệp" not in answer.text
    assert "Liên kết không đúng" in agency.get("/tra-loi-phieu/" + forged[0]).text
    assert agency.post("/tra-loi-phieu/" + forged[0], data={"viec": "tiep-nhan"}).status_code == 404
    assert {town.get(Referral, one).state for one in (mine, other)} == {"sent"}


def test_an_expired_link_says_so(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    path = link(town, referral)
    form = form_of(agency, path, "tiep-nhan")
    town.clock.now = NOW + timedelta(days=30, seconds=1)
    for answer in (agency.get(path), agency.post(path, data=form)):
        assert answer.status_code == 410
        assert "Liên kết đã hết hạn" in answer.text
        assert "cấp liên kết mới" in answer.text
    assert town.get(Referral, referral).state == "sent"


def test_a_replaced_link_is_void(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    path = link(town, referral)
    form = form_of(agency, path, "tiep-nhan")
    with town.store.begin() as session:
        session.get_one(Referral, referral).link_serial += 1
    for answer in (agency.get(path), agency.post(path, data=form)):
        assert answer.status_code == 410
        assert "đã được thay hoặc thu hồi" in answer.text
    assert agency.get(link(town, referral)).status_code == 200
    assert town.get(Referral, referral).state == "sent"


@pytest.mark.parametrize(
    ("referral_state", "issue_state", "status", "said"),
    [
        ("withdrawn", "referred", 410, "đã được rút"),
        ("sent", "closed", 410, "Vấn đề đã kết thúc"),
        ("accepted", "referred", 200, "Không còn việc gì"),
        ("refused", "referred", 200, "Không còn việc gì"),
        ("answered", "referred", 200, "Không còn việc gì"),
        ("approved", "referred", 200, "đang được gửi đi"),
    ],
)
def test_a_closed_referral_takes_nothing_more(
    town: Town, agency: TestClient, referral_state: str, issue_state: str, status: int, said: str
) -> None:
    issue = town.issue(state="referred")
    referral = town.sent_referral(issue)
    path = link(town, referral)
    forms = [form_of(agency, path, what) for what in ("tiep-nhan", "tra-loi", "tu-choi", "xin-them-han")]
    with town.store.begin() as session:
        found = session.get_one(Referral, referral)
        found.state, found.issue.state = referral_state, issue_state
    page = agency.get(path)
    assert (page.status_code, said in page.text) == (status, True)
    assert "<form" not in page.text
    filled = {
        "noi-dung": "x",
        "co-quan": "y",
        "ly-do-tu-choi": "z",
        "den-ngay": "30/12/2026",
        "ly-do-xin": "t",
    }
    for form in forms:
        answer = agency.post(path, data=form | filled, files=[("tep", ("a.pdf", PDF))])
        assert answer.status_code in (409, 410)
    assert [*town.settings.data_dir.rglob("attachments/*/*")] == [], "of a refused form nothing is kept"
    assert town.get(Referral, referral).state == referral_state
    with town.store.read() as session:
        assert session.query(Reply).count() == session.query(TimeRequest).count() == 0


def test_the_same_form_sent_twice_is_taken_once(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    path = link(town, referral)
    form = form_of(agency, path, "tra-loi") | {"noi-dung": "Đã xử lý xong."}
    assert "Đã nhận trả lời" in agency.post(path, data=form).text
    # Returned, so that the state alone would let it in again.
    with town.store.begin() as session:
        found = session.get_one(Referral, referral)
        found.state, found.replies[0].judgement = "returned", "returned"
    again = agency.post(path, data=form)
    assert "đã được nhận trước đó" in again.text
    with town.store.read() as session:
        assert session.query(Reply).count() == 1
    assert town.get(Referral, referral).state == "returned"


def test_a_link_reaches_no_other_referral(town: Town, agency: TestClient) -> None:
    mine, other = sent(town), sent(town)
    form = form_of(agency, link(town, other), "tiep-nhan")
    named = {"id": str(other), "referral": str(other), "referral_id": str(other)}
    agency.post(link(town, mine) + f"?id={other}", data=form | named)
    assert (town.get(Referral, mine).state, town.get(Referral, other).state) == ("acknowledged", "sent")


@pytest.mark.parametrize(
    "form",
    [{}, {"viec": "duyet"}, {"viec": "tiep-nhan"}, {"viec": "tiep-nhan", "bieu-mau": "a b"}],
    ids=["empty", "unknown step", "no form", "no form's name"],
)
def test_a_form_made_by_hand_does_nothing(town: Town, agency: TestClient, form: dict[str, str]) -> None:
    referral = sent(town)
    assert agency.post(link(town, referral), data=form).status_code in (400, 409)
    assert town.get(Referral, referral).state == "sent"


def test_guessing_links_is_slowed_down_and_shuts_nobody_out(town: Town, agency: TestClient) -> None:
    for number in range(WRONG_LINKS):
        assert agency.get(f"/tra-loi-phieu/doan-{number}").status_code == 404
    assert agency.get("/tra-loi-phieu/doan").status_code == 429
    # All agencies may come through one proxy.
    assert agency.get(link(town, sent(town))).status_code == 200
    town.clock.now += timedelta(minutes=16)
    assert agency.get("/tra-loi-phieu/doan").status_code == 404


def test_forms_and_views_of_one_link_are_slowed_down(town: Town, agency: TestClient) -> None:
    path, other = link(town, sent(town)), link(town, sent(town))
    for _ in range(FORMS):
        assert agency.post(path, data={"viec": "?"}).status_code == 400
    assert agency.post(path, data={"viec": "?"}).status_code == 429
    assert agency.get(path).status_code == 200
    for _ in range(VIEWS):
        agency.get(path)
    assert "Hãy đợi 15 phút" in agency.get(path).text
    assert agency.get(other).status_code == 200
    town.clock.now += timedelta(minutes=16)
    assert agency.get(path).status_code == 200


def test_forms_that_are_taken_count_too(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    path = link(town, referral)
    assert "Đã ghi nhận việc tiếp nhận" in submit(agency, path, "tiep-nhan").text
    for _ in range(FORMS - 1):
        assert agency.post(path, data={"viec": "?"}).status_code == 400
    answer = submit(agency, path, "tra-loi", noi_dung="Đã dọn.")
    assert (answer.status_code, "Chưa ghi nhận lần gửi này" in answer.text) == (429, True)
    assert town.get(Referral, referral).state == "acknowledged"
    town.clock.now += timedelta(minutes=16)
    assert submit(agency, path, "tra-loi", noi_dung="Đã dọn.").status_code == 200


def test_without_the_section_there_is_no_page(town: Town) -> None:
    path = link(town, sent(town))
    town.settings = town.settings.model_copy(update={"agency_page": None})
    with TestClient(town.app) as client:
        assert client.get(path).status_code == 404


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_what_an_agency_writes_is_shown_as_text(town: Town, agency: TestClient, enter: Enter) -> None:
    first, second, third = sent(town), sent(town), sent(town)
    submit(
        agency,
        link(town, first),
        "tra-loi",
        files=[("tep", (f"{HOSTILE}.pdf", PDF))],
        noi_dung=HOSTILE,
        so_van_ban=HOSTILE,
    )
    submit(agency, link(town, second), "xin-them-han", den_ngay="30/12/2026", ly_do_xin=HOSTILE)
    submit(agency, link(town, third), "tu-choi", co_quan=HOSTILE, ly_do_tu_choi=HOSTILE)
    client = enter("lead")
    pages = [client.get("/"), *(client.get(f"/van-de/{n}") for n in (1, 2, 3))]
    pages += [agency.get(link(town, one)) for one in (first, second, third)]
    pages.append(submit(agency, link(town, second), "tu-choi", co_quan=HOSTILE, ly_do_tu_choi=""))
    assert all("<script>" not in page.text and "<img" not in page.text for page in pages)
    assert sum("&lt;script&gt;" in page.text for page in pages) >= 5


@pytest.mark.parametrize(
    "data",
    [{str(number): "x" for number in range(50)}, {"viec": "tra-loi", "noi-dung": "x" * 1_100_000}],
    ids=["many fields", "a huge field"],
)
def test_a_form_beyond_all_measure_is_not_read(town: Town, agency: TestClient, data: dict[str, str]) -> None:
    referral = sent(town)
    answer = agency.post(link(town, referral), data=data, files={"tep": ("a.pdf", PDF)})
    assert answer.status_code in (400, 413)
    assert "Chưa ghi nhận gì" in answer.text
    assert town.get(Referral, referral).state == "sent"


# Files


def office_file(*names: str, unpacked: int = 10) -> bytes:
    """`unpacked`: the size that the table of contents gives for each file in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * 10)
        for entry in archive.infolist():
            entry.file_size = unpacked
    return made.getvalue()


DOCX = office_file("[Content_Types].xml", "word/document.xml")
REFUSED_FILES = {
    "html called pdf": ("bao-cao.pdf", b"<html><script>alert(1)</script></html>", "theo nội dung"),
    "program called pdf": ("bao-cao.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04" + b"\0" * 200, "theo nội dung"),
    "svg": ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "theo nội dung"),
    "archive": ("tep.zip", office_file("a.txt"), "theo nội dung"),
    "macro": (
        "van-ban.docx",
        office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        "macro",
    ),
    "bomb": (
        "van-ban.docx",
        office_file("[Content_Types].xml", "word/document.xml", unpacked=10**9),
        "bất thường",
    ),
    "too large": ("lon.pdf", PDF + b"x" * 50_000, "lớn quá"),
    "empty": ("trong.pdf", b"", "rỗng"),
    "torn": ("van-ban.docx", DOCX[:-30], "theo nội dung"),
}


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_is_taken_for_what_its_content_is(town: Town, agency: TestClient, case: str) -> None:
    name, content, said = REFUSED_FILES[case]
    referral = sent(town)
    answer = submit(
        agency,
        link(town, referral),
        "tra-loi",
        files=[("tep", (name, content))],
        noi_dung="Chữ đã gõ.",
        so_van_ban="",
    )
    assert answer.status_code == 409
    assert said in answer.text
    assert "Chữ đã gõ." in answer.text
    assert town.get(Referral, referral).state == "sent"
    assert not (town.settings.data_dir / "attachments").exists()


def test_a_message_beyond_all_limits_is_read_no_further(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    files = [("tep", (f"{n}.pdf", PDF + b"x" * 400_000)) for n in range(3)]
    answer = submit(agency, link(town, referral), "tra-loi", files=files, noi_dung="x", so_van_ban="")
    assert (answer.status_code, "Tệp gửi kèm quá lớn" in answer.text) == (413, True)
    assert town.get(Referral, referral).state == "sent"


def test_more_files_than_may_be(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    files = [("tep", (f"{n}.pdf", PDF)) for n in range(3)]
    answer = submit(agency, link(town, referral), "tra-loi", files=files, noi_dung="x", so_van_ban="")
    assert "Nhiều hơn 2 tệp" in answer.text
    assert not (town.settings.data_dir / "attachments").exists()


def test_an_office_document_is_taken(town: Town, agency: TestClient) -> None:
    referral = sent(town)
    submit(
        agency, link(town, referral), "tra-loi", files=[("tep", ("cv.bin", DOCX))], noi_dung="", so_van_ban=""
    )
    with town.store.read() as session:
        (file,) = session.get_one(Referral, referral).replies[0].attachments
        assert (file.name, file.kind, file.size) == ("cv.docx", "docx", len(DOCX))
