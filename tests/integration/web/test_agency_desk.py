"""What an account of an agency's unit sees and does, and that it reaches nothing of anybody else's."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from pipeline.answering.attachments import path_of
from pipeline.settings import Attachments
from store.models import Event, Referral, RegisterEntry, Reply
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, OWN_AGENCY, POST, Town
from web.pages import agency_desk
from web.uploads import FIELDS_BYTES

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LIST = "/co-quan"
PROJECTS = "/co-quan/du-an"
OTHER = {"agency_key": "so-xay-dung", "agency_name": "Sở Xây dựng"}


@pytest.fixture(autouse=True)
def small_files(town: Town) -> None:
    limits = Attachments(max_bytes=50_000, max_files=2)
    town.settings = town.settings.model_copy(update={"attachments": limits})


@pytest.fixture
def unit(enter: Enter) -> TestClient:
    """Signed in as the agency's unit."""
    return enter("agency")


def sent(town: Town, title: str = "Việc của cơ quan", **columns: Any) -> int:
    issue = town.issue(state="referred", title=title)
    return town.sent_referral(issue, **({"agency_key": OWN_AGENCY} | columns))


def page_of(referral: int) -> str:
    return f"{LIST}/phieu/{referral}"


def submit(client: TestClient, referral: int, what: str, files: Any = None, **fields: str) -> Any:
    page = client.get(page_of(referral)).text
    form = re.search(rf'value="{what}"><input type="hidden" name="bieu-mau" value="([^"]+)"', page)
    assert form, what
    data = {"csrf": token(client, "/tai-khoan"), "viec": what, "bieu-mau": form[1]}
    data |= {name.replace("_", "-"): value for name, value in fields.items()}
    return client.post(page_of(referral), data=data, files=files)


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/co-quan/phieu/\d+">([^<]+)</a>', page)


def test_a_unit_begins_with_what_waits_for_it_and_what_is_due_first(unit: TestClient, town: Town) -> None:
    sent(town, "Còn hạn")
    sent(town, "Quá hạn", deadline_at=NOW - timedelta(days=2))
    sent(town, "Đã trả lời", state="answered")
    sent(town, "Của sở khác", **OTHER)
    town.referral(town.issue(title="Dự thảo"), agency_key=OWN_AGENCY)
    closed = town.issue(state="closed", title="Đã kết thúc")
    town.sent_referral(closed, agency_key=OWN_AGENCY, deadline_at=NOW - timedelta(days=5))
    page = unit.get("/")
    assert page.url.path == LIST
    assert titles(page.text)[:2] == ["Quá hạn", "Còn hạn"]
    assert sorted(titles(page.text)[2:]) == ["Còn hạn", "Quá hạn", "Đã kết thúc", "Đã trả lời"]
    said = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "Chờ cơ quan trả lời 2 phiếu, 1 phiếu quá hạn" in said
    assert "4 phiếu, mới nhất trước" in said
    assert re.search(r"\(quá hạn \d ngày làm việc\)", page.text)


def test_all_that_waits_can_be_paged_through(
    unit: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agency_desk, "ROWS", 1)
    sent(town, "Quá hạn lâu", deadline_at=NOW - timedelta(days=9))
    sent(town, "Quá hạn", deadline_at=NOW - timedelta(days=2))
    first = unit.get(LIST).text
    assert titles(first)[0] == "Quá hạn lâu"
    following = re.search(r'href="(/co-quan\?cho=2)">Trang sau', first)
    assert following
    second = unit.get(following[1]).text
    assert titles(second)[0] == "Quá hạn"
    assert 'href="/co-quan?cho=1">← Trang trước' in second
    assert "Trang này không có phiếu nào" in unit.get(f"{LIST}?cho=3").text


def test_every_label_leads_to_its_field(unit: TestClient, town: Town) -> None:
    """Of the link's page it does; within the desk's frame its ids must not be the frame's, too."""
    for page in (unit.get(page_of(sent(town))).text, unit.get(PROJECTS).text):
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        fields = set(re.findall(r'<(?:input|textarea|select) id="([^"]+)"', page))
        assert set(re.findall(r'<label for="([^"]+)"', page)) <= fields


ACTS: dict[str, tuple[dict[str, str], str, str]] = {
    "tiep-nhan": ({}, "acknowledged", "acknowledged"),
    "tra-loi": ({"noi_dung": "Đã thu gom xong."}, "answered", "answered"),
    "tu-choi": ({"co_quan": "Sở Xây dựng", "ly_do_tu_choi": "không thuộc"}, "refused", "refused"),
    "xin-them-han": ({"den_ngay": "14/12/2026", "ly_do_xin": "chờ kết luận"}, "sent", "time_asked"),
}


@pytest.mark.parametrize("what", sorted(ACTS))
def test_a_unit_does_what_the_signed_link_lets_it_do(unit: TestClient, town: Town, what: str) -> None:
    fields, state, action = ACTS[what]
    referral = sent(town)
    answer = submit(unit, referral, what, **fields)
    assert (answer.status_code, 'role="status"' in answer.text) == (200, True)
    assert town.get(Referral, referral).state == state
    with town.store.read() as session:
        (done,) = session.query(Event).where(Event.entity == "referral", Event.action == action)
    assert done.actor == "agency:tai-khoan-agency"


def test_files_come_with_an_answer_and_the_desk_knows_how_it_came(
    unit: TestClient, town: Town, enter: Enter
) -> None:
    referral = sent(town)
    files = [("tep", ("Báo cáo.pdf", PDF, "application/pdf"))]
    submit(unit, referral, "tra-loi", files=files, noi_dung="Đã xong.", so_van_ban="12/BC")
    with town.store.read() as session:
        (reply,) = session.query(Reply)
        (file,) = reply.attachments
        assert (reply.channel, reply.document_number, file.name) == ("account", "12/BC", "Báo cáo.pdf")
        assert path_of(town.settings.data_dir, file.sha256).read_bytes() == PDF
    page = enter("analyst").get("/van-de/1").text
    assert "(qua tài khoản của cơ quan)" in page
    assert POST["agency"] in page


def test_what_is_refused_can_be_mended_without_typing_it_again(unit: TestClient, town: Town) -> None:
    referral = sent(town)
    files = [("tep", ("x.pdf", b"MZ\x90\x00", "application/pdf"))]
    answer = submit(unit, referral, "tra-loi", files=files, noi_dung="Đã xong & gửi.")
    assert answer.status_code == 409
    assert "không thuộc loại được nhận" in answer.text
    assert "Đã xong &amp; gửi.</textarea>" in answer.text
    assert town.get(Referral, referral).state == "sent"
    assert not (town.settings.data_dir / "attachments").exists()


def test_the_same_form_is_taken_once(unit: TestClient, town: Town) -> None:
    referral = sent(town, state="returned")
    page = unit.get(page_of(referral)).text
    form = re.search(r'value="tra-loi"><input type="hidden" name="bieu-mau" value="([^"]+)"', page)
    assert form
    data = {"csrf": token(unit, "/tai-khoan"), "viec": "tra-loi", "bieu-mau": form[1], "noi-dung": "Đã xong."}
    unit.post(page_of(referral), data=data)
    with town.store.begin() as session:
        session.get_one(Referral, referral).state = "returned"
    assert "đã được nhận trước đó" in unit.post(page_of(referral), data=data).text
    with town.store.read() as session:
        assert session.query(Reply).count() == 1


NOT_ITS_OWN: dict[str, dict[str, Any]] = {
    "of another agency": OTHER,
    "a draft": {"state": "drafted", "sent_at": None},
    "approved, not sent": {"state": "approved", "sent_at": None},
}


@pytest.mark.parametrize("case", sorted(NOT_ITS_OWN))
def test_a_changed_number_opens_nothing_and_tells_nothing(unit: TestClient, town: Town, case: str) -> None:
    own = sent(town)
    other = sent(town, "Việc của người khác", letter_path="letters/2026/x.docx", **NOT_ITS_OWN[case])
    letter = town.settings.data_dir / "letters" / "2026" / "x.docx"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"thu")
    absent = unit.get(page_of(9999)).text
    form = {"csrf": token(unit, "/tai-khoan"), "viec": "tra-loi", "bieu-mau": "f" * 22, "noi-dung": "x"}
    answers = [
        unit.get(page_of(other)),
        unit.get(f"{page_of(other)}/thu.docx"),
        unit.post(page_of(other), data=form),
        unit.post(page_of(other), data=form, files=[("tep", ("a.pdf", PDF))]),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.text for answer in answers} == {absent}
    assert town.get(Referral, other).state == NOT_ITS_OWN[case].get("state", "sent")
    assert unit.get(page_of(own)).status_code == 200
    with town.store.read() as session:
        assert session.query(Reply).count() == 0


@pytest.mark.parametrize(
    "path", ["/van-de", "/van-de/1", "/phieu-chuyen", "/phieu-chuyen/1", "/phieu-chuyen/1/thu.docx", "/tep/1"]
)
def test_the_offices_own_pages_stay_closed(unit: TestClient, town: Town, path: str) -> None:
    sent(town)
    assert unit.get(path).status_code == 403


def test_a_matter_that_is_over_can_be_read_and_not_answered(unit: TestClient, town: Town) -> None:
    referral = town.sent_referral(town.issue(state="closed"), agency_key=OWN_AGENCY)
    page = unit.get(page_of(referral)).text
    assert "Không còn việc gì phải làm với phiếu này." in page
    form = {"csrf": token(unit, "/tai-khoan"), "viec": "tra-loi", "bieu-mau": "f" * 22, "noi-dung": "x"}
    assert unit.post(page_of(referral), data=form).status_code == 409
    assert town.get(Referral, referral).state == "sent"


def test_a_form_needs_the_sessions_token_and_a_step_that_there_is(unit: TestClient, town: Town) -> None:
    referral = sent(town)
    for csrf in ({}, {"csrf": "doan"}):
        form = {"viec": "tiep-nhan", "bieu-mau": "f" * 22} | csrf
        assert unit.post(page_of(referral), data=form).status_code == 403
    form = {"csrf": token(unit, "/tai-khoan"), "viec": "duyet"}
    assert unit.post(page_of(referral), data=form).status_code == 400
    assert town.get(Referral, referral).state == "sent"


def test_who_may_not_answer_is_refused_before_what_is_sent_is_read(
    enter: Enter, visitor: TestClient, town: Town
) -> None:
    referral = sent(town)
    huge = [("tep", ("a.pdf", PDF + b"0" * 4 * (2 * 50_000 + FIELDS_BYTES)))]
    assert enter("analyst").post(page_of(referral), files=huge).status_code == 403
    answer = visitor.post(page_of(referral), files=huge, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap")


def test_more_than_may_come_is_refused_in_words(unit: TestClient, town: Town) -> None:
    referral = sent(town)
    huge = [("tep", ("a.pdf", PDF + b"0" * (2 * 50_000 + FIELDS_BYTES)))]
    form = {"csrf": token(unit, "/tai-khoan"), "viec": "tra-loi", "bieu-mau": "f" * 22}
    answer = unit.post(page_of(referral), data=form, files=huge)
    assert (answer.status_code, "quá lớn" in answer.text) == (413, True)
    assert town.get(Referral, referral).state == "sent"


# -- upcoming projects ---------------------------------------------------------------------------


def project(**fields: str) -> dict[str, str]:
    return {"title": "Cải tạo đường bịa", "unit_codes": "11329", "from_day": "01/12/2026"} | fields


def test_a_day_that_there_is_not_is_told_and_nothing_typed_is_lost(unit: TestClient) -> None:
    form = project(csrf=token(unit, "/tai-khoan"), from_day="31/02/2026")
    answer = unit.post(PROJECTS, data=form)
    assert answer.status_code == 409
    assert "hãy ghi ngày, ví dụ 22/11/2026" in answer.text
    assert "Cải tạo đường bịa" in answer.text


def test_a_unit_tells_of_its_projects_in_its_agencys_name(unit: TestClient, town: Town, enter: Enter) -> None:
    csrf = token(unit, "/tai-khoan")
    answer = unit.post(PROJECTS, data=project(csrf=csrf, agency_name="Sở khác"))
    assert "Đã ghi dự án." in answer.text
    entry = town.get(RegisterEntry, 1)
    assert (entry.agency_key, entry.agency_name) == (OWN_AGENCY, "Sở Nông nghiệp và Môi trường")
    assert "Cải tạo đường bịa" in enter("analyst").get("/so-theo-doi/du-an").text
    corrected = project(csrf=csrf, title="Cải tạo cầu bịa", seen_version=str(entry.version))
    assert "Đã sửa dự án." in unit.post(f"{PROJECTS}/1", data=corrected).text
    assert town.get(RegisterEntry, 1).title == "Cải tạo cầu bịa"


def test_what_is_missing_is_said(unit: TestClient, town: Town) -> None:
    answer = unit.post(PROJECTS, data={"csrf": token(unit, "/tai-khoan"), "title": "Chưa đủ"})
    assert (answer.status_code, "Hãy ghi: Địa bàn" in answer.text) == (409, True)


@pytest.mark.parametrize("agency", [None, "so-xay-dung"])
def test_projects_of_others_are_neither_seen_nor_changed(
    unit: TestClient, town: Town, agency: str | None
) -> None:
    with town.store.begin() as session:
        session.add(
            RegisterEntry(
                register="project",
                title="Dự án của người khác",
                unit_codes=["11329"],
                agency_key=agency,
                agency_name="Sở Nông nghiệp và Môi trường",
                created_at=NOW,
            )
        )
    assert "Dự án của người khác" not in unit.get(PROJECTS).text
    form = project(csrf=token(unit, "/tai-khoan"))
    assert unit.post(f"{PROJECTS}/1", data=form).status_code == 404
    assert town.get(RegisterEntry, 1).title == "Dự án của người khác"


def test_no_page_of_a_unit_asks_more_for_more(unit: TestClient, town: Town) -> None:
    asked: list[str] = []
    event.listen(town.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def questions() -> list[int]:
        counts = []
        for address in (LIST, page_of(1), PROJECTS):
            asked.clear()
            assert unit.get(address).status_code == 200
            counts.append(len(asked))
        return counts

    sent(town)
    unit.post(PROJECTS, data=project(csrf=token(unit, "/tai-khoan")))
    few = questions()
    for number in range(4):
        town.reply(sent(town, state="answered"), "Trả lời bịa.")
        unit.post(PROJECTS, data=project(csrf=token(unit, "/tai-khoan"), title=f"Dự án {number}"))
    assert questions() == few


@pytest.mark.parametrize("begins", [date(1, 1, 1), date(1990, 1, 1), date(9999, 12, 31)])
def test_no_day_of_a_project_breaks_the_offices_register(town: Town, enter: Enter, begins: date) -> None:
    """However it came into the store."""
    with town.store.begin() as session:
        session.add(
            RegisterEntry(
                register="project",
                title="Dự án bịa",
                unit_codes=["11329"],
                agency_key=OWN_AGENCY,
                from_day=begins,
                until_day=date(9999, 12, 31),
                created_at=NOW,
            )
        )
    page = enter("analyst").get("/so-theo-doi/du-an")
    assert (page.status_code, "Dự án bịa" in page.text) == (200, True)
