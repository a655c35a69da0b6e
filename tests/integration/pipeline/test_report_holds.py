"""Whatever people decide after a week has ended, its account stays as it was: their decisions, not ours."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.documents.digest import collect
from pipeline.documents.report import Report, collect_report
from pipeline.documents.report.period import week
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import deliver, refer
from pipeline.states import NotAllowed
from store import Store
from store.models import Issue, IssueArticle, Referral, Reply
from store.queries.desk import due_by
from tests.integration.pipeline.conftest import Town, Watch, quiet

WEEK = week(2026, 47)
A = "analyst:nghiep-vu"
LEAD = "lead:truong-ban"
WHY = "có lý do"
TOPICS = ("environment", "traffic")
STEPS = 48


class Office:
    """Draws what a person does next, and to what."""

    def __init__(self, store: Store, review: Review, clock: Watch, draw: random.Random) -> None:
        self.store, self.review, self.clock, self.draw = store, review, clock, draw
        self.done: set[str] = set()

    def one(self, column: object) -> int:
        with self.store.read() as session:
            found: list[int] = list(session.scalars(select(column).order_by(column)))  # type: ignore[call-overload]
        return self.draw.choice(found) if found else 0

    def step(self) -> None:
        """Tries until something is allowed, so that few steps are lost; in the end little may be."""
        any(self.tried() for _ in range(30))

    def tried(self) -> bool:
        issue, other = self.one(Issue.id), self.one(Issue.id)
        referral, article = self.one(Referral.id), self.one(IssueArticle.article_id)
        with self.store.read() as session:
            home = (
                session.scalar(select(IssueArticle.issue_id).where(IssueArticle.article_id == article)) or 0
            )
        review, now = self.review, self.clock()
        steps: dict[str, Callable[[], object]] = {
            "confirm": lambda: review.confirm(issue, A),
            "dismiss": lambda: review.dismiss(issue, A, WHY),
            "topic": lambda: review.set_topic(issue, self.draw.choice(TOPICS), A),
            "place": lambda: review.set_place(issue, self.draw.choice(("31", "11359")), A),
            "close": lambda: review.close(issue, "no_action", A, why=WHY),
            "reopen": lambda: review.reopen(issue, A, WHY),
            "merge": lambda: review.merge(issue, other, A, WHY),
            "unmerge": lambda: review.unmerge(issue, A, WHY),
            "move": lambda: review.move(home, [article], other, A, WHY),
            "split": lambda: review.split(home, [article], A, WHY),
            "approve": lambda: review.approve(referral, LEAD),
            "acknowledge": lambda: review.acknowledge(referral, A),
            "refuse": lambda: review.refuse(referral, "Sở khác", A, WHY),
            "reply": lambda: review.record_reply(referral, A, text="x", received_at=now - timedelta(hours=1)),
            "accept": lambda: review.accept_reply(self.one(Reply.id), A),
            "return": lambda: review.return_reply(self.one(Reply.id), A, WHY),
            "extend": lambda: review.extend(referral, (now + timedelta(days=28)).date(), A, WHY),
        }
        # Without letters and answers the week would have little to account for.
        often = ["confirm", "approve", "approve", "reply", "extend"]
        name = self.draw.choice([*sorted(steps), *often])
        try:
            steps[name]()
        except NotAllowed:
            return False
        self.done.add(name)
        return True


def account(store: Store, settings: Settings, clock: Watch) -> Report:
    with store.read() as session:
        return collect_report(session, settings, WEEK, now=clock())


@pytest.mark.parametrize("seed", [1, 2])
def test_no_decision_changes_the_account_of_a_week_that_has_ended(
    sqlite_store: Store, town: Town, clock: Watch, office: Callable[..., Settings], seed: int
) -> None:
    settings, draw = office(), random.Random(seed)
    people = Office(sqlite_store, Review(sqlite_store, settings, clock), clock, draw)
    for number in range(10):
        town.issue(f"Vấn đề {number}", topic=draw.choice(TOPICS))
    live(people, settings, "2026-11-20")
    clock.set("2026-11-23 08:00")
    before = account(sqlite_store, settings, clock)
    assert before.total("issues")
    assert before.total("referred")
    people.done.clear()
    live(people, settings, "2026-11-25")
    assert account(sqlite_store, settings, clock) == before
    assert len(people.done) > 8


@pytest.mark.parametrize("seed", [4, 5])
def test_what_is_late_now_is_the_same_in_digest_desk_and_report(
    sqlite_store: Store, town: Town, clock: Watch, office: Callable[..., Settings], seed: int
) -> None:
    settings, draw = office(), random.Random(seed)
    people = Office(sqlite_store, Review(sqlite_store, settings, clock), clock, draw)
    for number in range(10):
        town.issue(f"Vấn đề {number}", topic=draw.choice(TOPICS))
    live(people, settings, "2026-11-20")
    clock.set("2026-11-20 18:30")
    wait_for_ever(people, settings, town.issue("Còn chờ"))
    clock.set("2026-12-01 08:00")
    now = clock()
    with sqlite_store.read() as session:
        report = collect_report(session, settings, week(2026, 49), now=now)
        digest = collect(session, settings, now, now.date()).counts
        desk = due_by(session, now, 1000)
    assert report.total("waiting_overdue") == desk.total > 0
    late_issues = {referral.issue_id for referral in desk.rows}
    assert report.total("waiting_overdue_issues") == digest.overdue == len(late_issues)


def wait_for_ever(people: Office, settings: Settings, issue_id: int) -> None:
    """One letter at least that nobody answers."""
    people.review.confirm(issue_id, A)
    with people.store.read() as session:
        query = select(Referral.id).where(Referral.issue_id == issue_id).order_by(Referral.id)
        drafted = session.scalars(query).all()
    for referral_id in drafted:
        people.review.approve(referral_id, LEAD)
    refer.run(people.store, settings, people.clock, quiet)
    deliver.run(people.store, settings, people.clock, quiet)


def live(people: Office, settings: Settings, day: str) -> None:
    """Ten hours of decisions, with letters going out in between."""
    for step in range(STEPS):
        people.clock.set(f"{day} {8 + step // 6:02}:{step % 6}0")
        people.step()
        if step % 10 == 9:
            refer.run(people.store, settings, people.clock, quiet)
            deliver.run(people.store, settings, people.clock, quiet)
