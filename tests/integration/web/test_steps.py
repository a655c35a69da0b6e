"""What officials do at the desk, through its forms."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.judgements import judgements
from store.history import record
from store.models import Delivery, Issue, Referral, Reply
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, POST, Town
from tests.office import at

REPLIED = {"received_at": "20/11/2026 08:15", "document_number": "12/SNN", "text": "Đã thu gom xong."}


def post(client: TestClient, path: str, **form: Any) -> str:
    answer = client.post(path, data={"csrf": token(client, "/")} | form)
    assert answer.status_code == 200, answer.text
    return answer.text


def refusal(client: TestClient, path: str, **form: Any) -> str:
    answer = client.post(path, data={"csrf": token(client, "/")} | form)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    return answer.text


def drafts(town: Town, issue: int) -> list[Referral]:
    with town.store.read() as session:
        found = session.query(Referral).where(Referral.issue_id == issue, Referral.state == "drafted").all()
        session.expunge_all()
        return found


def test_confirming_drafts_the_referral(enter: Enter, town: Town) -> None:
    issue = town.issue()
    page = post(enter("analyst"), f"/van-de/{issue}/xac-nhan", seen_version=1)
    assert "Đã xác nhận vấn đề." in page
    assert "Sở Nông nghiệp và Môi trường" in page
    assert POST["analyst"] in page
    assert town.get(Issue, issue).state == "confirmed"
    assert [draft.agency_key for draft in drafts(town, issue)] == ["so-nnmt"]


def test_confirming_in_the_queue_returns_to_the_queue(enter: Enter, town: Town) -> None:
    issue = town.issue()
    page = post(enter("analyst"), f"/van-de/{issue}/xac-nhan", seen_version=1, **{"from": "today"})
    assert "<h1>Hôm nay" in page
    assert "Không có vấn đề nào." in page


def test_dismissing_needs_a_reason(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    assert "lý do" in refusal(client, f"/van-de/{issue}/bo-qua", why=" ")
    assert "Lý do: ngoài địa bàn" in post(client, f"/van-de/{issue}/bo-qua", why="ngoài địa bàn")
    assert town.get(Issue, issue).state == "dismissed"


def test_what_no_letter_can_hold_is_left_out_of_what_is_written(enter: Enter, town: Town) -> None:
    issue = town.issue()
    page = post(enter("analyst"), f"/van-de/{issue}/bo-qua", why="ngoài\x00 địa\x02 bàn\r\ncủa ta\ufffe")
    assert "Lý do: ngoài địa bàn\ncủa ta" in page


def test_topic_place_and_agency_are_changed_by_hand(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    post(client, f"/van-de/{issue}/xac-nhan")
    post(client, f"/van-de/{issue}/linh-vuc", topic="traffic")
    assert [draft.agency_key for draft in drafts(town, issue)] == ["so-xay-dung"]
    post(client, f"/van-de/{issue}/dia-ban", place="31")
    post(client, f"/van-de/{issue}/co-quan", agency="so-nnmt")
    assert [draft.agency_key for draft in drafts(town, issue)] == ["so-nnmt"]
    changed = town.get(Issue, issue)
    assert (changed.topic, changed.province_code, changed.place_name) == (
        "traffic",
        "31",
        "Thành phố Hải Phòng",
    )


def test_the_urgency_is_changed_by_hand(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    offered = client.get(f"/van-de/{issue}").text
    assert '<option value="3" selected>Mức 3: nghiêm trọng, kéo dài</option>' in offered
    assert '<option value="0"' not in offered
    page = post(client, f"/van-de/{issue}/muc-do", urgency=1, seen_version=1)
    assert "Đã đổi mức độ." in page
    assert "mức độ: nghiêm trọng, kéo dài → nhẹ" in page
    changed = town.get(Issue, issue)
    assert (changed.urgency, changed.edited) == (1, ["urgency"])
    assert [(one.decision, one.urgency) for one in judgements(town.store)] == [("correct", 1)]


def test_a_correction_that_corrects_nothing_is_told_as_such(enter: Enter, town: Town) -> None:
    issue_id = town.issue(urgency=3)
    analyst = enter("analyst")
    page = post(analyst, f"/van-de/{issue_id}/muc-do", urgency=3, seen_version=1)
    assert "Không có gì thay đổi" in page
    assert "Đã đổi mức độ" not in page


def test_good_examples_have_no_urgency_to_change(enter: Enter, town: Town) -> None:
    issue = town.issue(kind="commendation")
    client = enter("analyst")
    assert "Đổi mức độ" not in client.get(f"/van-de/{issue}").text
    assert "Gương tốt không có mức độ." in refusal(client, f"/van-de/{issue}/muc-do", urgency=1)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("linh-vuc", {"topic": "khong-co"}),
        ("muc-do", {}),
        ("muc-do", {"urgency": "0"}),
        ("muc-do", {"urgency": "5"}),
        ("muc-do", {"urgency": "cao"}),
        ("dia-ban", {"place": "99999"}),
        ("co-quan", {"agency": "khong-co"}),
        ("ket-thuc", {"outcome": "khong-co"}),
        ("ket-thuc", {}),
        ("ket-thuc", {"outcome": "fixed"}),
        ("ket-thuc", {"outcome": "fixed", "reply_id": "9"}),
        ("ket-thuc", {"outcome": "fixed", "reply_id": "9" * 30}),
        ("ket-thuc", {"outcome": "fixed", "reply_id": "một"}),
        ("ket-thuc", {"outcome": "planned", "outcome_date": "2026-12-31"}),
        ("mo-lai", {"why": "còn mùi"}),
        ("xac-nhan", {"seen_version": "7"}),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(
    enter: Enter, town: Town, path: str, form: dict[str, str]
) -> None:
    issue = town.issue(state="confirmed")
    assert "Chưa làm được." in refusal(enter("lead"), f"/van-de/{issue}/{path}", **form)
    unchanged = town.get(Issue, issue)
    assert (unchanged.state, unchanged.topic, unchanged.version) == ("confirmed", "environment", 1)


@pytest.mark.parametrize(
    ("state", "path", "form"),
    [
        ("detected", "xac-nhan", {}),
        ("detected", "bo-qua", {"why": "ngoài địa bàn"}),
        ("confirmed", "linh-vuc", {"topic": "traffic"}),
        ("confirmed", "muc-do", {"urgency": "1"}),
        ("confirmed", "dia-ban", {"place": "31"}),
        ("confirmed", "co-quan", {"agency": "so-nnmt"}),
        ("referred", "ket-thuc", {"outcome": "no_action", "why": "trùng việc khác"}),
    ],
)
def test_a_decision_on_an_old_page_is_refused(
    enter: Enter, town: Town, state: str, path: str, form: dict[str, str]
) -> None:
    issue = town.issue(state=state)
    client = enter("lead")
    page = refusal(client, f"/van-de/{issue}/{path}", seen_version=2, **form)
    assert "hãy xem lại trước khi quyết định" in page
    assert town.get(Issue, issue).version == 1
    post(client, f"/van-de/{issue}/{path}", seen_version=1, **form)


def test_the_second_of_two_who_decide_at_once_sees_what_the_first_did(enter: Enter, town: Town) -> None:
    issue = town.issue()
    post(enter("analyst"), f"/van-de/{issue}/xac-nhan", seen_version=1)
    page = refusal(enter("lead"), f"/van-de/{issue}/bo-qua", seen_version=1, why="không phải")
    assert "tình trạng: mới phát hiện → đã xác nhận" in page
    assert town.get(Issue, issue).state == "confirmed"


def test_a_refused_step_in_the_queue_is_told_in_the_queue(enter: Enter, town: Town) -> None:
    issue = town.issue()
    page = refusal(enter("analyst"), f"/van-de/{issue}/bo-qua", why="", **{"from": "today"})
    assert "<h1>Hôm nay" in page


def test_a_referral_goes_from_approval_to_an_accepted_reply(enter: Enter, town: Town) -> None:
    issue = town.issue(state="confirmed")
    draft = town.referral(issue)
    lead = enter("lead")
    assert "Đã duyệt phiếu chuyển" in post(lead, f"/phieu-chuyen/{draft}/duyet")
    assert town.get(Referral, draft).state == "approved"

    referral = town.sent_referral(issue)
    post(lead, f"/phieu-chuyen/{referral}/tiep-nhan")
    assert town.get(Referral, referral).state == "acknowledged"
    page = post(lead, f"/phieu-chuyen/{referral}/tra-loi", **REPLIED)
    assert "Đã thu gom xong." in page
    reply = town.get(Reply, 1)
    assert (reply.received_at, reply.document_number) == (at("2026-11-20 08:15"), "12/SNN")
    post(lead, f"/tra-loi/{reply.id}/chap-nhan")
    assert town.get(Referral, referral).state == "accepted"

    page = post(lead, f"/van-de/{issue}/ket-thuc", outcome="fixed", reply_id=reply.id)
    assert "Đã kết thúc vấn đề." in page
    closed = town.get(Issue, issue)
    assert (closed.state, closed.outcome, closed.closing_reply_id) == ("closed", "fixed", reply.id)
    post(lead, f"/van-de/{issue}/mo-lai", why="còn mùi hôi")
    assert town.get(Issue, issue).state == "reopened"


def test_a_planned_outcome_keeps_its_date(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    referral = town.sent_referral(issue)
    lead = enter("lead")
    post(lead, f"/phieu-chuyen/{referral}/tra-loi", **REPLIED)
    post(lead, "/tra-loi/1/chap-nhan")
    page = post(lead, f"/van-de/{issue}/ket-thuc", outcome="planned", reply_id=1, outcome_date="31/12/2026")
    assert "thời hạn 31/12/2026" in page


def test_a_statutory_clock_runs_from_what_has_happened(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    referral = town.sent_referral(issue)
    client = enter("analyst")
    assert "không áp dụng" in client.get(f"/van-de/{issue}").text
    page = post(
        client,
        f"/phieu-chuyen/{referral}/moc-luat",
        clock="bao-chi-30",
        trigger_at="19/11/2026 09:00",
    )
    assert "Đã ghi mốc của thời hạn theo luật." in page
    assert "21/12/2026 23:59" in page  # the thirtieth day is a Saturday
    assert "NĐ 237/2026 Đ18.1" in page


def test_a_returned_reply_waits_for_another(enter: Enter, town: Town) -> None:
    referral = town.sent_referral(town.issue(state="referred"))
    client = enter("analyst")
    post(client, f"/phieu-chuyen/{referral}/tra-loi", **REPLIED)
    assert "lý do" in refusal(client, "/tra-loi/1/tra-lai", why="")
    post(client, "/tra-loi/1/tra-lai", why="thiếu thời hạn")
    assert town.get(Referral, referral).state == "returned"
    post(client, f"/phieu-chuyen/{referral}/tra-loi", **REPLIED)
    assert town.get(Referral, referral).state == "answered"


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_at": ""},
        {"received_at": "2026-11-20T08:15"},
        {"received_at": "31/02/2026 08:00"},
        {"received_at": "21/11/2026 08:00"},
        {"text": "  "},
    ],
)
def test_a_reply_that_cannot_be_is_not_recorded(enter: Enter, town: Town, wrong: dict[str, str]) -> None:
    referral = town.sent_referral(town.issue(state="referred"))
    refusal(enter("analyst"), f"/phieu-chuyen/{referral}/tra-loi", **REPLIED | wrong)
    assert town.get(Referral, referral).state == "sent"


def test_a_refusing_agency_names_the_competent_body(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    referral = town.sent_referral(issue)
    client = enter("analyst")
    refusal(client, f"/phieu-chuyen/{referral}/tu-choi", why="không thuộc thẩm quyền", proposed_agency="")
    page = post(
        client,
        f"/phieu-chuyen/{referral}/tu-choi",
        why="không thuộc thẩm quyền",
        proposed_agency="Sở Xây dựng",
    )
    assert "Vướng nơi chuyển" in page
    assert town.get(Referral, referral).proposed_agency == "Sở Xây dựng"


def test_a_draft_is_withdrawn_with_a_reason(enter: Enter, town: Town) -> None:
    draft = town.referral(town.issue(state="confirmed"))
    client = enter("analyst")
    refusal(client, f"/phieu-chuyen/{draft}/rut", why="")
    post(client, f"/phieu-chuyen/{draft}/rut", why="gửi nhầm nơi")
    assert town.get(Referral, draft).state == "withdrawn"


@pytest.mark.parametrize("of_referral", [True, False])
def test_a_quarantined_delivery_is_sent_again(enter: Enter, town: Town, of_referral: bool) -> None:
    referral = town.sent_referral(town.issue(state="referred")) if of_referral else None
    delivery = town.delivery(referral, state="quarantined", attempts=10, last_error="550 không có hộp thư")
    post(enter("operator"), f"/luot-gui/{delivery}/gui-lai")
    again = town.get(Delivery, delivery)
    assert (again.state, again.attempts, again.message) == ("queued", 0, b"x" * 100)


@pytest.mark.parametrize("path", ["/phieu-chuyen/77/duyet", "/tra-loi/77/chap-nhan", "/luot-gui/77/gui-lai"])
def test_a_step_on_what_does_not_exist_is_refused_in_words(enter: Enter, town: Town, path: str) -> None:
    assert "Không tìm thấy mục này." in refusal(enter("lead"), path)


@pytest.mark.parametrize("path", ["/van-de/77/xac-nhan", f"/van-de/{10**25}/xac-nhan"])
def test_a_step_on_no_issue_is_not_found(enter: Enter, town: Town, path: str) -> None:
    client = enter("lead")
    assert client.post(path, data={"csrf": token(client, "/")}).status_code == 404


def test_the_history_tells_who_did_what(enter: Enter, town: Town) -> None:
    issue = town.issue()
    post(enter("analyst"), f"/van-de/{issue}/xac-nhan")
    town.clock.now = NOW + timedelta(hours=1)
    page = post(enter("lead"), f"/van-de/{issue}/linh-vuc", topic="traffic")
    history = page[page.index('id="nhat-ky"') :]
    assert history.index(POST["lead"]) < history.index(POST["analyst"])
    assert "20/11/2026 10:00" in history
    assert "tình trạng: mới phát hiện → đã xác nhận" in history
    assert "lĩnh vực: Môi trường" in history


def test_the_history_has_words_for_stages_agencies_and_posts_without_account(
    enter: Enter, town: Town
) -> None:
    issue = town.issue(state="referred")
    town.referral(issue, agency_key="commune:11407", agency_name="UBND phường thử")
    with town.store.begin() as session:
        for actor, action, after in (
            ("stage:group", "joined", {"article": 1, "role": "followup"}),
            ("analyst:phong-cu", "drafted", {"state": "drafted", "agency": "commune:11407"}),
        ):
            record(
                session,
                at=NOW,
                actor=actor,
                entity="issue",
                entity_id=issue,
                action=action,
                after=after,
            )
    page = enter("reader").get(f"/van-de/{issue}").text
    history = page[page.index('id="nhat-ky"') :]
    for words in (
        "Hệ thống (gom vấn đề)",
        "thêm bài",
        "tin tiếp",
        "Chuyên viên (phong-cu)",
        "UBND phường thử",
    ):
        assert words in history
    assert "commune:" not in history
