"""The second of two who decide at once is told what the first did, by whom and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.review import Conflict, Review
from pipeline.review.registers import EntryContent
from store.models import Issue, ProposedReply, Reply, TimeRequest, User
from tests.integration.pipeline.test_undo import (
    ANALYST,
    LATER,
    LEAD,
    Office,
    answered,
    asked,
    draft,
    entry,
    last_article,
    mail,
    merged,
    office,
    pair,
    proposed,
)
from tests.integration.web.town import NOW

__all__ = ["office"]
SECOND = "lead:hai"
AT = "lúc 09:05 20/11/2026"
Act = Callable[[Review, int], object]
Case = tuple[Callable[[Office], int], Act, Act, str]


def again(review: Review, number: int) -> object:
    """On a page that showed how it was before."""
    return review.set_urgency(number, 1, SECOND, seen_version=1)


def of_issue(act: Act, said: str) -> Case:
    return (lambda o: o.town.issue(), act, again, f"Vấn đề này vừa được Người một {said} {AT}; hãy xem lại")


def other(number: int) -> int:
    return number - 1


def two(office: Office) -> int:
    return pair(office, "detected", "detected")


def told(review: Review, number: int) -> object:
    return review.merge(number, other(number), SECOND, "trùng", seen_version=1)


def host(review: Review, number: int) -> object:
    return again(review, other(number))


CASES: dict[str, Case] = {
    "confirmed": of_issue(lambda r, n: r.confirm(n, ANALYST), "xác nhận"),
    "dismissed": of_issue(lambda r, n: r.dismiss(n, ANALYST, "trùng"), "bỏ qua"),
    "edited": of_issue(lambda r, n: r.set_topic(n, "traffic", ANALYST), "sửa"),
    "merged": (
        two,
        lambda r, n: r.merge(n, n - 1, ANALYST, "trùng"),
        told,
        f"vừa được Người một gộp vào vấn đề số 1 {AT}",
    ),
    "absorbed": (
        two,
        lambda r, n: r.merge(n, n - 1, ANALYST, "trùng"),
        host,
        f"vừa được Người một nhập thêm tin, bài của vấn đề số 2 {AT}",
    ),
    "replied": (
        answered,
        lambda r, n: r.accept_reply(n, ANALYST),
        lambda r, n: r.return_reply(n, SECOND, "thiếu"),
        f"Trả lời này đã được Người một chấp nhận {AT}.",
    ),
    "approved": (
        draft,
        lambda r, n: r.approve(n, ANALYST),
        lambda r, n: r.approve(n, SECOND),
        f"Phiếu đã được Người một duyệt {AT} trước đó",
    ),
    "granted": (
        asked,
        lambda r, n: r.grant_time(n, ANALYST),
        lambda r, n: r.decline_time(n, SECOND, "gấp"),
        f"Đề nghị này đã được Người một đồng ý {AT}: gia hạn đến hết ngày 10/12/2026.",
    ),
    "declined": (
        asked,
        lambda r, n: r.decline_time(n, ANALYST, "việc gấp"),
        lambda r, n: r.grant_time(n, SECOND, LATER),
        f"Đề nghị này đã được Người một từ chối {AT}, lý do: việc gấp",
    ),
    "taken": (
        proposed,
        lambda r, n: r.take_reply(n, ANALYST),
        lambda r, n: r.set_reply_aside(n, SECOND, "quảng cáo"),
        f"Thư này đã được Người một nhận là trả lời {AT}.",
    ),
    "aside": (
        proposed,
        lambda r, n: r.set_reply_aside(n, ANALYST, "quảng cáo"),
        lambda r, n: r.take_reply(n, SECOND),
        f"Thư này đã được Người một để riêng {AT}.",
    ),
    "seen": (
        mail,
        lambda r, n: r.mail_seen(n, ANALYST),
        lambda r, n: r.mail_seen(n, SECOND),
        f"Thư này đã được Người một xem {AT}.",
    ),
    "entry": (
        entry,
        lambda r, n: r.drop_entry(n, ANALYST, "thôi"),
        lambda r, n: r.correct_entry(n, EntryContent("x"), SECOND, seen_version=1),
        f"Mục này vừa được Người một ghi thôi theo dõi {AT}; hãy xem lại",
    ),
}


@pytest.fixture(autouse=True)
def first(office: Office) -> None:
    with office.town.store.begin() as session:
        session.add(User(name="mot", post="Người một", role="analyst", password_hash="", created_at=NOW))


def refused(office: Office, act: Act, number: int) -> str:
    with pytest.raises(Conflict) as caught:
        act(office.review, number)
    return str(caught.value)


@pytest.mark.parametrize("case", CASES)
def test_the_second_is_told_what_the_first_did(office: Office, case: str) -> None:
    made, act, second, said = CASES[case]
    number = made(office)
    office.clock.now += timedelta(minutes=5)
    act(office.review, number)
    office.clock.now += timedelta(minutes=1)
    assert said in refused(office, second, number)


@pytest.mark.parametrize("case", CASES)
def test_what_was_undone_in_between_hinders_nobody_who_saw_it_so(office: Office, case: str) -> None:
    """Issues and entries have a version, which their undoing moves on: there the second looks again."""
    made, act, second, _ = CASES[case]
    number = made(office)
    act(office.review, number)
    office.clock.now += timedelta(minutes=5)
    office.undo()
    if second in (again, told, host) or case == "entry":
        assert "Người một hoàn tác việc trước đó" in refused(office, second, number)
    else:
        second(office.review, number)


def test_parting_tells_where_articles_went(office: Office) -> None:
    issue = two(office)
    article = last_article(office, issue)
    office.clock.now += timedelta(minutes=5)
    office.review.move(issue, [article], issue - 1, ANALYST, "của vấn đề kia")
    assert f"Người một chuyển bớt tin, bài sang vấn đề số 1 {AT}" in refused(office, again, issue)
    assert f"Người một chuyển thêm tin, bài từ vấn đề số 2 {AT}" in refused(office, host, issue)

    def split(review: Review, number: int) -> Any:
        return review.split(number, [article], SECOND, "khác", seen_version=1)

    assert "chuyển bớt tin, bài" in refused(office, split, issue)


def test_a_merge_undone_and_a_state_that_came_back(office: Office) -> None:
    issue = merged(office)
    taken = office.taken()
    office.clock.now += timedelta(minutes=5)
    office.review.undo(taken.id, LEAD)
    said = refused(office, again, issue)
    assert "hoàn tác việc trước đó (nay: đã xác nhận) lúc 09:05" in said
    assert office.town.get(Issue, issue).state == "confirmed"


def test_a_reply_that_was_taken_back_was_judged_by_nobody(office: Office) -> None:
    first = answered(office)
    office.review.return_reply(first, SECOND, "còn thiếu")
    office.clock.now += timedelta(minutes=4)
    referral = office.town.get(Reply, first).referral_id
    slip = office.review.record_reply(referral, ANALYST, text="Nhầm", received_at=NOW)
    office.clock.now += timedelta(minutes=1)
    office.undo()
    said = refused(office, lambda r, n: r.accept_reply(n, SECOND), slip)
    assert f"Người một bỏ vì ghi nhầm {AT}" in said


def test_each_reply_was_judged_by_its_own_judge(office: Office) -> None:
    first = answered(office)
    office.clock.now += timedelta(minutes=5)
    office.review.return_reply(first, ANALYST, "còn thiếu")
    office.clock.now += timedelta(minutes=1)
    referral = office.town.get(Reply, first).referral_id
    second = office.review.record_reply(referral, SECOND, text="Lại", received_at=NOW)
    office.review.return_reply(second, SECOND, "vẫn thiếu")
    said = refused(office, lambda r, n: r.accept_reply(n, SECOND), first)
    assert said == f"Trả lời này đã được Người một trả lại {AT}."


@pytest.mark.parametrize(
    ("decide", "said"),
    [
        (lambda r, n, who: r.take_reply(n, who), "nhận là trả lời"),
        (lambda r, n, who: r.set_reply_aside(n, who, "quảng cáo"), "để riêng"),
    ],
)
def test_each_message_was_seen_by_its_own_reader(
    office: Office, decide: Callable[[Review, int, str], object], said: str
) -> None:
    """Two of one referral: the second a supplement to what the first became, or put aside as it was."""
    first = proposed(office)
    with office.town.store.begin() as session:
        one = session.get_one(ProposedReply, first)
        again = ProposedReply(
            referral=one.referral, channel="mail", external_id="y", origin="thư", received_at=NOW,
            recorded_at=NOW, text="Thêm.", left_out=[],
        )  # fmt: skip
        session.add(again)
        session.flush()
        second = again.id
    office.clock.now += timedelta(minutes=5)
    decide(office.review, first, ANALYST)
    office.clock.now += timedelta(minutes=30)
    decide(office.review, second, SECOND)
    told_first = refused(office, lambda r, n: r.take_reply(n, SECOND), first)
    assert told_first == f"Thư này đã được Người một {said} {AT}."
    assert "đã được lead:hai" in refused(office, lambda r, n: r.take_reply(n, SECOND), second)


def test_time_given_by_hand_is_no_answer_to_what_was_declined(office: Office) -> None:
    request = asked(office)
    office.clock.now += timedelta(minutes=5)
    office.review.decline_time(request, ANALYST, "việc gấp")
    office.clock.now += timedelta(minutes=30)
    office.review.extend(office.town.get(TimeRequest, request).referral_id, LATER, SECOND, "mưa lũ")
    said = refused(office, lambda r, n: r.grant_time(n, SECOND), request)
    assert f"Người một từ chối {AT}, lý do: việc gấp" in said
