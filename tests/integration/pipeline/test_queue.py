"""An issue that nobody can be written to about waits in sight, and leaves by itself once that is mended."""

from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.drafting import WITHDRAWN
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import refer
from store import Store
from store.models import Event, Issue, Referral
from store.queries.desk import routing_problems
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import OFFICE, settings

AGENCIES = OFFICE["agencies"]
RULE = {"topic": "environment", "lead": "so-nnmt", "valid_from": "2025-07-01"}
WHOLE = {"routes": [RULE]}
NO_EMAIL = {"agencies": [agency | {"email": None} for agency in AGENCIES]}


def queued(store: Store) -> list[str]:
    """What the desk's queue says."""
    with store.read() as session:
        return [issue.routing_problem or "" for issue in routing_problems(session, 10).rows]


def drafted(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        rows = session.scalars(select(Referral).order_by(Referral.id))
        return [(row.agency_key, row.role) for row in rows]


def events(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def run(store: Store, office: Settings, clock: Watch, times: int = 1) -> None:
    for _ in range(times):
        refer.run(store, office, clock, quiet)


def refuse(store: Store, review: Review, issue: int, clock: Watch, which: int = 0) -> None:
    """One of an issue's agencies gets its letter and refuses it."""
    with store.begin() as session:
        referral = session.get_one(Issue, issue).referrals[which]
        referral.state, referral.sent_at, referral.issue.state = "sent", clock(), "referred"
    review.refuse(referral.id, "Bộ A", "analyst:a", "Theo phân cấp.")


@pytest.mark.parametrize(
    ("lacking", "says"),
    [
        ({"routes": []}, "mục routes"),
        ({"routes": [RULE, RULE | {"lead": "so-xay-dung"}]}, "2 quy tắc chuyển ngang nhau"),
        (WHOLE | NO_EMAIL, "chưa có địa chỉ nhận"),
        (WHOLE | {"programmes": [OFFICE["programmes"][0] | {"valid_to": "2026-06-30"}]}, "mục programmes"),
        (WHOLE | {"agencies": AGENCIES[:1]}, "mục agencies"),
    ],
    ids=["no rule", "two equal rules", "no contact", "expired programme", "no agency"],
)
def test_it_waits_in_sight_and_leaves_by_itself(
    sqlite_store: Store, town: Town, clock: Watch, lacking: dict[str, Any], says: str
) -> None:
    issue = town.issue()
    office = settings(**lacking)
    Review(sqlite_store, office, clock).confirm(issue, "analyst:a")
    (words,) = queued(sqlite_store)
    assert says in words
    assert drafted(sqlite_store) == []
    before = events(sqlite_store)
    run(sqlite_store, office, clock, times=2)
    clock.set("2026-11-23 07:00")
    run(sqlite_store, office, clock)
    assert queued(sqlite_store) == [words]
    assert events(sqlite_store) == before, "nothing changed, and nothing is told of it again"
    run(sqlite_store, settings(**WHOLE), clock)
    assert queued(sqlite_store) == []
    assert drafted(sqlite_store) == [("so-nnmt", "lead")]


WITH_CO = {"routes": [RULE | {"co": ["so-xay-dung"]}]}
CO_WITHOUT_EMAIL = {"agencies": [AGENCIES[0] | {"email": None}, AGENCIES[1]]}


def test_a_co_agency_gets_its_referral_once_it_can_be_written_to(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue = town.issue()
    lacking = settings(**WITH_CO, **CO_WITHOUT_EMAIL)
    Review(sqlite_store, lacking, clock).confirm(issue, "analyst:a")
    assert drafted(sqlite_store) == [("so-nnmt", "lead")]
    (words,) = queued(sqlite_store)
    assert words.startswith("Cơ quan phối hợp: Sở Xây dựng chưa có địa chỉ nhận")
    before = events(sqlite_store)
    run(sqlite_store, lacking, clock, times=2)
    assert events(sqlite_store) == before
    run(sqlite_store, settings(**WITH_CO), clock)
    assert queued(sqlite_store) == []
    assert drafted(sqlite_store) == [("so-nnmt", "lead"), ("so-xay-dung", "co")]


def test_no_second_lead_is_drafted_when_the_rule_has_changed(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue = town.issue()
    Review(sqlite_store, settings(**WITH_CO, **CO_WITHOUT_EMAIL), clock).confirm(issue, "analyst:a")
    changed = [RULE | {"lead": "so-xay-dung", "co": ["so-nnmt"]}]
    run(sqlite_store, settings(routes=changed), clock)
    assert drafted(sqlite_store) == [("so-nnmt", "lead")]
    assert len(queued(sqlite_store)) == 1


@pytest.mark.parametrize("which", [0, 1], ids=["lead", "co"])
def test_what_a_person_must_decide_is_left_to_the_person(
    sqlite_store: Store, town: Town, clock: Watch, which: int
) -> None:
    issue = town.issue()
    office = settings(**WITH_CO)
    review = Review(sqlite_store, office, clock)
    review.confirm(issue, "analyst:a")
    refuse(sqlite_store, review, issue, clock, which)
    (words,) = queued(sqlite_store)
    run(sqlite_store, office, clock, times=2)
    assert queued(sqlite_store) == [words]
    assert "từ chối" in words


@pytest.mark.parametrize("chosen", [False, True], ids=["refused", "refused, then another drafted"])
def test_an_issue_that_was_merged_and_comes_back_still_waits(
    sqlite_store: Store, town: Town, clock: Watch, chosen: bool
) -> None:
    issue, other = town.issue(), town.issue("Rác")
    office = settings(**WHOLE)
    review = Review(sqlite_store, office, clock)
    review.confirm(issue, "analyst:a")
    refuse(sqlite_store, review, issue, clock)
    if chosen:
        review.set_agency(issue, "so-xay-dung", "analyst:a")
    before = queued(sqlite_store)
    review.merge(issue, other, "analyst:a", "cùng việc")
    assert queued(sqlite_store) == []
    review.unmerge(issue, "analyst:a", "nhầm")
    run(sqlite_store, office, clock)
    (words,) = queued(sqlite_store)
    assert words == (WITHDRAWN if chosen else before[0])


def test_a_refusal_stands_while_the_co_agency_waits_for_an_address_and_after(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue = town.issue()
    office, lacking = settings(**WITH_CO), settings(**WITH_CO, **CO_WITHOUT_EMAIL)
    review = Review(sqlite_store, office, clock)
    review.confirm(issue, "analyst:a")
    with sqlite_store.read() as session:
        co = session.get_one(Issue, issue).referrals[1].id
    review.approve(co, "lead:b")
    refuse(sqlite_store, review, issue, clock)
    (refused,) = queued(sqlite_store)
    run(sqlite_store, lacking, clock)
    before = events(sqlite_store)
    run(sqlite_store, lacking, clock)
    (words,) = queued(sqlite_store)
    assert words.startswith(f"{refused} Chưa gửi được phiếu: Sở Xây dựng chưa có địa chỉ nhận")
    assert events(sqlite_store) == before
    run(sqlite_store, office, clock)
    assert queued(sqlite_store) == [refused]


def test_what_was_refused_before_a_merge_is_not_sent_to_the_same_agency_again(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue, host = town.issue(), town.issue("Rác")
    review = Review(sqlite_store, settings(**WHOLE), clock)
    review.confirm(issue, "analyst:a")
    refuse(sqlite_store, review, issue, clock)
    review.merge(issue, host, "analyst:a", "cùng việc")
    review.confirm(host, "analyst:a")
    assert queued(sqlite_store) == [
        "Sở Nông nghiệp và Môi trường đã từ chối vấn đề này; hãy chọn cơ quan khác."
    ]
    assert drafted(sqlite_store) == [("so-nnmt", "lead")]
    # The committee may decide on it all the same; a second refusal is seen to be one.
    review.set_agency(host, "so-nnmt", "analyst:a")
    refuse(sqlite_store, review, host, clock)
    (words,) = queued(sqlite_store)
    assert "Chưa thống nhất thẩm quyền" in words


def test_an_issue_is_closed_on_the_answer_to_one_that_was_merged_into_it(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue, host = town.issue(), town.issue("Rác")
    review = Review(sqlite_store, settings(**WHOLE), clock)
    review.confirm(issue, "analyst:a")
    with sqlite_store.begin() as session:
        referral = session.get_one(Issue, issue).referrals[0]
        referral.state, referral.sent_at, referral.issue.state = "sent", clock(), "referred"
    reply = review.record_reply(referral.id, "analyst:a", text="Đã dọn.", received_at=clock())
    review.accept_reply(reply, "analyst:a")
    review.merge(issue, host, "analyst:a", "cùng việc")
    review.confirm(host, "analyst:a")
    review.close(host, "fixed", "lead:a", reply_id=reply)
    with sqlite_store.read() as session:
        assert session.get_one(Issue, host).closing_reply_id == reply


def accept(store: Store, review: Review, issue: int, clock: Watch) -> None:
    """The issue's lead gets its letter and answers, and that is accepted."""
    with store.begin() as session:
        referral = session.get_one(Issue, issue).referrals[0]
        referral.state, referral.sent_at, referral.issue.state = "sent", clock(), "referred"
    reply = review.record_reply(referral.id, "analyst:a", text="Đã dọn.", received_at=clock())
    review.accept_reply(reply, "analyst:a")


def states(store: Store, issue: int) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(one.agency_key, one.state) for one in session.get_one(Issue, issue).referrals]


def test_an_agency_whose_answer_was_accepted_before_a_merge_is_not_drafted_to_anew(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue, host = town.issue(), town.issue("Rác")
    review = Review(sqlite_store, settings(**WHOLE), clock)
    review.confirm(issue, "analyst:a")
    accept(sqlite_store, review, issue, clock)
    review.merge(issue, host, "analyst:a", "cùng việc")
    review.confirm(host, "analyst:a")
    run(sqlite_store, settings(**WHOLE), clock)
    assert states(sqlite_store, host) == []
    assert "trả lời đã được chấp nhận; hãy kết thúc theo trả lời đó" in queued(sqlite_store)[0]
    review.set_agency(host, "so-nnmt", "analyst:a")
    assert states(sqlite_store, host) == [("so-nnmt", "drafted")]


@pytest.mark.parametrize(("settle", "says"), [(refuse, "đã từ chối"), (accept, "đã trả lời")])
def test_a_draft_to_an_agency_that_settled_the_other_part_goes_and_comes_back_with_the_parting(
    sqlite_store: Store, town: Town, clock: Watch, settle: Any, says: str
) -> None:
    issue, host = town.issue(), town.issue("Rác")
    review = Review(sqlite_store, settings(**WHOLE), clock)
    review.confirm(issue, "analyst:a")
    settle(sqlite_store, review, issue, clock)
    review.confirm(host, "analyst:a")
    assert states(sqlite_store, host) == [("so-nnmt", "drafted")]
    review.merge(issue, host, "analyst:a", "cùng việc")
    assert states(sqlite_store, host) == [("so-nnmt", "withdrawn")]
    assert says in queued(sqlite_store)[0]
    review.unmerge(issue, "analyst:a", "hai việc")
    assert states(sqlite_store, host) == [("so-nnmt", "withdrawn"), ("so-nnmt", "drafted")]
    with sqlite_store.read() as session:
        assert session.get_one(Issue, host).routing_problem is None


def test_what_was_settled_before_a_merge_is_asked_again_once_the_issue_is_reopened(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    issue, host, third = town.issue(), town.issue("Rác"), town.issue("Khói")
    review = Review(sqlite_store, settings(**WHOLE), clock)
    for one in (issue, third):
        review.confirm(one, "analyst:a")
        accept(sqlite_store, review, one, clock)
    review.merge(issue, host, "analyst:a", "cùng việc")
    review.confirm(host, "analyst:a")
    review.close(host, "no_action", "lead:a", why="đã có trả lời")
    review.reopen(host, "lead:a", "lại có rác")
    assert states(sqlite_store, host) == [("so-nnmt", "drafted")]
    # Of this round again.
    review.merge(third, host, "analyst:a", "cùng việc")
    assert states(sqlite_store, host) == [("so-nnmt", "withdrawn")]
