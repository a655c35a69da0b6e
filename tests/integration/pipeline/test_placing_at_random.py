"""Whatever people do in whatever order, no later run undoes it, and each step has its opposite.

Every text is invented; the steps are drawn by chance from a fixed seed.
"""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from pipeline.review import Review
from pipeline.stages import group
from pipeline.states import NotAllowed
from store import Store
from store.models import Event, Finding, Issue, IssueArticle
from store.queries.placing import are_parted
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import settings

ANALYST = "analyst:nghiep-vu"
WARDS = ("11329", "11359", "11365")
MATTERS = (
    ("Bãi rác tự phát sau chợ Cầu Gỗ", "bốc mùi, ruồi muỗi bay kín, phế thải xây dựng đổ trộm ban đêm"),
    ("Mất điện ở khu tập thể Bến Đò", "trạm biến áp quá tải từ đầu tháng, nhiều nhà thuê máy phát"),
    ("Cống tắc ở đường Hàng Thử", "mưa nhỏ cũng ngập nửa bánh xe, nước thải tràn vào sân trường"),
)
Partition = dict[int, frozenset[int]]
STEPS = 14


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.mark.parametrize("seed", range(6))
def test_no_run_undoes_what_people_did(store: Store, clock: Watch, seed: int) -> None:
    town, chance = Town(store), random.Random(seed)
    review = Review(store, settings(), clock)
    for number in range(14):
        _read(town, chance, number)
    group.run(store, settings(), clock, quiet)
    for number in range(STEPS):
        undo = _step(store, review, chance)
        done = _partition(store)
        if chance.random() < 0.4:
            _read(town, chance, 100 + number)
        _read_again(store)
        group.run(store, settings(), clock, quiet)
        after = _partition(store)
        assert all(here <= after.get(key, frozenset()) for key, here in done.items())
        if undo and chance.random() < 0.6:
            undo()
    _check_whole(store)


def _read(town: Town, chance: random.Random, number: int) -> None:
    """Some are the very text of one read before: its reprints."""
    title, body = chance.choice(MATTERS)
    words = f"{title} {body}".split()
    text = random.Random(chance.randint(0, 5) if chance.random() < 0.3 else number + 100)
    article = town.article(
        f"{title}, tin {number}",
        f"2026-11-{10 + number % 9} 06:00",
        lead=f"{title}.",
        body=" ".join(text.choices(words, k=30)),
    )
    town.finding(article, chance.choice(WARDS), urgency=chance.randint(1, 4))


def _read_again(store: Store) -> None:
    with store.begin() as session:
        session.execute(update(Finding).values(grouped_at=None))


def _partition(store: Store) -> Partition:
    found: dict[int, set[int]] = {}
    with store.read() as session:
        for member in session.scalars(select(IssueArticle)):
            found.setdefault(member.issue_id, set()).add(member.article_id)
    return {key: frozenset(articles) for key, articles in found.items()}


def _step(store: Store, review: Review, chance: random.Random) -> Callable[[], None] | None:
    """One decision drawn by chance, and its opposite; None where it was refused."""
    before = _partition(store)
    one, other = chance.choice(list(before)), chance.choice(list(before))
    some = chance.sample(sorted(before[one]), chance.randint(1, len(before[one])))
    try:
        match chance.choice(["merge", "split", "move", "unmerge"]):
            case "merge":
                review.merge(one, other, ANALYST, "gộp")
                return lambda: _undo(store, before, lambda: review.unmerge(one, ANALYST, "tách lại"))
            case "split":
                new = review.split(one, some, ANALYST, "tách")
                return lambda: _undo(store, before, lambda: review.merge(new, one, ANALYST, "gộp lại"))
            case "move":
                review.move(one, some, other, ANALYST, "chuyển")
                gone = sorted(before[one] - _partition(store)[one])
                return lambda: _undo(store, before, lambda: review.move(other, gone, one, ANALYST, "trả"))
            case _:
                with store.read() as session:
                    merged = session.scalars(select(Issue.id).where(Issue.state == "merged")).all()
                review.unmerge(chance.choice(list(merged)) if merged else one, ANALYST, "tách lại")
    except NotAllowed:
        pass
    return None


def _undo(store: Store, before: Partition, step: Callable[[], None]) -> None:
    """Articles that came in between stay somewhere; the others stand where they stood."""
    try:
        step()
    except NotAllowed:
        return
    after = _partition(store)
    known = frozenset().union(*before.values())
    assert {key: here & known for key, here in after.items() if here & known} == before


def _check_whole(store: Store) -> None:
    with store.read() as session:
        issues = {issue.id: issue for issue in session.scalars(select(Issue))}
        carrying = set(session.scalars(select(IssueArticle.issue_id)))
        for issue in issues.values():
            # An issue carries articles exactly as long as it has not ended in another.
            assert (
                (issue.state == "merged") == (issue.merged_into_id is not None) == (issue.id not in carrying)
            )
            if issue.merged_into_id is not None:
                assert not are_parted(session, issue.id, issue.merged_into_id)
            times = [member.article.published_at for member in issue.articles]
            assert not times or (issue.first_seen_at, issue.last_seen_at) == (min(times), max(times))
        for event in session.scalars(select(Event).where(Event.actor == ANALYST)):
            assert event.why
