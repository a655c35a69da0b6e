"""Letters are looked at before they go, by another person than who prepared them, and decided one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import event, select

from pipeline.documents.letter import letter_text
from pipeline.review import Conflict, Review
from pipeline.review.approval import CHANGED, TWO_PERSONS, Preview
from pipeline.stages import refer
from pipeline.states import NotAllowed, change
from store import Store
from store.models import Event, Issue, IssueArticle, Referral, Undoable, User
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import at, settings

ANALYST, LEAD, OTHER_LEAD = "analyst:nghiep-vu", "lead:pho-ban", "lead:truong-ban"


@pytest.fixture
def review(sqlite_store: Store, clock: Watch) -> Review:
    return Review(sqlite_store, settings(), clock)


@pytest.fixture
def drafts(town: Town, review: Review, sqlite_store: Store) -> list[int]:
    """Of two issues, each to a lead and a commune, by the analyst."""
    for title in ("Bãi rác bịa", "Ống nước bịa"):
        review.confirm(town.issue(title), ANALYST)
    return ids(sqlite_store)


def ids(store: Store) -> list[int]:
    with store.read() as session:
        return list(session.scalars(select(Referral.id).order_by(Referral.id)))


def states(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Referral.state).order_by(Referral.id)))


def previews(store: Store, review: Review, asked: list[int], actor: str = LEAD) -> list[Preview]:
    with store.read() as session:
        return review.previews(session, asked, actor)


def seen(store: Store, review: Review, asked: list[int]) -> dict[int, str]:
    return {one.referral.id: one.seen for one in previews(store, review, asked)}


def test_what_is_approved_goes_out_as_it_was_shown(
    sqlite_store: Store, review: Review, drafts: list[int], clock: Watch
) -> None:
    (shown, *_) = previews(sqlite_store, review, drafts)
    assert shown.letter
    assert shown.letter.limit.until == at("2026-11-26 17:00")  # three working days; 24/11 is a holiday
    review.approve(drafts[0], LEAD, seen=shown.seen)
    refer.run(sqlite_store, settings(), clock, quiet)
    with sqlite_store.read() as session:
        referral = session.get_one(Referral, drafts[0])
        (delivery,) = referral.deliveries
    assert shown.recipient
    assert (referral.deadline_at, delivery.recipient) == (shown.letter.limit.until, shown.recipient.address)
    body = message_from_bytes(delivery.message, policy=default).get_body(("plain",))
    assert body
    went = body.get_content().splitlines()
    lines = [line for line in letter_text(shown.letter).splitlines() if "/PC-BTG" not in line]
    assert [line for line in lines if line not in went] == []


def test_of_several_each_is_decided_for_itself(
    sqlite_store: Store, review: Review, drafts: list[int]
) -> None:
    ticked = seen(sqlite_store, review, drafts)
    review.set_title(1, "Tên khác", ANALYST)
    review.withdraw(drafts[1], ANALYST, "thôi")
    decided = review.approve_all(ticked | {999: "x"}, LEAD)
    assert [one.problem for one in decided] == [
        CHANGED,
        "Phiếu không còn là dự thảo: đã rút.",
        None,
        None,
        "Không tìm thấy mục này.",
    ]
    assert [one.number for one in decided] == [None, None, "1/PC-BTG", "2/PC-BTG", None]
    assert states(sqlite_store) == ["drafted", "withdrawn", "approved", "approved"]


def test_approving_once_more_does_nothing_twice(
    sqlite_store: Store, review: Review, drafts: list[int]
) -> None:
    ticked = seen(sqlite_store, review, drafts)
    assert not any(one.problem for one in review.approve_all(ticked, LEAD))
    with sqlite_store.read() as session:
        before = session.query(Event).count(), [session.get_one(Referral, one).number for one in drafts]
    again = review.approve_all(ticked, LEAD)
    assert all(f"Phiếu đã được {LEAD} duyệt lúc" in (one.problem or "") for one in again)
    with sqlite_store.read() as session:
        after = session.query(Event).count(), [session.get_one(Referral, one).number for one in drafts]
    assert after == before
    assert before[1] == [1, 2, 3, 4]


@dataclass
class Office:
    store: Store
    town: Town
    review: Review
    clock: Watch

    def another_article(self) -> None:
        article = self.town.article("Bài mới bịa", published="2026-11-20 06:50")
        joined = {"role": "report", "similarity": 1.0, "joined_at": at("2026-11-20 07:01")}
        with self.store.begin() as session:
            session.add(IssueArticle(issue_id=1, article_id=article, **joined))


CHANGES: dict[str, Callable[[Office], object]] = {
    "an article more": Office.another_article,
    "another title": lambda office: office.review.set_title(1, "Tên khác", ANALYST),
    "another urgency": lambda office: office.review.set_urgency(1, 4, ANALYST),
    "a limit of law": lambda office: office.review.record_trigger(
        1, "bao-chi-30", at("2026-11-20 06:00"), ANALYST
    ),
    "a co-agency less": lambda office: office.review.withdraw(2, ANALYST, "thôi"),
    "another day": lambda office: office.clock.set("2026-11-21 00:01"),
}


@pytest.mark.parametrize("case", sorted(CHANGES))
def test_what_has_changed_since_it_was_shown_is_not_approved(
    sqlite_store: Store, town: Town, review: Review, drafts: list[int], clock: Watch, case: str
) -> None:
    shown = seen(sqlite_store, review, drafts[:1])[drafts[0]]
    CHANGES[case](Office(sqlite_store, town, review, clock))
    with pytest.raises(Conflict, match="đã thay đổi"):
        review.approve(drafts[0], LEAD, seen=shown)
    assert states(sqlite_store)[0] == "drafted"
    review.approve(drafts[0], LEAD, seen=seen(sqlite_store, review, drafts[:1])[drafts[0]])


def test_later_on_the_same_day_it_is_the_same_letter(
    sqlite_store: Store, review: Review, drafts: list[int], clock: Watch
) -> None:
    shown = seen(sqlite_store, review, drafts[:1])[drafts[0]]
    clock.set("2026-11-20 16:59")
    review.approve(drafts[0], LEAD, seen=shown)


def reopened_by(store: Store, actor: str) -> None:
    """As the group stage or a person does it."""
    with store.begin() as session:
        issue = session.get_one(Issue, 1)
        issue.state = "closed"
        change(session, issue, "reopened", at=at("2026-11-20 07:00"), actor=actor, round=2)


PREPARED: dict[str, tuple[Callable[[Review], object], str, bool]] = {
    "who confirmed may not": (lambda review: review.confirm(1, LEAD), LEAD, False),
    "another may": (lambda review: review.confirm(1, LEAD), OTHER_LEAD, True),
    "who chose the agency may not": (
        lambda review: (review.confirm(1, ANALYST), review.set_agency(1, "so-xay-dung", LEAD)),
        LEAD,
        False,
    ),
    "nor who confirmed what another chose the agency for": (
        lambda review: (review.confirm(1, LEAD), review.set_agency(1, "so-xay-dung", ANALYST)),
        LEAD,
        False,
    ),
    "who corrected it and so had it drafted anew may not": (
        lambda review: (review.confirm(1, ANALYST), review.set_topic(1, "traffic", LEAD)),
        LEAD,
        False,
    ),
    "who wrote the title may not": (
        lambda review: (review.confirm(1, ANALYST), review.set_title(1, "Tên khác", LEAD)), LEAD, False
    ),
    "though it was drafted anew after that": (
        lambda review: (
            review.confirm(1, ANALYST),
            review.set_title(1, "Tên", LEAD),
            review.set_topic(1, "traffic", ANALYST),
        ),
        LEAD,
        False,
    ),
    "who set the urgency, and so the deadline, may not": (
        lambda review: (review.confirm(1, ANALYST), review.set_urgency(1, 4, LEAD)), LEAD, False
    ),
    "though another changed it after him": (
        lambda review: (
            review.confirm(1, ANALYST), review.set_urgency(1, 4, LEAD), review.set_title(1, "Tên", ANALYST)
        ),
        LEAD,
        False,
    ),
    "who merged another issue in may not": (
        lambda review: (review.confirm(1, ANALYST), review.merge(2, 1, LEAD, "cùng việc")), LEAD, False
    ),
    "who recorded a limit of law on it may not": (
        lambda review: (
            review.confirm(1, ANALYST),
            review.record_trigger(1, "bao-chi-30", at("2026-11-20 06:00"), LEAD),
        ),
        LEAD,
        False,
    ),
    "what was changed before another confirmed it binds nobody": (
        lambda review: (review.set_title(1, "Tên khác", LEAD), review.confirm(1, ANALYST)), LEAD, True
    ),
    "a name stays when its role changes": (
        lambda review: review.confirm(1, "analyst:pho-ban"), LEAD, False
    ),
    "who confirmed before it was dismissed and confirmed by another may": (
        lambda review: (
            review.confirm(1, LEAD), review.dismiss(1, ANALYST, "nhầm"), review.confirm(1, ANALYST)
        ),
        LEAD,
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(PREPARED))
@pytest.mark.parametrize("two_person", [True, False])
def test_another_person_approves_than_who_prepared(
    sqlite_store: Store, town: Town, clock: Watch, case: str, two_person: bool
) -> None:
    prepare, who, may = PREPARED[case]
    review = Review(sqlite_store, settings(review={"two_person": two_person}), clock)
    town.issue()
    town.issue("Vấn đề thứ hai bịa")
    prepare(review)
    with sqlite_store.read() as session:
        draft = session.scalars(select(Referral.id).where(Referral.state == "drafted")).first()
    assert draft
    (shown,) = previews(sqlite_store, review, [draft], who)
    (decided,) = review.approve_all({draft: shown.seen}, who)
    expected = None if may or not two_person else TWO_PERSONS
    assert (shown.hindrance, decided.problem) == (expected, expected)
    if expected:
        with pytest.raises(NotAllowed, match="quy tắc hai người"):
            review.approve(draft, who)


def test_what_was_taken_back_binds_nobody(sqlite_store: Store, town: Town, clock: Watch) -> None:
    review = Review(sqlite_store, settings(review={"undo_minutes": 10}), clock)
    review.confirm(town.issue(), ANALYST)
    review.set_title(1, "Tên khác", LEAD)
    with pytest.raises(NotAllowed, match="quy tắc hai người"):
        review.approve(1, LEAD)
    with sqlite_store.read() as session:
        decision = session.scalars(select(Undoable.id).order_by(Undoable.id.desc())).first()
    assert decision
    review.undo(decision, LEAD)
    review.approve(1, LEAD)


def test_a_letter_whose_issue_has_changed_since_it_was_seen_is_not_approved_by_one_click(
    sqlite_store: Store, review: Review, drafts: list[int]
) -> None:
    with sqlite_store.read() as session:
        version = session.get_one(Issue, 1).version
    review.set_title(1, "Tên khác", ANALYST)
    with pytest.raises(Conflict, match="nghiep-vu"):
        review.approve(drafts[0], LEAD, seen_version=version)
    assert states(sqlite_store)[0] == "drafted"
    review.approve(drafts[0], LEAD, seen_version=version + 1)


def test_a_stage_is_nobody_and_stands_in_nobodys_way(
    sqlite_store: Store, town: Town, review: Review, clock: Watch
) -> None:
    town.issue()
    review.confirm(1, LEAD)
    for draft in ids(sqlite_store):
        review.withdraw(draft, ANALYST, "thôi")
    reopened_by(sqlite_store, "stage:group")
    refer.run(sqlite_store, settings(), clock, quiet)
    review.approve(ids(sqlite_store)[-1], LEAD)
    assert why(sqlite_store) == "Chuẩn bị: hệ thống. Duyệt: pho-ban."
    # Not even of an account that bears its name.
    review.approve(ids(sqlite_store)[-2], "lead:refer")


def why(store: Store) -> str | None:
    with store.read() as session:
        return session.scalar(select(Event.why).where(Event.action == "approved").order_by(Event.id.desc()))


def test_the_history_names_both(sqlite_store: Store, review: Review, drafts: list[int]) -> None:
    with sqlite_store.begin() as session:
        for name, post in (("nghiep-vu", "Chuyên viên thử"), ("pho-ban", "Phó Trưởng ban thử")):
            role = "analyst" if name == "nghiep-vu" else "lead"
            session.add(
                User(name=name, post=post, role=role, password_hash="", created_at=at("2026-11-20 06:00"))
            )
    review.approve(drafts[0], LEAD)
    assert why(sqlite_store) == "Chuẩn bị: Chuyên viên thử. Duyệt: Phó Trưởng ban thử."


def test_a_look_at_many_asks_no_more_than_a_look_at_one(
    sqlite_store: Store, town: Town, review: Review, drafts: list[int]
) -> None:
    for number in range(5):
        review.confirm(town.issue(f"Vấn đề bịa {number}"), ANALYST)
    every, asked = ids(sqlite_store), []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    previews(sqlite_store, review, drafts[:1])
    one = len(asked)
    previews(sqlite_store, review, every)
    assert len(asked) - one == one
