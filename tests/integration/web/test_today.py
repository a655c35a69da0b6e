"""Hôm nay without scripts: what is new, what comes first, and a decision that is taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.models import Attachment, Event, Issue, ProposedReply, Referral, Reply, TimeRequest, Undoable
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, POST, Town


@pytest.fixture(autouse=True)
def ten_minutes(town: Town) -> None:
    """An office as they are: what was decided can be undone."""
    town.settings.__dict__["review"] = town.settings.review.model_copy(
        update={"undo_minutes": 10, "two_person": False}
    )


SENT = {
    "cho-danh-gia": ("số 2210/SYT-NVY", ">ket-qua-0.pdf</a>"),
    "thu-den": ("số 17/CV", ">ket-qua-1.pdf</a>"),
    "xin-han": ('<small class="number">số {issue}</small>',),
}
"""what agencies have sent, by the part of the page that shows it"""
TODAY: dict[str, Any] = {"from": "today"}


def post(client: TestClient, path: str, *, script: bool = False, **form: Any) -> Any:
    headers = {"accept": "application/json"} if script else {}
    return client.post(path, data={"csrf": token(client, "/tai-khoan")} | form, headers=headers)


def from_today(client: TestClient, path: str, **form: Any) -> str:
    answer = post(client, path, **TODAY, **form)
    assert answer.url.path == "/"
    return str(answer.text)


def undo(client: TestClient, page: str, **form: Any) -> Any:
    found = re.search(r'action="(/hoan-tac/\d+)"', page)
    assert found
    return post(client, found[1], **form)


def state(town: Town, issue: int) -> str:
    return str(town.get(Issue, issue).state)


def test_what_came_since_the_last_sitting_is_called_new(enter: Enter, town: Town) -> None:
    town.issue(title="Vấn đề cũ")
    client = enter("analyst")
    assert "Từ lần xem trước" not in client.get("/").text
    town.clock.now = NOW + timedelta(minutes=55)
    client.get("/")
    town.clock.now = NOW + timedelta(hours=1, minutes=50)
    assert "Từ lần xem trước" not in client.get("/").text, "the same sitting"
    since = town.clock.now
    town.clock.now += timedelta(hours=2)
    found = town.issue(title="Vấn đề sau", detected_at=since + timedelta(hours=1))
    referral = town.sent_referral(found, state="answered")
    town.reply(referral, "Trả lời bịa.")
    town.sent_referral(town.issue(state="referred"), deadline_at=since + timedelta(minutes=30))
    page = enter("analyst").get("/").text
    assert "Từ lần xem trước (<time" in page
    assert "20/11/2026 10:50" in page
    assert "1 vấn đề mới, 0 trả lời mới, 1 phiếu mới quá hạn" in page
    assert re.findall(r"mới</strong> <a[^>]*>([^<]*)</a>", page) == ["Vấn đề sau"]
    assert "1 vấn đề mới" in enter("analyst").get("/").text, "until the sitting ends"


@pytest.mark.parametrize(
    ("role", "first"), [("analyst", "cho-xac-nhan"), ("lead", "cho-duyet"), ("operator", "thu-ket")]
)
def test_what_is_ones_own_to_do_comes_first(enter: Enter, town: Town, role: str, first: str) -> None:
    issue = town.issue()
    town.delivery(town.referral(town.issue(state="confirmed")), state="quarantined")
    town.sent_referral(issue, deadline_at=NOW - timedelta(days=1))
    page = enter(role).get("/").text
    assert re.findall(r'<section id="([^"]+)"', page)[0] == first


def test_overdue_and_due_are_two_numbers_of_letters(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    for days in (-3, -1, 1):
        town.sent_referral(issue, deadline_at=NOW + timedelta(days=days))
    assert "2 phiếu quá hạn, 1 phiếu sắp đến hạn" in enter("analyst").get("/").text


def test_a_decision_comes_back_at_the_next_item_and_can_be_undone(enter: Enter, town: Town) -> None:
    one, two = town.issue(urgency=4), town.issue(urgency=3)
    client = enter("analyst")
    page = client.get("/").text
    then = re.search(rf'action="/van-de/{one}/xac-nhan".*?name="then" value="([^"]+)"', page, re.S)
    assert then
    assert then[1] == f"viec-{two}"
    answer = client.post(
        f"/van-de/{one}/xac-nhan",
        data={"csrf": token(client, "/"), "from": "today", "then": then[1], "seen_version": "1"},
        follow_redirects=False,
    )
    assert answer.headers["location"].endswith("#xong")
    page = client.get(answer.headers["location"]).text
    message, item = page.index('id="xong"'), page.index(f'id="viec-{two}"')
    assert message < item < page.index("</ol>")
    assert f'href="/van-de/{one}">Vấn đề số {one}</a>' in page
    undone = undo(client, page, **TODAY)
    assert "Đã hoàn tác:" in undone.text
    assert state(town, one) == "detected"


@pytest.mark.parametrize("word", ["", "viec-999", '"><script>'])
def test_a_message_stands_above_where_nothing_comes_next(enter: Enter, town: Town, word: str) -> None:
    issue = town.issue()
    page = from_today(enter("analyst"), f"/van-de/{issue}/xac-nhan", seen_version="1", then=word)
    assert page.count('id="xong"') == 1
    assert page.index('id="xong"') < page.index("<h1>")
    assert "<script>" not in page


def test_a_replay_does_nothing_twice(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    path = f"/van-de/{issue}/xac-nhan"
    form: dict[str, Any] = {"seen_version": "1"}
    first = post(client, path, script=True, **form)
    again = post(client, path, script=True, **form)
    assert (first.status_code, again.status_code) == (200, 409)
    undone = post(client, first.json()["undo"], script=True)
    twice = post(client, first.json()["undo"], script=True)
    assert (undone.status_code, twice.status_code) == (200, 409)
    assert "hoàn tác lúc 09:00 20/11/2026" in twice.json()["problem"]
    assert undone.json()["version"] == town.get(Issue, issue).version


def test_a_script_is_told_what_the_page_says(enter: Enter, town: Town) -> None:
    issue = town.issue()
    told = post(enter("analyst"), f"/van-de/{issue}/xac-nhan", script=True, seen_version="1").json()
    assert told["done"] == "Đã xác nhận vấn đề."
    assert told["address"] == f"/van-de/{issue}"
    second = post(enter("lead"), f"/van-de/{issue}/bo-qua", script=True, why="x", seen_version="1")
    assert second.status_code == 409
    assert POST["analyst"] in second.json()["problem"]


def test_who_may_not_decide_may_not_undo_it(enter: Enter, town: Town) -> None:
    issue = town.issue(state="confirmed")
    referral = town.referral(issue)
    page = post(enter("lead"), f"/phieu-chuyen/{referral}/duyet").text
    assert "thư đi sau 20/11/2026 09:10" in page
    assert undo(enter("analyst"), page).status_code == 403
    assert town.get(Referral, referral).state == "approved"
    assert undo(enter("lead"), page).status_code == 200
    assert town.get(Referral, referral).state == "drafted"


def test_undoing_late_says_so(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    page = from_today(client, f"/van-de/{issue}/xac-nhan", seen_version="1")
    town.clock.now += timedelta(minutes=10)
    late = undo(client, page, **TODAY)
    assert late.status_code == 409
    assert "Đã quá thời gian" in late.text
    assert state(town, issue) == "confirmed"


def test_a_reply_is_judged_in_the_list(enter: Enter, town: Town) -> None:
    reply = town.reply(town.sent_referral(town.issue(state="referred"), state="answered"), "Trả lời bịa.")
    client = enter("analyst")
    page = from_today(client, f"/tra-loi/{reply}/chap-nhan")
    assert town.get(Reply, reply).judgement == "accepted"
    undo(client, page)
    assert town.get(Reply, reply).judgement is None
    refused = post(client, f"/tra-loi/{reply}/tra-lai", why=" ", **TODAY)
    assert refused.status_code == 409
    assert 'id="chua-duoc"' in refused.text


def test_what_is_to_be_judged_shows_its_document_and_its_files(enter: Enter, town: Town) -> None:
    """Nobody accepts by one key what was not said to be there."""
    issue = town.issue(state="referred")
    referral = town.sent_referral(issue, state="answered")
    came: dict[str, Any] = {"referral_id": referral, "received_at": NOW, "recorded_at": NOW, "text": "Bịa."}
    with town.store.begin() as session:
        for serial, answer in enumerate(
            (
                Reply(document_number="2210/SYT-NVY", **came),
                ProposedReply(
                    document_number="17/CV",
                    channel="mail",
                    external_id="1",
                    origin="Bịa",
                    left_out=[],
                    **came,
                ),
            )
        ):
            name = f"ket-qua-{serial}.pdf"
            answer.attachments = [Attachment(name=name, kind="pdf", size=1, sha256=f"{serial:064}")]
            session.add(answer)
        session.add(TimeRequest(referral_id=referral, until=NOW.date(), why="Bịa.", asked_at=NOW))
    page = enter("analyst").get("/").text
    parts = {part: page.partition(f'<section id="{part}">')[2].partition("</section>")[0] for part in SENT}
    for part, said in SENT.items():
        for words in said:
            assert words.format(issue=issue) in parts[part], (part, words)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/van-de/1/xac-nhan", "/van-de/1"),
        ("/phieu-chuyen/1/duyet", "/van-de/1"),
        ("/tra-loi/1/chap-nhan", "/van-de/1"),
        ("/hop-thu/1/da-xem", "/"),
        ("/hoan-tac/9", "/"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(enter: Enter, town: Town, path: str, page: str) -> None:
    town.reply(town.sent_referral(town.issue(state="referred"), state="answered"), "Trả lời bịa.")
    answer = enter("reader").get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, page)


REASON = "Lý do viết dở, còn dài hơn nữa"


@pytest.mark.parametrize(
    ("path", "form", "kept"),
    [
        ("van-de/1/gop", {"other_number": "999", "why": REASON}, [REASON, 'value="999"']),
        ("van-de/1/ket-thuc", {"outcome": "planned", "why": REASON}, [REASON, 'value="planned" checked']),
        ("van-de/1/tieu-de", {"title": "Tên " + "dài " * 60}, ["Tên " + "dài " * 60]),
        ("phieu-chuyen/1/tra-loi", {"received_at": "1/1/2030 10:00", "text": REASON}, [REASON, "1/1/2030"]),
        ("phieu-chuyen/1/tu-choi", {"why": REASON}, [REASON]),
        ("phieu-chuyen/1/gia-han", {"until": "22/11/2026", "why": REASON}, [REASON, "22/11/2026"]),
        ("van-de/1/tach", {"article": "1", "why": ""}, ['id="split-1" value="1" checked']),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    enter: Enter, town: Town, path: str, form: dict[str, Any], kept: list[str]
) -> None:
    issue = town.issue(state="referred", articles=2)
    town.sent_referral(issue)
    answer = post(enter("lead"), f"/{path}", **form)
    assert answer.status_code == 409, answer.text
    for words in kept:
        assert words in answer.text
    assert answer.text.count('open id="chua-duoc"') == 1
    assert "Những gì đã điền còn nguyên" in answer.text
    assert "tình trạng mới nhất" not in answer.text


def test_a_page_is_printed_under_the_offices_name(enter: Enter, town: Town) -> None:
    for page in ("/", f"/van-de/{town.issue()}"):
        text = enter("reader").get(page).text
        assert "BAN TUYÊN GIÁO VÀ DÂN VẬN THỬ NGHIỆM" in text
        assert "in lúc 20/11/2026 09:00" in text


def test_looking_is_no_event_and_is_written_seldom(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    with town.store.read() as session:
        before = session.query(Event).count()
    for minutes in (0, 1, 2):
        town.clock.now = NOW + timedelta(minutes=minutes)
        client.get("/")
    with town.store.read() as session:
        assert session.query(Event).count() == before
        assert session.query(Undoable).count() == 0
