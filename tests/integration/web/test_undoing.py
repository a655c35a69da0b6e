"""Whatever is decided at the desk is taken back by one click, or says why it cannot be."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.review import Review
from store.models import (
    Issue,
    ProposedReply,
    ReceivedMail,
    Referral,
    RegisterEntry,
    TimeRequest,
)
from tests.integration.web.conftest import token
from tests.integration.web.test_agency_page import KEY, PAGE
from tests.integration.web.town import NOW, PASSWORD, Town
from web.pages import registers, steps
from web.permissions import Action
from web.words import FOR_GOOD, TAKEN

Case = Callable[[Town], tuple[str, dict[str, Any]]]
LATER = "27/11/2026"
OUT = re.compile(r'action="(/hoan-tac/\d+)"')


def put(town: Town, row: Any) -> int:
    with town.store.begin() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def sent(town: Town, state: str = "sent") -> int:
    return town.sent_referral(town.issue(state="referred"), state=state, agency_key="so-nnmt")


def time_request(town: Town) -> int:
    until = (NOW + timedelta(days=14)).date()
    return put(town, TimeRequest(referral_id=sent(town), until=until, why="mưa lũ", asked_at=NOW))


def proposed(town: Town) -> int:
    row = ProposedReply(
        referral_id=sent(town), channel="mail", external_id="x", origin="thư", received_at=NOW,
        recorded_at=NOW, text="Có thể là trả lời.", left_out=[],
    )  # fmt: skip
    return put(town, row)


def entry(town: Town, state: str = "open") -> int:
    row = RegisterEntry(
        register="good_example", title="Hiến đất bịa", unit_codes=["11329"], state=state, created_at=NOW
    )
    return put(town, row)


def two(town: Town) -> int:
    town.issue(state="confirmed")
    return town.issue(articles=2)


def article(town: Town, issue: int) -> int:
    with town.store.read() as session:
        return session.get_one(Issue, issue).articles[-1].article_id


def merged(town: Town) -> int:
    issue = two(town)
    Review(town.store, town.settings, town.clock).merge(issue, issue - 1, "analyst:x", "trùng")
    return issue


def of(path: str, made: Callable[[Town], int], **form: Any) -> Case:
    return lambda town: (path.format(made(town)), form)


def split(town: Town) -> tuple[str, dict[str, Any]]:
    issue = two(town)
    return f"/van-de/{issue}/tach", {"why": "khác", "article": [str(article(town, issue))]}


def move(town: Town) -> tuple[str, dict[str, Any]]:
    issue = two(town)
    form = {"why": "khác", "other_number": issue - 1, "article": [str(article(town, issue))]}
    return f"/van-de/{issue}/chuyen-bai", form


def issue(**columns: Any) -> Callable[[Town], int]:
    return lambda town: town.issue(**columns)


def draft(town: Town) -> int:
    return town.referral(town.issue(state="confirmed"), agency_key="so-nnmt")


def quarantined(town: Town) -> int:
    return town.delivery(sent(town), state="quarantined")


def judged(town: Town) -> int:
    return town.reply(sent(town, "answered"), "Trả lời bịa.")


TAKEN_BACK: dict[Action, Case] = {
    Action.CONFIRM: of("/van-de/{}/xac-nhan", issue()),
    Action.DISMISS: of("/van-de/{}/bo-qua", issue(), why="trùng"),
    Action.SET_TOPIC: of("/van-de/{}/linh-vuc", issue(), topic="traffic"),
    Action.SET_URGENCY: of("/van-de/{}/muc-do", issue(), urgency=1),
    Action.SET_PLACE: of("/van-de/{}/dia-ban", issue(), place="11329"),
    Action.SET_AGENCY: of("/van-de/{}/co-quan", issue(state="confirmed"), agency="so-nnmt"),
    Action.SET_TITLE: of("/van-de/{}/tieu-de", issue(), title="Tên khác"),
    Action.MERGE: lambda town: (
        f"/van-de/{(number := two(town))}/gop",
        {"why": "trùng", "other_number": number - 1},
    ),
    Action.UNMERGE: of("/van-de/{}/tach-lai", merged, why="nhầm"),
    Action.SPLIT: split,
    Action.MOVE: move,
    Action.CLOSE: of("/van-de/{}/ket-thuc", issue(state="confirmed"), outcome="no_action", why="x"),
    Action.REOPEN: of("/van-de/{}/mo-lai", issue(state="closed", outcome="no_action"), why="lại có tin"),
    Action.APPROVE: of("/phieu-chuyen/{}/duyet", draft),
    Action.WITHDRAW: of("/phieu-chuyen/{}/rut", draft, why="nhầm"),
    Action.ACKNOWLEDGE: of("/phieu-chuyen/{}/tiep-nhan", sent),
    Action.RECORD_REPLY: of("/phieu-chuyen/{}/tra-loi", sent, text="Đã dọn.", received_at="20/11/2026 08:00"),
    Action.REFUSE: of("/phieu-chuyen/{}/tu-choi", sent, proposed_agency="Sở Xây dựng", why="khác"),
    Action.RECORD_TRIGGER: of(
        "/phieu-chuyen/{}/moc-luat", sent, clock="bao-chi-30", trigger_at="20/11/2026 08:00"
    ),
    Action.ACCEPT_REPLY: of("/tra-loi/{}/chap-nhan", judged),
    Action.RETURN_REPLY: of("/tra-loi/{}/tra-lai", judged, why="còn thiếu"),
    Action.EXTEND: of("/phieu-chuyen/{}/gia-han", sent, until="04/12/2026", why="mưa"),
    Action.TAKE_REPLY: of("/thu-den/{}/nhan", proposed),
    Action.SET_REPLY_ASIDE: of("/thu-den/{}/de-rieng", proposed, why="quảng cáo"),
    Action.GRANT_TIME: of("/xin-han/{}/dong-y", time_request),
    Action.DECLINE_TIME: of("/xin-han/{}/tu-choi", time_request, why="gấp"),
    Action.MAIL_SEEN: of(
        "/hop-thu/{}/da-xem",
        lambda town: put(
            town, ReceivedMail(identity="x", kind="unmatched", subject="y", received_at=NOW, read_at=NOW)
        ),
    ),
    Action.CORRECT_ENTRY: of("/muc-so/{}/sua", entry, title="Hiến đất khác", unit_codes="11329"),
    Action.SETTLE_ENTRY: of("/muc-so/{}/ket-qua", entry, outcome="Biểu dương", day="20/11/2026"),
    Action.DROP_ENTRY: of("/muc-so/{}/thoi", entry, why="thôi"),
    Action.RESUME_ENTRY: of("/muc-so/{}/theo-doi-lai", lambda town: entry(town, "dropped"), why="lại"),
}
STANDS: dict[Action, Case] = {
    Action.REPLACE_LINK: of("/phieu-chuyen/{}/lien-ket", sent, why="lộ"),
    Action.SEND_AGAIN: of("/luot-gui/{}/gui-lai", quarantined),
    Action.ENTER: lambda _: ("/so-theo-doi/guong-tot", {"title": "Hiến đất bịa", "unit_codes": "11329"}),
}
"""What cannot be taken back, and says why."""


def test_each_step_can_be_taken_back_or_says_why_not() -> None:
    taken = {step.action for step in (*steps.STEPS, *registers.STEPS)} - {Action.UNDO}
    assert taken == TAKEN_BACK.keys() | STANDS.keys()
    assert STANDS.keys() == FOR_GOOD.keys()


@pytest.fixture
def client(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A lead at a desk that allows undoing."""
    monkeypatch.setenv("DANSINH_LINK_SECRET", KEY)
    review = town.settings.review.model_copy(update={"undo_minutes": 10, "two_person": False})
    town.settings = town.settings.model_copy(update={"review": review, "agency_page": PAGE})
    with TestClient(town.app) as browser:
        yield signed_in(browser, "lead")


def signed_in(client: TestClient, role: str) -> TestClient:
    data = {"csrf": token(client, "/dang-nhap"), "name": f"tai-khoan-{role}", "password": PASSWORD}
    client.post("/dang-nhap", data=data)
    return client


def take(client: TestClient, path: str, **form: Any) -> str:
    answer = client.post(path, data={"csrf": token(client, "/tai-khoan")} | form)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("action", TAKEN_BACK, ids=str)
def test_one_click_takes_it_back(town: Town, client: TestClient, action: Action) -> None:
    path, form = TAKEN_BACK[action](town)
    page = take(client, path, **form)
    (undo,) = set(OUT.findall(page))
    assert f"Đã hoàn tác: {TAKEN[action]}." in take(client, undo)
    again = client.post(undo, data={"csrf": token(client, "/tai-khoan")})
    assert (again.status_code, "Chức danh thử lead hoàn tác lúc" in again.text) == (409, True)


@pytest.mark.parametrize("action", STANDS, ids=str)
def test_what_cannot_be_taken_back_says_why(town: Town, client: TestClient, action: Action) -> None:
    path, form = STANDS[action](town)
    page = take(client, path, **form)
    assert not OUT.search(page)
    assert FOR_GOOD[action] in page


@pytest.mark.parametrize(
    ("action", "form", "told"),
    [
        (Action.GRANT_TIME, {}, "Đã đồng ý gia hạn đến hết ngày 04/12/2026."),
        (Action.GRANT_TIME, {"until": LATER}, "Đã đồng ý gia hạn đến hết ngày 27/11/2026."),
        (Action.EXTEND, {}, "Đã gia hạn đến hết ngày 04/12/2026."),
    ],
)
def test_more_time_names_its_day(
    town: Town, client: TestClient, action: Action, form: dict[str, str], told: str
) -> None:
    path, usual = TAKEN_BACK[action](town)
    if form:
        with town.store.begin() as session:
            session.get_one(Referral, 1).deadline_at = NOW
    assert told in take(client, path, **usual | form)


@pytest.mark.parametrize("day", ["2026-13-40", "<b>", "9" * 400])
def test_a_day_that_is_none_is_not_told(client: TestClient, day: str) -> None:
    page = client.get("/", params={"xong": "extend", "den": day}).text
    assert "Đã gia hạn." in page


def test_a_step_returns_to_the_page_where_it_was_taken(town: Town, client: TestClient) -> None:
    number = time_request(town)
    page = client.get("/phieu-chuyen/1").text
    forms = page.count('<form method="post" action="/')
    assert page.count('name="back" value="/phieu-chuyen/1"') == forms
    done = client.post(
        f"/xin-han/{number}/dong-y", data={"csrf": token(client, "/tai-khoan"), "back": "/phieu-chuyen/1"}
    )
    assert done.url.path == "/phieu-chuyen/1"
    assert "Đã đồng ý gia hạn" in done.text
    back = re.search(r'name="back" value="(/phieu-chuyen/1\?[^"]+)"', done.text)
    assert back
    data = {"csrf": token(client, "/tai-khoan"), "back": back[1].replace("&amp;", "&")}
    undone = client.post(OUT.findall(done.text)[0], data=data)
    assert (undone.url.path, undone.url.query.decode()) == (
        "/phieu-chuyen/1",
        "xong=undo&so=1&viec=grant_time",
    )
    refused = client.post(f"/xin-han/{number}/tu-choi", data=data | {"why": " "})
    assert refused.status_code == 409
    assert "<h1>Phiếu chuyển" in refused.text
    assert "Hãy ghi lý do chưa đồng ý" in refused.text


@pytest.mark.parametrize(
    "back", ["//xau.example", "https://xau.example/", "/khong-co", "/\\xau.example", "x"]
)
def test_no_step_leads_to_another_site(town: Town, client: TestClient, back: str) -> None:
    referral = sent(town)
    page = client.post(
        f"/phieu-chuyen/{referral}/tiep-nhan", data={"csrf": token(client, "/tai-khoan"), "back": back}
    )
    assert page.url.path == "/van-de/1"


def test_all_that_was_approved_is_taken_back_at_once(town: Town, client: TestClient) -> None:
    drafts = [draft(town) for _ in range(3)]
    preview = client.get("/phieu-chuyen/duyet", params={"phieu": drafts}).text
    fields = dict(re.findall(r'name="(da-xem-\d+)" value="([0-9a-f]+)"', preview))
    page = take(client, "/phieu-chuyen/duyet", phieu=[str(one) for one in drafts], **fields)
    assert "Hoàn tác tất cả (3 phiếu)" in page
    numbers = re.findall(r'name="lan" value="(\d+)"', page)
    assert len(numbers) == 3
    first = f"/hoan-tac/{numbers[0]}"
    assert "Đã hoàn tác: duyệt phiếu chuyển." in take(client, first, back="/phieu-chuyen?tinh-trang=drafted")
    page = take(client, "/hoan-tac", lan=[*numbers, "999"])
    assert "Đã hoàn tác <small>2 phiếu" in page
    assert "Không hoàn tác được <small>2 phiếu" in page
    assert "Chức danh thử lead hoàn tác lúc" in page
    assert [town.get(Referral, one).state for one in drafts] == ["drafted"] * 3


def test_only_who_may_approve_takes_approvals_back(town: Town, client: TestClient) -> None:
    page = take(client, f"/phieu-chuyen/{draft(town)}/duyet")
    number = OUT.findall(page)[0].rpartition("/")[2]
    client.cookies.clear()
    analyst = signed_in(client, "analyst")
    data = {"csrf": token(analyst, "/tai-khoan"), "lan": number}
    assert analyst.post("/hoan-tac", data=data).status_code == 403
    assert town.get(Referral, 1).state == "approved"


def test_what_was_decided_is_found_until_it_cannot_be_taken_back(town: Town, client: TestClient) -> None:
    referral = draft(town)
    take(client, f"/phieu-chuyen/{referral}/duyet")
    where = ("/", "/van-de/1", f"/phieu-chuyen/{referral}")
    for page in where:
        told = client.get(page).text
        assert "Vừa làm, còn hoàn tác được" in told
        assert "Duyệt phiếu chuyển gửi Sở Nông nghiệp và Môi trường" in told
        assert "hoàn tác được đến 20/11/2026 09:10" in told
        assert OUT.search(told)
    assert "đến lúc đó còn hoàn tác được" in client.get(where[2]).text
    town.clock.now += timedelta(minutes=10)
    for page in where:
        assert not OUT.search(client.get(page).text)
    assert "đến lúc đó còn hoàn tác được" not in client.get(where[2]).text


def test_a_decision_is_taken_back_from_the_list(town: Town, client: TestClient) -> None:
    referral = draft(town)
    take(client, f"/phieu-chuyen/{referral}/duyet")
    (undo, *_) = OUT.findall(client.get("/").text)
    done = client.post(undo, data={"csrf": token(client, "/tai-khoan"), "back": "/"})
    assert (done.url.path, town.get(Referral, referral).state) == ("/", "drafted")
    assert not OUT.search(done.text)


def test_only_the_last_of_many_are_listed_today(town: Town, client: TestClient) -> None:
    for number in [town.issue() for _ in range(7)]:
        take(client, f"/van-de/{number}/xac-nhan")
    assert len(OUT.findall(client.get("/").text)) == 5
    assert len(OUT.findall(client.get("/van-de/1").text)) == 1


@pytest.mark.parametrize(("role", "offered"), [("lead", True), ("analyst", False), ("reader", False)])
def test_another_is_offered_only_what_that_role_may_take_back(
    town: Town, client: TestClient, role: str, offered: bool
) -> None:
    referral = draft(town)
    Review(town.store, town.settings, town.clock).approve(referral, "lead:khac")
    client.cookies.clear()
    page = signed_in(client, role).get(f"/phieu-chuyen/{referral}").text
    assert "Vừa làm" not in page
    assert bool(OUT.search(page)) == offered


def test_approving_once_more_says_that_it_is_done_and_offers_to_take_it_back(
    town: Town, client: TestClient
) -> None:
    drafts = [draft(town) for _ in range(2)]
    preview = client.get("/phieu-chuyen/duyet", params={"phieu": drafts}).text
    fields = dict(re.findall(r'name="(da-xem-\d+)" value="([0-9a-f]+)"', preview))
    again = [take(client, "/phieu-chuyen/duyet", phieu=[str(one) for one in drafts], **fields) for _ in "12"][
        1
    ]
    assert "Đã duyệt trước đó <small>2 phiếu, do chính đồng chí duyệt" in again
    assert "Không duyệt lần này" not in again
    assert len(OUT.findall(again)) == 2
    assert len(re.findall(r'name="lan" value="(\d+)"', again)) == 2


def test_what_was_split_off_by_a_slip_asks_to_be_parted_by_nobody(town: Town, client: TestClient) -> None:
    path, form = split(town)
    source = int(path.split("/")[2])
    (undo,) = set(OUT.findall(take(client, path, **form)))
    take(client, undo)
    assert "Đã gộp vào đây" not in client.get(f"/van-de/{source}").text
    page = client.get(f"/van-de/{source + 1}").text
    assert "Việc tách vấn đề này ra đã được hoàn tác" in page
    assert "Tách lại" not in page


def test_drafts_of_an_undone_reopening_are_no_letters_of_the_issue(town: Town, client: TestClient) -> None:
    number = town.issue(state="closed", outcome="no_action")
    letters = {state: town.sent_referral(number, state=state) for state in ("accepted", "withdrawn")}
    unsent = town.sent_referral(number, state="withdrawn", sent_at=None)
    page = take(client, f"/van-de/{number}/mo-lai", why="lại có tin")
    drafts = set(re.findall(r'<article class="card" id="phieu-(\d+)"', page)) - {
        str(one) for one in (*letters.values(), unsent)
    }
    assert drafts
    page = take(client, OUT.findall(page)[0])
    cards = re.findall(r'<article class="card" id="phieu-(\d+)"', page)
    assert sorted(map(int, cards)) == sorted([*letters.values(), unsent])
    assert f"Phiếu chuyển <small>{len(cards)}</small>" in page
    assert f"Dự thảo đã rút, chưa gửi đi <small>({len(drafts)})</small>" in page
    for draft_id in drafts:
        assert f'<li id="phieu-{draft_id}"><a href="/phieu-chuyen/{draft_id}">' in page
        assert "đã rút" in client.get(f"/phieu-chuyen/{draft_id}").text


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (
            Action.DROP_ENTRY,
            'thôi theo dõi mục trong sổ: <a href="/so-theo-doi/guong-tot?muc=1#muc-1">Hiến đất bịa</a>',
        ),
        (Action.MAIL_SEEN, "ghi là đã xem thư đến: y <small>(Sở thử)</small>"),
    ],
)
def test_what_was_decided_on_no_issue_is_named(
    town: Town, client: TestClient, action: Action, told: str
) -> None:
    issue = town.issue()
    path, form = TAKEN_BACK[action](town)
    if action == Action.MAIL_SEEN:
        with town.store.begin() as session:
            session.get_one(ReceivedMail, 1).agency_name = "Sở thử"
    take(client, path, **form)
    take(client, f"/van-de/{issue}/xac-nhan")
    lately = client.get("/").text.split('class="lately"')[1].split("</details>")[0].lower()
    assert told.lower() in lately
    assert lately.count("<li>") == 2


def test_an_answer_that_came_after_closing_is_taken_back(town: Town, client: TestClient) -> None:
    number = town.issue(state="closed", outcome="no_action")
    letter = town.sent_referral(number)
    page = take(client, f"/phieu-chuyen/{letter}/tra-loi", text="Nhầm.", received_at="20/11/2026 08:00")
    assert "Nhầm." in page
    (undo,) = set(OUT.findall(page))
    assert "Nhầm." not in take(client, undo)
    assert (town.get(Issue, number).state, town.get(Referral, letter).state) == ("closed", "sent")
