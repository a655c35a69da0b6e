"""What people decide at the desk, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.review import Conflict, Review
from pipeline.states import NotAllowed
from store import Store
from store.models import Event, Issue, Referral, Reply
from tests.integration.pipeline.conftest import WARD, Town, Watch
from tests.office import at, settings

ANALYST, LEAD = "analyst:nghiep-vu", "lead:truong-phong"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def review(store: Store, clock: Watch) -> Review:
    return Review(store, settings(), clock)


def issue_of(store: Store, issue_id: int) -> Issue:
    with store.read() as session:
        issue = session.get_one(Issue, issue_id)
        session.refresh(issue, ["referrals"])
        return issue


def lead_referral(store: Store, issue_id: int) -> Referral:
    query = select(Referral).where(Referral.issue_id == issue_id, Referral.role == "lead")
    with store.read() as session:
        return session.scalars(query.order_by(Referral.id.desc())).first() or pytest.fail("no referral")


def sent(store: Store, review: Review, issue_id: int) -> int:
    """Confirmed, approved and sent, as the stages would have it; the lead referral's id."""
    review.confirm(issue_id, ANALYST)
    referral = lead_referral(store, issue_id)
    review.approve(referral.id, LEAD)
    with store.begin() as session:
        session.get_one(Referral, referral.id).state = "sent"
        session.get_one(Issue, issue_id).state = "referred"
    return referral.id


def test_confirming_drafts_a_referral_to_lead_and_co_agencies(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    issue = issue_of(store, issue_id)
    assert issue.state == "confirmed"
    assert [(r.role, r.agency_key, r.state) for r in issue.referrals] == [
        ("lead", "so-nnmt", "drafted"),
        ("co", f"commune:{WARD}", "drafted"),
    ]
    assert issue.referrals[0].deadline_at is None


def test_what_has_no_route_waits_where_it_is_seen(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue(topic="culture")
    review.confirm(issue_id, ANALYST)
    issue = issue_of(store, issue_id)
    assert issue.referrals == []
    assert "Chưa có quy tắc chuyển" in (issue.routing_problem or "")


def test_approval_numbers_the_letter_and_starts_the_clock(store: Store, town: Town, review: Review) -> None:
    first, second = town.issue("Rác"), town.issue("Khói")
    for issue_id in (first, second):
        review.confirm(issue_id, ANALYST)
        review.approve(lead_referral(store, issue_id).id, LEAD)
    referrals = [lead_referral(store, issue_id) for issue_id in (first, second)]
    assert [(r.number, r.number_year, r.state) for r in referrals] == [
        (1, 2026, "approved"),
        (2, 2026, "approved"),
    ]
    # urgency 3: three working days from Friday 20/11; 24/11 is a day off
    assert referrals[0].deadline_at == at("2026-11-26 17:00")


def test_a_change_of_topic_drafts_anew(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    review.set_topic(issue_id, "traffic", ANALYST)
    issue = issue_of(store, issue_id)
    assert issue.topic == "traffic"
    assert issue.edited == ["topic"]
    assert [(r.agency_key, r.state) for r in issue.referrals] == [
        ("so-nnmt", "withdrawn"),
        (f"commune:{WARD}", "withdrawn"),
        ("so-xay-dung", "drafted"),
    ]


def test_a_place_is_set_by_its_code(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue(commune_code=None)
    review.set_place(issue_id, WARD, ANALYST)
    issue = issue_of(store, issue_id)
    assert (issue.province_code, issue.commune_code) == ("31", WARD)
    with pytest.raises(NotAllowed, match="mã “99999”"):
        review.set_place(issue_id, "99999", ANALYST)


def test_a_persons_choice_of_agency_replaces_the_rules(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    drafted = [r.agency_key for r in issue_of(store, issue_id).referrals if r.state == "drafted"]
    assert drafted == ["so-xay-dung"]


def test_an_answer_is_recorded_accepted_and_closes(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    review.acknowledge(referral_id, ANALYST)
    clock.set("2026-11-23 10:00")
    reply_id = review.record_reply(
        referral_id, ANALYST, text="Đã dọn sạch bãi rác.", received_at=at("2026-11-23 09:00")
    )
    with pytest.raises(NotAllowed, match="chưa được chấp nhận"):
        review.close(issue_id, "fixed", LEAD, reply_id=reply_id)
    review.accept_reply(reply_id, ANALYST)
    review.close(issue_id, "fixed", LEAD, reply_id=reply_id)
    issue = issue_of(store, issue_id)
    assert (issue.state, issue.outcome, issue.closing_reply_id) == ("closed", "fixed", reply_id)


def test_an_answer_sent_back_can_be_answered_again(store: Store, town: Town, review: Review) -> None:
    referral_id = sent(store, review, town.issue())
    for text in ("Đang xem xét.", "Đã xử lý xong."):
        reply_id = review.record_reply(referral_id, ANALYST, text=text, received_at=at("2026-11-20 06:59"))
        if text.startswith("Đang"):
            review.return_reply(reply_id, ANALYST, "chưa nêu kết quả")
    with store.read() as session:
        assert [reply.judgement for reply in session.scalars(select(Reply).order_by(Reply.id))] == [
            "returned",
            None,
        ]


def test_a_refusal_names_the_competent_body_and_comes_back(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    review.refuse(referral_id, "Sở Xây dựng", ANALYST, "không thuộc thẩm quyền")
    problem = issue_of(store, issue_id).routing_problem
    assert problem == "Sở Nông nghiệp và Môi trường từ chối, cho là thuộc thẩm quyền của Sở Xây dựng."
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    issue = issue_of(store, issue_id)
    assert issue.routing_problem is None
    assert issue.referrals[-1].agency_key == "so-xay-dung"


def test_a_reopened_issue_is_referred_in_a_second_round(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    sent(store, review, issue_id)
    review.close(issue_id, "no_action", LEAD, why="trùng với dự án đang làm")
    review.reopen(issue_id, LEAD, "người dân phản ánh lại")
    again = lead_referral(store, issue_id)
    assert (again.agency_key, again.round, again.state) == ("so-nnmt", 2, "drafted")


@pytest.mark.parametrize(
    ("outcome", "given", "says"),
    [
        ("fixed", {}, "phải dựa trên một trả lời"),
        ("planned", {"reply_id": 1}, "phải có thời hạn"),
        ("no_action", {}, "lý do kết thúc"),
        ("done", {}, "Không có kết quả"),
    ],
)
def test_closed_is_not_fixed(
    store: Store, town: Town, review: Review, outcome: str, given: dict[str, int], says: str
) -> None:
    issue_id = town.issue()
    sent(store, review, issue_id)
    with pytest.raises(NotAllowed, match=says):
        review.close(issue_id, outcome, LEAD, **given)
    assert issue_of(store, issue_id).state == "referred"


def test_the_second_of_two_people_is_told(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    seen = issue_of(store, issue_id).version
    review.confirm(issue_id, ANALYST, seen_version=seen)
    with pytest.raises(Conflict, match=f"{ANALYST} cập nhật lúc 07:00 20/11/2026"):
        review.dismiss(issue_id, LEAD, "không phải việc của ta", seen_version=seen)
    assert issue_of(store, issue_id).state == "confirmed"


@pytest.mark.parametrize(
    "step",
    [
        lambda review, issue_id: review.dismiss(issue_id, ANALYST, " "),
        lambda review, issue_id: review.reopen(issue_id, ANALYST, "x"),
        lambda review, issue_id: review.set_topic(issue_id, "politics", ANALYST),
        lambda review, issue_id: review.set_agency(issue_id, "so-nnmt", ANALYST),
        lambda review, issue_id: review.confirm(issue_id + 1000, ANALYST),
    ],
)
def test_what_is_not_allowed_changes_nothing(store: Store, town: Town, review: Review, step) -> None:  # noqa: ANN001
    issue_id = town.issue()
    with pytest.raises(NotAllowed):
        step(review, issue_id)
    issue = issue_of(store, issue_id)
    assert (issue.state, issue.topic, issue.version) == ("detected", "environment", 1)


def test_an_answer_from_the_future_is_refused(store: Store, town: Town, review: Review, clock: Watch) -> None:
    referral_id = sent(store, review, town.issue())
    with pytest.raises(NotAllowed, match="tương lai"):
        review.record_reply(referral_id, ANALYST, text="Đã xong.", received_at=clock() + timedelta(minutes=1))


def test_every_step_is_in_the_history(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    reply_id = review.record_reply(referral_id, ANALYST, text="Xong.", received_at=at("2026-11-20 06:59"))
    review.accept_reply(reply_id, ANALYST)
    review.close(issue_id, "explained", LEAD, reply_id=reply_id)
    with store.read() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    told = [(event.entity, event.action, event.actor) for event in events]
    assert told == [
        ("issue", "confirmed", ANALYST),
        ("referral", "drafted", ANALYST),
        ("referral", "drafted", ANALYST),
        ("referral", "approved", LEAD),
        ("referral", "answered", ANALYST),
        ("reply", "recorded", ANALYST),
        ("referral", "accepted", ANALYST),
        ("referral", "withdrawn", LEAD),
        ("issue", "closed", LEAD),
    ]
