"""What an issue's page says is to be done, and by whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.review import Review
from store.models import Issue, Referral
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import Town
from web.late_replies import CAME, RECORDED

AGENCY = "Sở Nông nghiệp và Môi trường"
ANSWER = "tra-loi"
STEPS = ("tiep-nhan", "tu-choi", "gia-han", "lien-ket", "moc-luat")


def to_do(page: str) -> str:
    (card,) = re.findall(r'<h2 id="viec">.*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card))


@pytest.mark.parametrize(
    ("state", "drafts", "role", "said", "unsaid"),
    [
        ("accepted", 0, "analyst", f"trả lời của {AGENCY}; chờ lãnh đạo kết thúc", "Chọn cơ quan chủ trì"),
        ("accepted", 0, "lead", f"Kết thúc vấn đề: đã chấp nhận trả lời của {AGENCY}", "chờ lãnh đạo"),
        ("drafted", 2, "analyst", "Chờ lãnh đạo duyệt 2 phiếu.", "Chọn cơ quan chủ trì"),
        ("drafted", 2, "lead", f"Duyệt phiếu gửi {AGENCY}", "Chờ lãnh đạo"),
        ("sent", 0, "analyst", f"Chờ {AGENCY} trả lời.", "cơ quan chủ trì"),
        (None, 0, "analyst", "Chọn cơ quan chủ trì", "Chờ"),
    ],
)
def test_it_names_what_is_waited_for(
    enter: Enter, town: Town, state: str | None, drafts: int, role: str, said: str, unsaid: str
) -> None:
    issue = town.issue(state="confirmed")
    if state == "drafted":
        for place in ("lead", "co"):
            town.referral(issue, role=place)
    elif state:
        town.sent_referral(issue, state=state)
    told = to_do(enter(role).get(f"/van-de/{issue}").text)
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize("state", ["sent", "acknowledged", "returned"])
@pytest.mark.parametrize(("issue_state", "offered"), [("referred", True), ("closed", False)])
def test_nothing_is_asked_of_an_agency_that_is_not_waited_for(
    enter: Enter, town: Town, state: str, issue_state: str, offered: bool
) -> None:
    issue = town.issue(state=issue_state, outcome="no_action" if issue_state == "closed" else None)
    referral = town.sent_referral(issue, state=state)
    for address in (f"/van-de/{issue}", f"/phieu-chuyen/{referral}"):
        page = enter("lead").get(address).text
        assert any(f'action="/phieu-chuyen/{referral}/{step}"' in page for step in STEPS) == offered
        assert f'action="/phieu-chuyen/{referral}/{ANSWER}"' in page
        assert ("Ghi trả lời đến muộn" in page) == (not offered)
        assert ("không chờ trả lời phiếu này nữa" in page) == (not offered)
        assert ("ngày làm việc)" in page) == offered


@pytest.mark.parametrize(
    ("received", "note"),
    [("19/11/2026 10:00", CAME), ("18/11/2026 08:00", RECORDED)],
)
def test_an_answer_on_paper_is_recorded_after_its_issue_was_closed(
    enter: Enter, town: Town, received: str, note: str
) -> None:
    issue = town.issue(state="referred")
    letter, other = town.sent_referral(issue), town.sent_referral(issue, role="co")
    review, now = Review(town.store, town.settings, town.clock), town.clock.now
    town.clock.now = now - timedelta(days=1)
    review.record_reply(other, "analyst:x", text="Trước đó.", received_at=now - timedelta(days=2))
    town.clock.now += timedelta(minutes=1)
    review.close(issue, "no_action", "lead:x", why="đã tự hết")
    town.clock.now = now
    client = enter("analyst")
    page = step(client, f"/phieu-chuyen/{letter}/tra-loi", text="Đã dọn sạch.", received_at=received)
    assert (town.get(Issue, issue).state, town.get(Referral, letter).state) == ("closed", "answered")
    for shown in (page, client.get(f"/phieu-chuyen/{letter}").text):
        assert re.search(rf'<p class="note">{note}</p>\s*<p class="text">Đã dọn sạch.</p>', shown)
        assert shown.count("vấn đề giữ nguyên tình trạng") == 1
    step(client, "/tra-loi/2/chap-nhan")
    assert (town.get(Issue, issue).state, town.get(Referral, letter).state) == ("closed", "accepted")
    town.clock.now += timedelta(minutes=1)
    review.reopen(issue, "analyst:x", "lại có tin")
    assert note in client.get(f"/van-de/{issue}").text


def test_a_closed_issue_names_the_answer_that_it_rests_on(enter: Enter, town: Town) -> None:
    into, issue = (town.issue(state="referred") for _ in range(2))
    letter = town.sent_referral(issue, state="answered")
    reply = town.reply(letter, "Đã dọn.")
    review = Review(town.store, town.settings, town.clock)
    review.accept_reply(reply, "analyst:x")
    client = enter("lead")
    review.close(issue, "fixed", "lead:x", reply_id=reply)
    page = client.get(f"/van-de/{issue}").text
    assert f'dựa trên <a href="#tra-loi-{reply}">trả lời của {AGENCY}</a> nhận' in page
    assert ", dựa trên <a" not in client.get(f"/van-de/{into}").text
    review.reopen(issue, "lead:x", "còn")
    review.merge(issue, into, "analyst:x", "trùng")
    review.close(into, "fixed", "lead:x", reply_id=reply)
    page = client.get(f"/van-de/{into}").text
    assert f'dựa trên <a href="/phieu-chuyen/{letter}#tra-loi-{reply}">trả lời của {AGENCY}</a>' in page


@pytest.mark.parametrize(
    ("state", "role", "told", "advised"),
    [
        ("confirmed", "analyst", True, True),
        ("confirmed", "reader", True, False),
        ("closed", "analyst", False, False),
    ],
)
def test_what_hinders_routing_is_told_while_something_is_to_be_routed(
    enter: Enter, town: Town, state: str, role: str, told: bool, advised: bool
) -> None:
    page = enter(role).get(f"/van-de/{town.issue(state=state, routing_problem='Không có quy tắc.')}").text
    assert ("Vướng nơi chuyển" in page) is told
    assert ("Hãy đổi lĩnh vực, địa bàn hoặc chọn cơ quan chủ trì." in page) is advised
    assert "Phiếu dự thảo cũ" not in page


def step(client: TestClient, path: str, **form: Any) -> str:
    answer = client.post(path, data={"csrf": token(client, "/tai-khoan")} | form)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_each_returned_answer_says_what_it_lacked(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    letter = town.sent_referral(issue)
    client = enter("analyst")
    for number, lacking in enumerate(("thiếu thời hạn", "chưa rõ ai làm"), 1):
        town.clock.now += timedelta(minutes=1)
        step(
            client,
            f"/phieu-chuyen/{letter}/tra-loi",
            text=f"Trả lời {number}.",
            received_at="20/11/2026 08:00",
        )
        town.clock.now += timedelta(minutes=1)
        step(client, f"/tra-loi/{number}/tra-lai", why=lacking)
    for address in (f"/van-de/{issue}", f"/phieu-chuyen/{letter}"):
        page = client.get(address).text
        told = re.findall(r"Trả lời (\d)\.</p>\s*<p><strong>Trả lại, còn thiếu:</strong> ([^<]+)</p>", page)
        assert told == [("1", "thiếu thời hạn"), ("2", "chưa rõ ai làm")]


def test_the_history_says_which_letter(enter: Enter, town: Town) -> None:
    issue = town.issue(state="confirmed")
    referral = town.referral(issue)
    Review(town.store, town.settings, town.clock).withdraw(referral, "analyst:x", "nhầm")
    page = enter("lead").get(f"/van-de/{issue}").text
    assert re.search(rf"Phiếu chuyển: [^<]+ <small>\(gửi {AGENCY}\)</small>", page)


@pytest.mark.parametrize("written", ["{}", "số {}", "Số {}", "#{}", "vấn đề số {}", " số{} "])
def test_an_issue_is_named_as_pages_name_it(enter: Enter, town: Town, written: str) -> None:
    target, source = town.issue(), town.issue()
    client = enter("analyst")
    form: dict[str, Any] = {
        "csrf": token(client, "/"),
        "why": "trùng",
        "other_number": written.format(target),
    }
    assert client.post(f"/van-de/{source}/gop", data=form).status_code == 200
    assert town.get(Issue, source).merged_into_id == target
