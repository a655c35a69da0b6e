"""Nhật ký: what was done, in words, by post and by time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as database_event
from sqlalchemy import insert, select

from store.history import record
from store.models import Event, UndoneEvent
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, POST, Town
from web.pages.audit import PER_PAGE


def tell(town: Town, action: str, **columns: Any) -> None:
    defaults: dict[str, Any] = {"at": NOW, "actor": "stage:group", "entity": "issue", "entity_id": 1}
    with town.store.begin() as session:
        record(session, action=action, **(defaults | columns))


def rows(page: str) -> list[str]:
    found = re.findall(r'<tr id="viec-.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_an_act_is_told_with_who_when_what_and_why(enter: Enter, town: Town) -> None:
    issue = town.issue(title="Bãi rác bịa")
    client = enter("lead")
    form = {"csrf": token(client, "/"), "topic": "traffic"}
    client.post(f"/van-de/{issue}/linh-vuc", data=form)
    client.post(f"/van-de/{issue}/bo-qua", data=form | {"why": "Không phải vấn đề dân sinh"})
    dismissed, changed, signed_in, *_ = rows(client.get("/nhat-ky").text)
    assert dismissed.startswith(f"20/11/2026 09:00 {POST['lead']} Vấn đề:")
    assert "vấn đề số 1" in dismissed
    assert "Không phải vấn đề dân sinh" in dismissed
    assert "lĩnh vực: Môi trường – rác thải → Giao thông" in changed
    assert f"{POST['lead']} Đăng nhập bằng: mật khẩu" in signed_in


def test_a_letters_act_is_told_with_its_number_and_taking_back_is_taken_back_by_nothing(
    enter: Enter, town: Town
) -> None:
    issue = town.issue()
    sent = town.referral(issue, agency_name="Sở Bịa", state="sent", number=25)
    draft = town.referral(issue, agency_name="Sở Bịa")
    for referral, action in ((sent, "approved"), (sent, "undone"), (draft, "created")):
        tell(town, action, entity="referral", entity_id=referral)
    with town.store.begin() as session:
        told = session.scalars(select(Event.id).where(Event.action.in_(("approved", "undone")))).all()
        session.add_all(UndoneEvent(event_id=number) for number in told)
    drafted, undone, approved, *_ = rows(enter("lead").get("/nhat-ky?loai=referral").text)
    assert "Sở Bịa (vấn đề số 1)" in drafted
    assert "Sở Bịa (phiếu số 25, vấn đề số 1)" in approved
    assert "(đã hoàn tác)" in approved
    assert "(đã hoàn tác)" not in undone


def test_failed_sign_ins_are_told_of_accounts_that_there_are(enter: Enter, town: Town) -> None:
    client = enter("operator")
    for name in ("tai-khoan-lead", "mat khau go nham vao day"):
        form = {"csrf": token(client, "/dang-nhap"), "name": name, "password": "sai"}
        client.post("/dang-nhap", data=form)
    page = client.get("/nhat-ky?loai=session").text
    failed = [row for row in rows(page) if "Đăng nhập không được" in row]
    assert len(failed) == 1
    assert POST["lead"] in failed[0]
    assert "Người chưa đăng nhập" in failed[0]
    assert "go nham" not in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("loai=referral", ["gửi lại"]),
        ("tu-ngay=21/11/2026", ["phát hiện"]),
        ("tu-ngay=19/11/2026&den-ngay=19/11/2026", ["gửi lại"]),
        ("den-ngay=18/11/2026", []),
        ("van-de=1&loai=issue", ["phát hiện", "xác nhận"]),
        ("van-de=1", ["phát hiện", "xác nhận", "gửi lại"]),
        ("van-de=2", []),
        ("phieu=77", ["gửi lại"]),
        ("phieu=78", []),
        ("ai=nguoi&van-de=1", ["xác nhận"]),
        ("ai=lead&van-de=1", ["xác nhận"]),
        ("ai=stage&van-de=1", ["phát hiện", "gửi lại"]),
        ("ai=operator&van-de=1", []),
        ("ai=tai-khoan-lead&van-de=1", ["phát hiện", "xác nhận", "gửi lại"]),
        ("loai=issue.confirmed", ["xác nhận"]),
        ("loai=issue.confirmed&ai=stage", []),
        ("loai=referral.sent_again", ["gửi lại"]),
        ("loai=issue.no-such-act&van-de=1", ["phát hiện", "xác nhận"]),
    ],
)
def test_the_history_is_filtered(enter: Enter, town: Town, asked: str, expected: list[str]) -> None:
    referral = town.sent_referral(town.issue(), number=77)
    tell(town, "confirmed", actor="lead:tai-khoan-lead")
    tell(town, "detected", at=NOW + timedelta(days=1))
    tell(town, "sent_again", entity="referral", entity_id=referral, at=NOW - timedelta(days=1))
    found = rows(enter("lead").get(f"/nhat-ky?{asked}").text)
    assert [next(word for word in expected if word in row) for row in found] == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tu-ngay=2026-11-20", "Từ ngày: hãy ghi ngày"),
        ("den-ngay=31/02/2026", "Đến ngày: hãy ghi ngày"),
        ("tu-ngay=2/11/2026&den-ngay=1/11/2026", "Đến ngày phải từ"),
        ("van-de=x", "Vấn đề số: hãy ghi một số"),
        ("phieu=99999999999", "Phiếu chuyển số: hãy ghi một số"),
    ],
)
def test_a_filter_that_says_nothing_is_answered_in_words(enter: Enter, asked: str, said: str) -> None:
    answer = enter("operator").get(f"/nhat-ky?{asked}")
    assert answer.status_code == 400
    assert said in answer.text


def test_the_history_goes_on_page_by_page_and_misses_nothing(enter: Enter, town: Town) -> None:
    client = enter("lead")
    town.issue()
    for n in range(2 * PER_PAGE + 5):
        tell(town, "joined", at=NOW - timedelta(seconds=n // 3), why=f"lý do {n}")
    seen: list[str] = []
    address = "/nhat-ky?loai=issue"
    for _ in range(3):
        page = client.get(address).text
        seen += re.findall(r"lý do \d+", page)
        older = re.search(r'href="(/nhat-ky\?[^"]*sau=[^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 2 * PER_PAGE + 5
    assert sum("Về mới nhất" in client.get(f"/nhat-ky{asked}").text for asked in ("", "?sau=x~y")) == 1


@pytest.mark.parametrize("place", ["x", "2026-11-20~1", "2026-11-20T00:00:00+00:00~-1", "~", "9~9", "%00"])
def test_a_place_that_is_none_is_the_beginning(enter: Enter, place: str) -> None:
    assert len(rows(enter("lead").get(f"/nhat-ky?sau={place}").text)) > 1


def test_the_history_asks_a_fixed_number_of_questions(enter: Enter, town: Town) -> None:
    client = enter("lead")
    asked: list[str] = []

    def count(*arguments: Any) -> None:
        asked.append(arguments[2])

    counts = []
    for _ in range(2):
        referral = town.sent_referral(town.issue())
        town.delivery(referral)
        reply = town.reply(referral, "Bịa")
        for entity, key in (("issue", 1), ("referral", referral), ("delivery", 1), ("reply", reply)):
            tell(town, "joined", entity=entity, entity_id=key)
        asked.clear()
        database_event.listen(town.store.engine, "before_cursor_execute", count)
        client.get("/nhat-ky")
        database_event.remove(town.store.engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_every_page_of_a_long_history_is_found_by_an_index(town: Town) -> None:
    """A plan without a sort and without a look at every row."""
    with town.store.begin() as session:
        made: dict[str, Any] = {"before": {}, "after": {}, "why": None, "entity_id": 1}
        session.execute(
            insert(Event),
            [
                made
                | {
                    "at": NOW - timedelta(minutes=n),
                    "actor": "lead:x" if n % 50 == 0 else "stage:group",
                    "entity": "referral" if n % 40 == 0 else "issue",
                    "action": "joined",
                }
                for n in range(2000)
            ],
        )
    plans = [
        ("entity = 'referral'", "ix_event_kind"),
        ("actor NOT LIKE 'stage:%'", "ix_event_by_people"),
        ("at >= '2026-11-01'", "ix_event_at"),
        ("entity = 'referral' AND action = 'joined'", "ix_event_act"),
        ("actor LIKE 'lead%'", "ix_event_by_lead"),
        ("actor LIKE 'stage%' AND at >= '2026-11-01'", "ix_event_by_stage"),
    ]
    with town.store.read() as session:
        for where, index in plans:
            told = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT * FROM event WHERE {where} ORDER BY at DESC, id DESC LIMIT 51"  # noqa: S608
            )
            plan = " ".join(str(row[3]) for row in told)
            assert index in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_paper_says_what_was_asked_for(enter: Enter) -> None:
    client = enter("lead")
    page = client.get("/nhat-ky?tu-ngay=19/11/2026&loai=session.signed_in&ai=lead").text
    assert "Chỉ gồm: từ ngày 19/11/2026; đăng nhập; lãnh đạo phê duyệt." in page
    assert "Chỉ gồm" not in client.get("/nhat-ky?loai=x&ai=y").text
