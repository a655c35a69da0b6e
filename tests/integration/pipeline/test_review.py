"""What people decide at the desk, on both databases."""

import functools
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from pipeline.drafting import reopen
from pipeline.review import Conflict, Review
from pipeline.stages import group, refer
from pipeline.states import OUT, NotAllowed
from store import Store
from store.models import Delivery, Event, Issue, Referral, Reply
from store.queries.desk import due_by
from store.queries.issues import locked
from store.queries.reminders import extensions, unanswered_by
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import at, on, settings

Step = Callable[[Review, int], None]

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
    return post(store, review, lead_referral(store, issue_id).id)


def post(store: Store, review: Review, referral_id: int) -> int:
    """Approved and sent."""
    review.approve(referral_id, LEAD)
    with store.begin() as session:
        referral = session.get_one(Referral, referral_id)
        referral.state = "sent"
        referral.issue.state = "referred"
    return referral_id


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
    assert drafted == ["so-xay-dung", f"commune:{WARD}"]  # the co-agency keeps its draft


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
    drafted = [(r.agency_key, r.role) for r in issue.referrals if r.state == "drafted"]
    assert drafted == [("so-xay-dung", "lead"), (f"commune:{WARD}", "co")]


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
    with pytest.raises(Conflict, match=f"{ANALYST} xác nhận lúc 07:00 20/11/2026"):
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


def approve_all(store: Store, review: Review, issue_id: int) -> None:
    review.confirm(issue_id, ANALYST)
    for referral in issue_of(store, issue_id).referrals:
        review.approve(referral.id, LEAD)


def referral_states(store: Store, issue_id: int) -> list[tuple[str, str]]:
    return [(referral.agency_key, referral.state) for referral in issue_of(store, issue_id).referrals]


@pytest.mark.parametrize(
    "end",
    [
        lambda review, issue_id: review.dismiss(issue_id, LEAD, "báo đã đính chính"),
        lambda review, issue_id: review.close(issue_id, "no_action", LEAD, why="đã có dự án khác"),
    ],
)
def test_an_approved_letter_of_an_ended_issue_does_not_go(
    store: Store, town: Town, review: Review, clock: Watch, end: Step
) -> None:
    issue_id = town.issue()
    approve_all(store, review, issue_id)
    refer.run(store, settings(), clock, quiet)  # the letters wait in the outbox
    end(review, issue_id)
    with store.read() as session:
        assert set(session.scalars(select(Delivery.state))) == {"cancelled"}
    assert {state for _, state in referral_states(store, issue_id)} == {"withdrawn"}


def test_a_letter_on_its_way_is_not_withdrawn(store: Store, town: Town, review: Review, clock: Watch) -> None:
    issue_id = town.issue()
    approve_all(store, review, issue_id)
    refer.run(store, settings(), clock, quiet)
    with store.begin() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.state = "sending"
    with pytest.raises(NotAllowed, match="không rút được nữa"):
        review.withdraw(lead_referral(store, issue_id).id, LEAD, "nhầm")


@pytest.mark.parametrize("co_is_out", [False, True], ids=["co drafted", "co sent"])
def test_without_its_leads_letter_the_issue_waits_visibly(
    store: Store, town: Town, review: Review, co_is_out: bool
) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    lead, co = issue_of(store, issue_id).referrals
    if co_is_out:
        post(store, review, co.id)
    review.withdraw(lead.id, LEAD, "trao đổi trực tiếp")
    assert "hãy chọn cơ quan khác" in (issue_of(store, issue_id).routing_problem or "")


def test_a_co_agencys_letter_is_withdrawn_beside_the_leads(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    _, co = issue_of(store, issue_id).referrals
    review.withdraw(co.id, LEAD, "trao đổi trực tiếp")
    assert issue_of(store, issue_id).routing_problem is None


def test_a_refusal_stands_though_a_co_agencys_letter_is_withdrawn(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    review.refuse(sent(store, review, issue_id), "Sở Xây dựng", ANALYST, "không thuộc thẩm quyền")
    review.withdraw(issue_of(store, issue_id).referrals[1].id, LEAD, "trao đổi trực tiếp")
    assert "từ chối" in (issue_of(store, issue_id).routing_problem or "")


def test_a_reopened_issue_without_its_letter_waits_visibly_whatever_was_answered_before(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue(topic="traffic")
    referral_id = sent(store, review, issue_id)
    reply_id = review.record_reply(referral_id, ANALYST, text="Đã xong.", received_at=at("2026-11-20 07:00"))
    review.accept_reply(reply_id, ANALYST)
    review.close(issue_id, "fixed", LEAD, reply_id=reply_id)
    review.reopen(issue_id, ANALYST, "lại bốc mùi")
    review.withdraw(issue_of(store, issue_id).referrals[1].id, LEAD, "nhầm")
    assert "hãy chọn cơ quan khác" in (issue_of(store, issue_id).routing_problem or "")


def test_a_reopened_issue_is_drafted_though_the_first_round_was_refused(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    review.refuse(referral_id, "Sở Xây dựng", ANALYST, "không thuộc thẩm quyền")
    review.close(issue_id, "not_competent", LEAD, why="không thuộc thẩm quyền")
    with store.begin() as session:  # as the group stage does when a new report comes
        reopen(session, session.get_one(Issue, issue_id), at=clock(), actor="stage:group", why="tin mới")
    assert refer.run(store, settings(), clock, quiet).counts == {"drafted": 2}


@pytest.mark.parametrize("state", ["approved", "sent", "answered", "accepted"])
def test_a_correction_gives_no_second_lead_and_says_what_stays(
    store: Store, town: Town, review: Review, state: str
) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    with store.begin() as session:
        session.get_one(Referral, referral_id).state = state
    stays = review.set_topic(issue_id, "traffic", ANALYST)
    issue = issue_of(store, issue_id)
    assert [(r.agency_key, r.role, r.state) for r in issue.referrals] == [
        ("so-nnmt", "lead", state),
        (f"commune:{WARD}", "co", "withdrawn"),
    ]
    assert "Phiếu số 1 tới Sở Nông nghiệp và Môi trường (chủ trì)" in (issue.routing_problem or "")
    assert "vấn đề nay thuộc Sở Xây dựng." in (issue.routing_problem or "")
    assert [words.partition(" tới ")[0] for words in stays] == ([] if state == "accepted" else ["Phiếu số 1"])
    with store.read() as session:
        why = session.scalar(select(Event.why).where(Event.action == "withdrawn"))
    assert why == "vấn đề được sửa"


def test_a_corrected_place_asks_the_new_commune_to_work_with_the_lead_that_stays(
    store: Store, town: Town, review: Review
) -> None:
    routes = [
        {"topic": "environment", "lead": "so-nnmt", "co": ["commune"], "valid_from": "2025-07-01"},
        {
            "topic": "environment", "place": "11359", "lead": "so-xay-dung", "co": ["commune"],
            "valid_from": "2025-07-01",
        },
    ]  # fmt: skip
    review = Review(store, settings(routes=routes), Watch())
    issue_id = town.issue()
    sent(store, review, issue_id)
    review.set_place(issue_id, "11359", ANALYST)
    *_, co = issue_of(store, issue_id).referrals
    assert (co.agency_key, co.role, co.state) == ("commune:11359", "co", "drafted")
    assert "phối hợp với Sở Nông nghiệp và Môi trường (cơ quan chủ trì)" in co.request
    assert "Sở Xây dựng" in (issue_of(store, issue_id).routing_problem or "")


def test_once_the_old_letter_is_withdrawn_the_new_lead_is_chosen(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    first = lead_referral(store, issue_id).id
    review.approve(first, LEAD)
    review.set_topic(issue_id, "traffic", ANALYST)
    assert "hãy rút rồi chọn cơ quan mới" in (issue_of(store, issue_id).routing_problem or "")
    review.withdraw(first, ANALYST, "sai lĩnh vực")
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    issue = issue_of(store, issue_id)
    assert [(r.agency_key, r.state) for r in issue.referrals if r.role == "lead"] == [
        ("so-nnmt", "withdrawn"),
        ("so-xay-dung", "drafted"),
    ]
    assert issue.routing_problem is None


def test_a_correction_back_asks_nobody_anew(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    sent(store, review, issue_id)
    review.set_topic(issue_id, "traffic", ANALYST)
    review.set_topic(issue_id, "environment", ANALYST)
    issue = issue_of(store, issue_id)
    assert issue.routing_problem is None
    assert [r.agency_key for r in issue.referrals if r.state == "drafted"] == [f"commune:{WARD}"]


def test_a_co_agency_that_the_rules_name_to_lead_is_told_of(store: Store, town: Town) -> None:
    routes = [
        {"topic": "environment", "lead": "so-nnmt", "co": ["so-xay-dung"], "valid_from": "2025-07-01"},
        {"topic": "traffic", "lead": "so-xay-dung", "valid_from": "2025-07-01"},
    ]
    review = Review(store, settings(routes=routes), Watch())
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    post(store, review, issue_of(store, issue_id).referrals[1].id)
    review.set_topic(issue_id, "traffic", ANALYST)
    assert "Sở Xây dựng đã có phiếu phối hợp" in (issue_of(store, issue_id).routing_problem or "")
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    assert lead_referral(store, issue_id).agency_key == "so-xay-dung"


def test_what_is_set_as_it_was_changes_no_draft(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    before = referral_states(store, issue_id)
    assert review.set_topic(issue_id, "environment", ANALYST) == []
    assert referral_states(store, issue_id) == before


def test_a_correction_never_drafts_to_an_agency_that_refused(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue(topic="traffic")
    referral_id = sent(store, review, issue_id)
    review.refuse(referral_id, "UBND phường", ANALYST, "không thuộc thẩm quyền")
    review.set_place(issue_id, "11359", ANALYST)
    assert "drafted" not in dict(referral_states(store, issue_id)).values()
    assert "đã từ chối" in (issue_of(store, issue_id).routing_problem or "")


@pytest.mark.parametrize("state", ["drafted", "approved", "sent", "acknowledged", "returned"])
def test_a_co_agency_that_the_lead_names_can_be_chosen_to_lead(
    store: Store, town: Town, review: Review, state: str
) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    co = issue_of(store, issue_id).referrals[1]
    if state != "drafted":
        review.approve(co.id, LEAD)
    with store.begin() as session:
        session.get_one(Referral, co.id).state = state
    review.refuse(referral_id, "UBND phường", ANALYST, "theo phân cấp")
    review.set_agency(issue_id, co.agency_key, ANALYST)
    issue = issue_of(store, issue_id)
    assert [(r.agency_key, r.role, r.state) for r in issue.referrals] == [
        ("so-nnmt", "lead", "refused"),
        (co.agency_key, "co", "withdrawn"),
        (co.agency_key, "lead", "drafted"),
    ]
    assert issue.routing_problem is None
    with store.read() as session:
        told = session.scalars(select(Event).where(Event.entity == "referral", Event.entity_id == co.id))
        assert [event.action for event in told][-1] == (
            "ended" if state in ("sent", "acknowledged", "returned") else "withdrawn"
        )


def test_a_co_agency_that_has_answered_is_not_asked_again(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    co = post(store, review, issue_of(store, issue_id).referrals[1].id)
    review.record_reply(co, ANALYST, text="Đã dọn.", received_at=at("2026-11-20 07:00"))
    review.refuse(referral_id, "UBND phường", ANALYST, "theo phân cấp")
    with pytest.raises(NotAllowed, match="Đã chuyển vấn đề này"):
        review.set_agency(issue_id, f"commune:{WARD}", ANALYST)


@pytest.mark.parametrize("state", ["approved", "sent", "acknowledged", "answered", "returned"])
def test_an_issue_gets_no_second_lead(store: Store, town: Town, review: Review, state: str) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    with store.begin() as session:
        session.get_one(Referral, referral_id).state = state
    with pytest.raises(NotAllowed, match="Sở Nông nghiệp và Môi trường đang chủ trì vấn đề này"):
        review.set_agency(issue_id, "so-xay-dung", ANALYST)


def test_after_an_accepted_answer_another_agency_can_be_asked(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    referral_id = sent(store, review, issue_id)
    review.accept_reply(
        review.record_reply(referral_id, ANALYST, text="Một phần.", received_at=at("2026-11-20 07:00")),
        ANALYST,
    )
    review.set_agency(issue_id, "so-xay-dung", ANALYST)
    assert ("so-xay-dung", "drafted") in referral_states(store, issue_id)


def test_after_a_reopening_the_agency_owes_one_answer(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue(topic="traffic")
    first = sent(store, review, issue_id)
    review.close(issue_id, "no_action", LEAD, why="chờ lâu")
    review.reopen(issue_id, ANALYST, "lại ngập")
    second = post(store, review, issue_of(store, issue_id).referrals[1].id)
    clock.set("2026-12-20 07:00")
    with store.read() as session:
        assert [one.id for one in due_by(session, clock(), 9).rows] == [second]
        assert [one.id for one in unanswered_by(session, OUT, clock())] == [second]
        told = session.scalars(select(Event).where(Event.entity == "referral", Event.entity_id == first))
        assert [event.action for event in told][-1] == "ended"


def test_a_letter_that_is_out_is_withdrawn_by_no_click(store: Store, town: Town, review: Review) -> None:
    referral_id = sent(store, review, town.issue())
    with pytest.raises(NotAllowed, match="Không thể chuyển"):
        review.withdraw(referral_id, LEAD, "nhầm")


def test_an_agency_that_has_acknowledged_is_not_chosen_again(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    review.acknowledge(sent(store, review, issue_id), ANALYST)
    with pytest.raises(NotAllowed, match="Đã chuyển vấn đề này"):
        review.set_agency(issue_id, "so-nnmt", ANALYST)


def test_nothing_is_approved_without_a_programme_in_force(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    clock.set("2031-01-02 09:00")
    with pytest.raises(NotAllowed, match="Không có chương trình phối hợp nào"):
        review.approve(lead_referral(store, issue_id).id, LEAD)


def test_a_good_example_is_referred_to_nobody(store: Store, town: Town, review: Review) -> None:
    issue_id = town.issue(kind="commendation")
    review.confirm(issue_id, ANALYST)
    with pytest.raises(NotAllowed, match="Gương tốt"):
        review.set_agency(issue_id, "so-nnmt", ANALYST)
    review.close(issue_id, "no_action", LEAD, why="đã khen thưởng")
    review.reopen(issue_id, LEAD, "bổ sung hồ sơ")
    assert referral_states(store, issue_id) == []


def test_an_answer_before_the_letter_is_refused(store: Store, town: Town, review: Review) -> None:
    referral_id = sent(store, review, town.issue())
    with store.begin() as session:
        session.get_one(Referral, referral_id).sent_at = at("2026-11-20 06:30")
    with pytest.raises(NotAllowed, match="sớm hơn lúc gửi"):
        review.record_reply(referral_id, ANALYST, text="Xong.", received_at=at("2026-11-20 06:00"))


def test_what_people_write_is_masked_before_it_is_stored(store: Store, town: Town, review: Review) -> None:
    referral_id = sent(store, review, town.issue())
    secret = "ông Nguyễn Văn Thử, số 0912 345 678"
    reply_id = review.record_reply(
        referral_id, ANALYST, text=f"Đã gặp {secret}.", received_at=at("2026-11-20 06:59")
    )
    review.return_reply(reply_id, ANALYST, f"{secret} chưa được trả lời")
    with store.read() as session:
        kept = [*session.scalars(select(Reply.text)), *map(str, session.scalars(select(Event.why)))]
    assert not [text for text in kept if "Nguyễn Văn Thử" in text or "345" in text]


def test_a_statutory_clock_runs_from_its_own_trigger(store: Store, town: Town, review: Review) -> None:
    referral_id = sent(store, review, town.issue())
    for _ in range(2):  # a second record corrects the first
        review.record_trigger(referral_id, "bao-chi-30", at("2026-11-18 09:00"), ANALYST)
    with store.read() as session:
        (entry,) = session.get_one(Referral, referral_id).statutory
    assert (entry["basis"], entry["deadline_at"]) == ("NĐ 237/2026 Đ18.1", "2026-12-18T23:59:59+07:00")
    with pytest.raises(NotAllowed, match="Không có thời hạn luật định"):
        review.record_trigger(referral_id, "khac", at("2026-11-18 09:00"), ANALYST)


def test_more_time_moves_the_programmes_deadline_and_says_who_and_why(
    store: Store, town: Town, review: Review
) -> None:
    referral_id = sent(store, review, town.issue())
    review.record_trigger(referral_id, "bao-chi-30", at("2026-11-18 09:00"), ANALYST)
    with store.read() as session:
        before = session.get_one(Referral, referral_id).statutory
    for day in ("2026-11-27", "2026-12-01"):
        review.extend(referral_id, on(day), LEAD, "chờ kết luận thanh tra")
    with store.read() as session:
        referral = session.get_one(Referral, referral_id)
        extended = extensions(session, [referral_id])[referral_id]
    assert referral.deadline_at == at("2026-12-01 17:00")
    assert referral.statutory == before  # the clock of law is not the office's
    assert (extended.actor, extended.why) == (LEAD, "chờ kết luận thanh tra")
    moments = [datetime.fromisoformat(told["deadline_at"]) for told in (extended.before, extended.after)]
    assert moments == [at("2026-11-27 17:00"), at("2026-12-01 17:00")]


@pytest.mark.parametrize(
    ("until", "why", "state", "refusal"),
    [
        ("2026-12-01", " ", "sent", "lý do"),
        ("2026-11-28", "chờ", "sent", "28/11/2026 không phải ngày làm việc"),  # a Saturday
        ("2026-11-26", "chờ", "sent", "muộn hơn thời hạn cũ"),  # its deadline as it stands
        ("2026-11-19", "chờ", "sent", "Ngày 19/11/2026 đã qua"),
        ("2026-12-01", "chờ", "answered", "còn chờ trả lời"),
        ("2026-12-01", "chờ", "approved", "còn chờ trả lời"),
    ],
)
def test_more_time_needs_a_reason_a_working_day_and_somebody_who_owes(
    store: Store, town: Town, review: Review, until: str, why: str, state: str, refusal: str
) -> None:
    referral_id = sent(store, review, town.issue())
    with store.begin() as session:
        session.get_one(Referral, referral_id).state = state
    with pytest.raises(NotAllowed, match=refusal):
        review.extend(referral_id, on(until), LEAD, why)
    with store.read() as session:
        assert session.get_one(Referral, referral_id).deadline_at == at("2026-11-26 17:00")


def test_more_time_does_not_end_in_the_past(store: Store, town: Town, review: Review, clock: Watch) -> None:
    referral_id = sent(store, review, town.issue())
    clock.set("2026-12-01 17:00")
    with pytest.raises(NotAllowed, match="muộn hơn lúc này"):
        review.extend(referral_id, on("2026-12-01"), LEAD, "chờ")


def at_once(*steps: Callable[[], None]) -> list[str]:
    """Runs the steps at the same moment and tells what became of each."""
    barrier = threading.Barrier(len(steps))

    def step(one: Callable[[], None]) -> str:
        barrier.wait()
        try:
            one()
        except NotAllowed:
            return "refused"
        return "done"

    with ThreadPoolExecutor(len(steps)) as pool:
        return [future.result() for future in [pool.submit(step, one) for one in steps]]


@pytest.mark.parametrize("repeat", range(5))
def test_approving_and_dismissing_at_once_leaves_one_of_the_two(
    store: Store, town: Town, review: Review, repeat: int
) -> None:
    issue_id = town.issue()
    review.confirm(issue_id, ANALYST)
    referral_id = lead_referral(store, issue_id).id
    at_once(
        lambda: review.approve(referral_id, LEAD),
        lambda: review.dismiss(issue_id, ANALYST, "không phải việc của ta"),
    )
    with store.read() as session:
        told = session.scalars(
            select(Event).where(Event.entity == "referral", Event.entity_id == referral_id).order_by(Event.id)
        ).all()
    chain = [(event.before.get("state"), event.after["state"]) for event in told]
    assert all(after == before for (_, after), (before, _) in itertools.pairwise(chain))


def test_two_approvals_at_once_take_two_numbers(store: Store, town: Town, review: Review) -> None:
    ids = [town.issue("Rác"), town.issue("Khói"), town.issue("Ồn"), town.issue("Bụi")]
    for issue_id in ids:
        review.confirm(issue_id, ANALYST)
    referrals = [lead_referral(store, issue_id).id for issue_id in ids]
    done = at_once(*(functools.partial(review.approve, referral_id, LEAD) for referral_id in referrals))
    assert done == ["done"] * 4
    with store.read() as session:
        numbers = session.scalars(select(Referral.number).where(Referral.id.in_(referrals))).all()
    assert sorted(numbers) == [1, 2, 3, 4]


def test_the_desk_and_a_stage_at_once_both_come_through(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue()
    again = town.article("Bãi rác tự phát bốc mùi", "2026-11-20 06:30")
    town.finding(again, WARD)
    done = at_once(
        lambda: review.confirm(issue_id, ANALYST),
        lambda: group.run(store, settings(), clock, quiet) and None,  # type: ignore[arg-type]
    )
    assert done == ["done", "done"]
    assert issue_of(store, issue_id).state == "confirmed"


def test_words_beyond_all_measure_are_refused_before_they_are_looked_through(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue()
    with pytest.raises(NotAllowed, match="Lý do dài quá 1000 ký tự"):
        review.dismiss(issue_id, ANALYST, "x" * 1001)
    with pytest.raises(NotAllowed, match="Tiêu đề dài quá 200 ký tự"):
        review.set_title(issue_id, "x" * 201, ANALYST)


def test_an_issue_that_was_merged_meanwhile_gets_no_title(store: Store, town: Town, review: Review) -> None:
    issue_id, host = town.issue(), town.issue()
    review.merge(issue_id, host, ANALYST, "một vụ việc")
    with pytest.raises(NotAllowed, match="đã kết thúc hoặc bỏ qua"):
        review.set_title(issue_id, "", ANALYST)


def test_who_holds_an_issue_waits_for_nobody_who_only_names_it(postgres_store: Store) -> None:
    """Whoever writes its words waits for the others who write words; so may who holds it."""
    issue_id = Town(postgres_store).issue()
    with postgres_store.begin() as holding, postgres_store.begin() as naming:
        locked(holding, issue_id)
        naming.execute(sql("SET LOCAL lock_timeout = '2s'"))
        # What a foreign key asks for.
        naming.execute(
            select(Issue.id).where(Issue.id == issue_id).with_for_update(read=True, key_share=True)
        )
