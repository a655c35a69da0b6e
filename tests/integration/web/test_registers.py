"""The registers through the desk's forms, as a browser without scripts sends them. All is invented."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from pipeline.registers import REGISTERS
from pipeline.review import Review
from pipeline.review.registers import EntryContent
from pipeline.states import NotAllowed
from store.models import Event, RegisterEntry, Undoable
from store.queries.registers import entries_of_agency, entries_then, entry_of_agency, open_projects
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, Town
from web.pages.registers import NEAR_FIRST, ROWS, STEPS
from web.permissions import MAY, ROLES

WARD, NEXT_WARD = "11329", "11359"
FORMS: dict[str, dict[str, Any]] = {
    "good_example": {"title": "Tổ dân phố tự trồng hàng cây", "unit_codes": WARD},
    "project": {
        "title": "Mở rộng đường Hàng Thử",
        "unit_codes": [WARD, NEXT_WARD],
        "agency_name": "Sở Xây dựng",
        "from_day": "01/12/2026",
        "until_day": "31/12/2027",
        "topic": "traffic",
    },
    "claim": {
        "title": "Nước máy ở khu Bến Thử có chất độc",
        "agency_name": "Sở Y tế",
        "from_day": "18/11/2026",
        "until_day": "19/11/2026",
    },
    "publication": {
        "title": "Đã dọn xong bãi rác Bến Thử",
        "agency_name": "UBND phường thử nghiệm",
        "from_day": "19/11/2026",
        "link": "https://phuong.example.vn/tin/1",
    },
    "dialogue": {"title": "Đối thoại về bãi rác", "agency_name": "UBND phường", "from_day": "25/11/2026"},
    "reception": {"title": "Tiếp dân về bãi rác", "agency_name": "UBND phường", "from_day": "25/11/2026"},
}


def send(client: TestClient, path: str, **form: Any) -> tuple[int, str]:
    answer = client.post(path, data={"csrf": token(client, "/")} | form)
    return answer.status_code, answer.text


def entered(client: TestClient, key: str, **also: Any) -> str:
    status, page = send(client, f"/so-theo-doi/{REGISTERS[key].slug}", **(FORMS[key] | also))
    assert status == 200, page
    assert "Đã ghi vào sổ." in page
    return page


def only(town: Town) -> RegisterEntry:
    entry = town.get(RegisterEntry, 1)
    assert isinstance(entry, RegisterEntry)
    return entry


@pytest.mark.parametrize("key", REGISTERS)
def test_each_register_is_kept_by_forms(enter: Enter, town: Town, key: str) -> None:
    client, register = enter("analyst"), REGISTERS[key]
    assert "Sổ chưa có mục nào." in client.get(f"/so-theo-doi/{register.slug}").text
    page = entered(client, key)
    assert FORMS[key]["title"] in page
    assert register.in_words(register.born) in page
    entry = only(town)
    assert (entry.register, entry.state) == (key, register.born)
    corrected = FORMS[key] | {"title": "Tên đã sửa", "seen_version": entry.version}
    assert send(client, "/muc-so/1/sua", **corrected)[0] == 200
    assert only(town).title == "Tên đã sửa"
    with town.store.read() as session:
        told = session.query(Event).where(Event.entity == "entry").order_by(Event.id).all()
        assert [(event.action, event.after["title"]) for event in told] == [
            ("entered", FORMS[key]["title"]),
            ("corrected", "Tên đã sửa"),
        ]
        assert told[1].before["title"] == FORMS[key]["title"]
        assert told[1].actor == "analyst:tai-khoan-analyst"


def test_an_entry_is_settled_taken_up_again_and_dropped(enter: Enter, town: Town) -> None:
    client = enter("lead")
    entered(client, "claim")
    assert "(đã quá ngày)" in client.get("/so-theo-doi/thong-tin").text
    answer = {"outcome": "Mẫu nước đạt quy chuẩn.", "day": "20/11/2026"}
    status, page = send(client, "/muc-so/1/ket-qua", **answer)
    assert (status, "Hãy ghi địa chỉ đăng trả lời" in page) == (409, True)
    status, page = send(client, "/muc-so/1/ket-qua", link="https://syt.example.vn/tra-loi", **answer)
    assert status == 200
    assert 'href="https://syt.example.vn/tra-loi"' in page
    entry = only(town)
    assert (entry.state, entry.done_on, entry.outcome) == ("done", date(2026, 11, 20), answer["outcome"])
    assert send(client, "/muc-so/1/thoi", why="thử")[0] == 409
    assert send(client, "/muc-so/1/theo-doi-lai", why="trả lời chưa rõ")[0] == 200
    entry = only(town)
    assert (entry.state, entry.done_on, entry.outcome) == ("open", None, None)
    status, page = send(client, "/muc-so/1/thoi", why="đã hết lan truyền")
    assert (status, "lý do: đã hết lan truyền" in page) == (200, True)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("dialogue", "Ngày tổ chức trong sổ là 25/11/2026, sau ngày 20/11/2026."),
        ("reception", "Ngày tổ chức trong sổ là 25/11/2026"),
        ("project", "Dự kiến hoàn thành trong sổ là 31/12/2027"),
        ("good_example", ""),
    ],
)
def test_what_is_done_before_its_day_is_confirmed(enter: Enter, town: Town, key: str, words: str) -> None:
    client = enter("analyst")
    entered(client, key)
    result = {"outcome": "Đã xong.", "day": "20/11/2026"}
    if words:
        status, page = send(client, "/muc-so/1/ket-qua", **result)
        assert (status, words in page) == (409, True)
        assert only(town).state == "open"
        result["sooner"] = "1"
    assert send(client, "/muc-so/1/ket-qua", **result)[0] == 200
    assert (only(town).state, only(town).done_on) == ("done", date(2026, 11, 20))


def test_an_agency_enters_a_project_in_its_own_name(town: Town) -> None:
    review = Review(town.store, town.settings, town.clock)
    content = EntryContent("Nạo vét mương Bến Thử", unit_codes=(WARD,), agency_name="Sở Y tế")
    key = review.enter_project_of("so-nnmt", content, "agency:tai-khoan")
    review.correct_project_of("so-nnmt", key, replace(content, title="Nạo vét"), "agency:tai-khoan")
    with pytest.raises(NotAllowed, match="Không tìm thấy"):
        review.correct_project_of("so-xay-dung", key, content, "agency:khac")
    with pytest.raises(NotAllowed, match="không còn trong danh sách"):
        review.enter_project_of("so-khong-co", content, "agency:khac")
    entry = only(town)
    assert (entry.register, entry.title, entry.agency_key) == ("project", "Nạo vét", "so-nnmt")
    assert entry.agency_name == "Sở Nông nghiệp và Môi trường"
    review.drop_entry(key, "analyst:a", "thôi")
    with pytest.raises(NotAllowed, match="không còn được theo dõi"):
        review.correct_project_of("so-nnmt", key, content, "agency:tai-khoan")
    with town.store.read() as session:
        assert [one.id for one in entries_of_agency(session, "so-nnmt", 10)] == [key]
        assert entry_of_agency(session, key, "so-xay-dung") is None


@pytest.mark.parametrize(
    ("key", "wrong", "words"),
    [
        ("project", {"unit_codes": []}, "Hãy ghi: Địa bàn."),
        ("project", {"unit_codes": "99999"}, "Không có đơn vị hành chính"),
        ("project", {"until_day": "30/11/2026"}, "Ngày sau sớm hơn ngày trước"),
        ("project", {"topic": "bay"}, "Không có lĩnh vực"),
        ("project", {"title": "dài " * 80}, "dài quá 300"),
        ("claim", {"agency_name": " "}, "Hãy ghi: Cơ quan có thẩm quyền trả lời."),
        ("claim", {"from_day": "32/11/2026"}, "hãy ghi ngày"),
        ("claim", {"issue_id": "77"}, "Không có vấn đề số 77"),
        ("publication", {"link": "javascript:alert(1)"}, "Địa chỉ phải bắt đầu bằng"),
        ("publication", {"from_day": "01/05/2027"}, "Ngày ghi ở tương lai"),
    ],
)
def test_what_cannot_be_entered_is_said_in_words(
    enter: Enter, town: Town, key: str, wrong: dict[str, Any], words: str
) -> None:
    status, page = send(enter("analyst"), f"/so-theo-doi/{REGISTERS[key].slug}", **(FORMS[key] | wrong))
    refusal = re.search(r'role="alert"><p>(.*?)</p>', page)
    assert status == 409
    assert refusal
    assert words in refusal[1]
    with town.store.read() as session:
        assert session.query(RegisterEntry).count() == 0


def test_a_corrected_day_of_what_was_made_public_is_the_day_it_was_done(enter: Enter, town: Town) -> None:
    client = enter("lead")
    entered(client, "publication")
    path, form = "/muc-so/1/sua", FORMS["publication"]
    assert send(client, path, **(form | {"from_day": "17/11/2026"}))[0] == 200
    assert (only(town).from_day, only(town).done_on) == (date(2026, 11, 17), date(2026, 11, 17))
    assert send(client, path, **(form | {"from_day": "01/05/2027"}))[0] == 409
    assert only(town).done_on == date(2026, 11, 17)
    assert send(client, "/muc-so/1/theo-doi-lai", why="đã gỡ để sửa")[0] == 200
    # What is not public yet may be planned for a day to come.
    assert send(client, path, **(form | {"from_day": "01/05/2027"}))[0] == 200
    assert only(town).done_on is None


def test_who_said_it_is_masked(enter: Enter, town: Town) -> None:
    entered(
        enter("analyst"), "claim", title="Bà Trần Thị Thử, 0912345678, nói nước có độc", text="ông Lê Văn Thử"
    )
    entry = only(town)
    assert "Trần Thị Thử" not in entry.title
    assert "0912345678" not in entry.title
    assert "Lê Văn Thử" not in (entry.text or "")


def test_a_field_that_the_register_does_not_have_is_not_kept(enter: Enter, town: Town) -> None:
    entered(enter("analyst"), "reception", link="https://a.example.vn", topic="water")
    assert (only(town).link, only(town).topic) == (None, None)


def test_concerns_near_a_project_are_shown_and_the_project_with_them(enter: Enter, town: Town) -> None:
    near = town.issue(title="Bụi mù vì công trường", commune_code=NEXT_WARD)
    town.issue(title="Việc nơi khác", commune_code="11365")
    town.issue(title="Việc đã cũ", commune_code=WARD, last_seen_at=NOW - timedelta(days=90))
    town.issue(title="Việc bỏ qua", commune_code=WARD, state="dismissed")
    client = enter("reader")
    entered(enter("analyst"), "project")
    page = client.get("/so-theo-doi/du-an").text
    shown = page[page.index("Vấn đề ở cùng địa bàn") :]
    assert "Bụi mù vì công trường" in shown
    for other in ("Việc nơi khác", "Việc đã cũ", "Việc bỏ qua"):
        assert other not in shown
    assert "Mở rộng đường Hàng Thử" in client.get(f"/van-de/{near}").text
    with town.store.begin() as session:
        session.get_one(RegisterEntry, 1).unit_codes = ["31"]
    assert "Việc nơi khác" in client.get("/so-theo-doi/du-an").text
    with town.store.begin() as session:
        session.get_one(RegisterEntry, 1).state = "done"
    with town.store.read() as session:
        assert open_projects(session) == []


def test_an_entry_that_is_asked_for_is_shown_whole_and_can_be_corrected_there(
    enter: Enter, town: Town
) -> None:
    client = enter("analyst")
    for _ in range(2):
        entered(client, "project")
    for number in range(NEAR_FIRST + 2):
        town.issue(title=f"Bụi bịa {number}", commune_code=WARD)
    listed = client.get("/so-theo-doi/du-an").text
    whole = client.get("/so-theo-doi/du-an?muc=2&viec=sua").text
    assert listed.count("Bụi bịa") == 2 * NEAR_FIRST
    assert whole.count("Bụi bịa") == 2 * NEAR_FIRST + 2
    assert [page.count("xem thêm") for page in (listed, whole)] == [2, 1]
    assert [page.count('action="/muc-so/2/sua"') for page in (listed, whole)] == [0, 1]
    assert 'href="/so-theo-doi/du-an?muc=2&amp;viec=sua#muc-2"' in listed
    assert "<details open><summary>Sửa</summary>" in whole
    assert "<details open><summary>Sửa</summary>" not in client.get("/so-theo-doi/du-an?muc=2").text


@pytest.mark.parametrize("asked", ["muc=x", "muc=99", "trang=x", f"trang={'9' * 5000}", f"muc={'9' * 5000}"])
def test_an_odd_address_of_a_register_shows_its_beginning(enter: Enter, town: Town, asked: str) -> None:
    entered(enter("analyst"), "claim")
    assert 'id="muc-1"' in enter("reader").get(f"/so-theo-doi/thong-tin?{asked}").text


def test_a_confirmed_good_example_is_offered_until_it_is_entered(enter: Enter, town: Town) -> None:
    issue = town.issue(title="Trồng cây bên kênh", kind="commendation", state="confirmed", commune_code=WARD)
    client = enter("analyst")
    page = client.get("/so-theo-doi/guong-tot").text
    assert f"?van-de={issue}#ghi" in page
    form = client.get(f"/so-theo-doi/guong-tot?van-de={issue}").text
    assert 'name="title" value="Trồng cây bên kênh"' in form
    assert f'<option value="{WARD}" selected>' in form
    entered(client, "good_example", issue_id=str(issue))
    assert "chưa vào sổ" not in client.get("/so-theo-doi/guong-tot").text


def test_what_was_held_and_published_stands_on_the_issues_page(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    entered(client, "dialogue", issue_id=str(issue))
    entered(client, "publication", issue_id=str(issue))
    page = client.get(f"/van-de/{issue}").text
    assert "Đối thoại về bãi rác" in page
    assert "Đã dọn xong bãi rác Bến Thử" in page


def test_the_second_of_two_people_is_told(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    entered(client, "project")
    assert send(client, "/muc-so/1/thoi", why="nhầm", seen_version="1")[0] == 200
    status, page = send(client, "/muc-so/1/theo-doi-lai", why="nhầm", seen_version="1")
    assert (status, "vừa được Chức danh thử analyst ghi thôi theo dõi" in page) == (409, True)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_what(enter: Enter, town: Town, role: str) -> None:
    entered(enter("lead"), "project")
    client = enter(role)
    page = client.get("/so-theo-doi/du-an").text
    workers = role in ("analyst", "lead")
    assert ("Ghi thêm" in page, "Lưu" in page) == (workers, workers)
    csrf = token(client, "/")
    for step in STEPS:
        path = step.path.replace("{id:int}", "1").replace("{slug}", "du-an")
        assert (role in MAY[step.action]) == workers
        assert (client.post(path, data={"csrf": csrf}).status_code == 403) == (not workers), path
        assert client.post(path, data={"csrf": "doan"}).status_code == 403


@pytest.mark.parametrize("path", ["/so-theo-doi/khong-co", "/muc-so/9/sua"])
def test_what_is_not_there_is_not_found(enter: Enter, town: Town, path: str) -> None:
    client = enter("analyst")
    assert client.post(path, data={"csrf": token(client, "/")}).status_code == 404
    assert client.get("/so-theo-doi").status_code == 200


def test_a_report_of_a_past_period_tells_what_was_known_then(town: Town) -> None:
    review, title = Review(town.store, town.settings, town.clock), "Nước máy có chất độc"
    claim = EntryContent(title, agency_name="Sở Y tế", from_day=date(2026, 11, 18))
    key = review.enter("claim", claim, "analyst:thu")
    town.clock.now = NOW + timedelta(days=2)
    review.settle_entry(
        key, "analyst:thu", outcome="Đạt", day=date(2026, 11, 20), link="https://s.example.vn"
    )
    town.clock.now = NOW + timedelta(days=3)
    review.correct_entry(key, replace(claim, title="Tên đã sửa"), "analyst:thu")
    start, day = NOW - timedelta(days=1), timedelta(days=1)

    def told(begin: float, end: float, as_of: float) -> list[tuple[str, str]]:
        with town.store.read() as session:
            rows = entries_then(session, "claim", start + begin * day, start + end * day, start + as_of * day)
            return [(row.title, row.state) for row in rows]

    assert told(0, 2, 2) == [(title, "open")]
    assert told(0, 2, 9) == [("Tên đã sửa", "done")]
    assert told(2, 4, 3.5) == [(title, "done")]
    assert told(3.5, 9, 9) == []
    assert told(-9, 0, 9) == []


def test_a_report_tells_nothing_of_a_settling_that_was_taken_back(town: Town) -> None:
    undoing = town.settings.review.model_copy(update={"undo_minutes": 10})
    settings = town.settings.model_copy(update={"review": undoing})
    review = Review(town.store, settings, town.clock)
    claim = EntryContent("Nước máy có chất độc", agency_name="Sở Y tế", from_day=date(2026, 11, 18))
    key = review.enter("claim", claim, "analyst:thu")
    town.clock.now = NOW + timedelta(days=2)
    review.settle_entry(key, "analyst:thu", outcome="Đạt", day=date(2026, 11, 20), link="https://s.vn")
    with town.store.read() as session:
        taken = session.scalars(select(Undoable).order_by(Undoable.id.desc())).first()
        assert taken is not None
    review.undo(taken.id, "analyst:thu")
    later = NOW + timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=3)
    with town.store.read() as session:
        assert entries_then(session, "claim", *later) == []
        made = entries_then(session, "claim", NOW - timedelta(days=1), *later[1:])
    assert [(row.title, row.state) for row in made] == [(claim.title, "open")]


def test_a_long_register_has_pages_and_opens_on_the_entry_that_is_asked_for(enter: Enter, town: Town) -> None:
    with town.store.begin() as session:
        session.add_all(
            RegisterEntry(register="claim", title=f"Mục bịa {n}", unit_codes=[], created_at=NOW)
            for n in range(ROWS + 1)
        )
    client = enter("reader")
    first, last = (client.get(f"/so-theo-doi/thong-tin?{asked}").text for asked in ("", "muc=1"))
    assert first.count('<article class="card"') == ROWS
    assert re.findall(r'<article class="card" id="muc-(\d+)"', last) == ["1"]
    assert "Trang 2 / 2" in last


def test_a_refused_entry_keeps_what_was_typed(enter: Enter) -> None:
    typed = {"title": "Mục viết dở", "text": "Nội dung còn dở.", "from_day": "32/13/2026"}
    client = enter("analyst")
    answer = client.post("/so-theo-doi/doi-thoai", data={"csrf": token(client, "/")} | typed)
    assert answer.status_code == 409
    for words in typed.values():
        assert words in answer.text
    assert 'id="chua-duoc" open' in answer.text
