"""What people put together or part stays so, whatever is grouped later. Every text is invented."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from pipeline.judgements import judgements
from pipeline.review import Conflict, Review
from pipeline.stages import group
from pipeline.states import ISSUE, NotAllowed, allowed
from store import Store
from store.models import Event, Finding, Issue, IssueArticle, Referral
from store.queries.likely import likely_others
from store.queries.placing import are_parted
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import HAI_PHONG, at, settings

ANALYST = "analyst:nghiep-vu"
NEXT_WARD = "11359"
WHY = "cùng một bãi rác"
HEAP = {
    "title": "Bãi rác tự phát sau chợ Cầu Gỗ bốc mùi nhiều tháng",
    "lead": "Người dân quanh chợ Cầu Gỗ nhiều lần kiến nghị nhưng bãi rác tự phát vẫn chưa được dọn.",
    "body": "Mỗi ngày có thêm hàng chục bao rác sinh hoạt và phế thải xây dựng bị đổ trộm vào ban đêm.",
}
HEAP_AGAIN = {
    "title": "Vẫn chưa dọn bãi rác tự phát sau chợ Cầu Gỗ",
    "lead": "Một tuần sau phản ánh, bãi rác tự phát sau chợ Cầu Gỗ tiếp tục phình to.",
    "body": "Rác sinh hoạt và phế thải xây dựng vẫn bị đổ trộm dọc mương thoát nước sau chợ Cầu Gỗ.",
}
HEAP_LATER = {
    "title": "Bãi rác tự phát sau chợ Cầu Gỗ: chưa biết bao giờ dọn",
    "lead": "Bãi rác tự phát bên mương thoát nước sau chợ Cầu Gỗ vẫn nằm đó.",
    "body": None,
}
HEAP_AT_LAST = {
    "title": "Lại đổ trộm phế thải xây dựng ở bãi rác sau chợ Cầu Gỗ",
    "lead": "Rác sinh hoạt tràn xuống mương thoát nước, ruồi muỗi bay kín chợ Cầu Gỗ.",
    "body": None,
}
POWER = {
    "title": "Mất điện kéo dài ở khu tập thể Bến Đò",
    "lead": "Cả khu tập thể Bến Đò mất điện ba ngày liền, người dân chưa được thông báo lý do.",
    "body": "Trạm biến áp của khu tập thể quá tải từ đầu tháng, nhiều nhà phải thuê máy phát.",
}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def review(store: Store, clock: Watch) -> Review:
    return Review(store, settings(), clock)


Read = Callable[..., int]


@pytest.fixture
def read(town: Town) -> Read:
    """An article is read and tagged; its id."""

    def article(
        text: dict[str, Any], published: str, ward: str = WARD, outlet: str = "s", **found: Any
    ) -> int:
        key = town.article(
            text["title"],
            published,
            lead=text["lead"],
            body=text["body"],
            outlet_key=outlet,
            outlet_name=f"Báo {outlet}",
        )
        town.finding(key, ward, **found)
        return key

    return article


Carried = Callable[[], dict[int, list[tuple[int, str]]]]


@pytest.fixture
def carried(store: Store, clock: Watch) -> Carried:
    """Groups what waits; the articles and roles of each issue."""

    def run() -> dict[int, list[tuple[int, str]]]:
        group.run(store, settings(), clock, quiet)
        issues: dict[int, list[tuple[int, str]]] = {}
        with store.read() as session:
            for row in session.scalars(select(IssueArticle).order_by(IssueArticle.article_id)):
                issues.setdefault(row.issue_id, []).append((row.article_id, row.role))
        return issues

    return run


def issue(store: Store, key: int) -> Issue:
    with store.read() as session:
        found = session.get_one(Issue, key)
        session.expunge(found)
        return found


def read_again(store: Store) -> None:
    """As `tag --again` leaves it: every article's place is looked at anew."""
    with store.begin() as session:
        session.execute(update(Finding).values(grouped_at=None))


def events(store: Store, key: int) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    with store.read() as session:
        rows = session.scalars(
            select(Event)
            .where(Event.entity == "issue", Event.entity_id == key, Event.actor == ANALYST)
            .order_by(Event.id)
        )
        return [(row.action, row.before, row.after) for row in rows]


@pytest.fixture
def two(read: Read, carried: Carried) -> tuple[int, int]:
    """Issues 1 and 2: the heap and the power cut, an article each (1 and 2)."""
    read(HEAP, "2026-11-12 06:00")
    read(POWER, "2026-11-12 07:00", topic="power", urgency=3, score=0.95)
    assert set(carried()) == {1, 2}
    return 1, 2


def test_a_merged_issue_gives_its_articles_and_stays_so(
    store: Store, review: Review, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    review.merge(2, 1, ANALYST, WHY)
    assert carried() == {1: [(1, "report"), (2, "report")]}
    follow_up = read(POWER | {"title": "Vẫn mất điện ở khu tập thể Bến Đò"}, "2026-11-14 07:00")
    reprint = read(POWER, "2026-11-14 08:00", outlet="t")
    read_again(store)
    assert carried() == {1: [(1, "report"), (2, "report"), (follow_up, "reprint"), (reprint, "reprint")]}
    ended, stays = issue(store, 2), issue(store, 1)
    assert (ended.state, ended.merged_into_id) == ("merged", 1)
    assert (stays.urgency, stays.score, stays.last_seen_at) == (3, 0.95, at("2026-11-14 08:00"))
    assert events(store, 1) == [("absorbed", {"issue": 2, "urgency": 2}, {"articles": [2], "urgency": 3})]
    assert [action for action, _, _ in events(store, 2)] == ["merged", "gave"]


def test_what_is_merged_can_only_be_parted_again(store: Store, review: Review, two: tuple[int, int]) -> None:
    review.merge(2, 1, ANALYST, WHY)
    for decide in (
        lambda: review.confirm(2, ANALYST),
        lambda: review.dismiss(2, ANALYST, WHY),
        lambda: review.reopen(2, ANALYST, WHY),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert issue(store, 2).state == "merged"
    assert not any(allowed(issue(store, 2), state) for state in ISSUE)
    review.unmerge(2, ANALYST, WHY)
    assert issue(store, 2).state == "detected"


def test_after_a_merge_of_two_wards_reports_of_either_join(
    store: Store, review: Review, read: Read, carried: Carried
) -> None:
    read(HEAP, "2026-11-12 06:00")
    read(HEAP_AGAIN, "2026-11-12 07:00", NEXT_WARD)
    assert set(carried()) == {1, 2}
    review.merge(2, 1, ANALYST, WHY)
    third = read(HEAP_LATER, "2026-11-15 06:00")
    fourth = read(HEAP_AT_LAST, "2026-11-16 06:00", NEXT_WARD)
    assert [key for key, _ in carried()[1]] == [1, 2, third, fourth]


def test_a_report_on_a_corrected_place_joins(
    store: Store, review: Review, read: Read, carried: Carried
) -> None:
    read(HEAP, "2026-11-12 06:00")
    carried()
    review.set_place(1, NEXT_WARD, ANALYST)
    later = read(HEAP_AGAIN, "2026-11-15 06:00", NEXT_WARD)
    read_again(store)
    assert carried() == {1: [(1, "report"), (later, "followup")]}
    assert issue(store, 1).commune_code == NEXT_WARD


def test_merging_is_undone(
    store: Store, review: Review, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    before = issue(store, 1), issue(store, 2)
    review.merge(2, 1, ANALYST, WHY)
    reprint = read(POWER, "2026-11-12 09:00", outlet="t")
    carried()
    review.unmerge(2, ANALYST, "hai việc khác nhau")
    assert carried() == {1: [(1, "report")], 2: [(2, "report"), (reprint, "reprint")]}
    after = issue(store, 1), issue(store, 2)
    assert [(one.state, one.urgency, one.topic, one.merged_into_id) for one in after] == [
        (one.state, one.urgency, one.topic, None) for one in before
    ]
    assert [action for action, _, _ in events(store, 2)] == ["merged", "gave", "unmerged", "moved"]
    with store.read() as session:
        assert are_parted(session, 1, 2)


def test_a_chain_of_merges_is_undone_from_either_end(
    store: Store, review: Review, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    read(HEAP_AGAIN, "2026-11-12 08:00", NEXT_WARD)
    assert set(carried()) == {1, 2, 3}
    review.merge(3, 2, ANALYST, WHY)
    review.merge(2, 1, ANALYST, WHY)
    assert [key for key, _ in carried()[1]] == [1, 2, 3]
    review.unmerge(3, ANALYST, WHY)
    assert carried() == {1: [(1, "report"), (2, "report")], 3: [(3, "report")]}
    review.merge(3, 2 if issue(store, 2).state != "merged" else 1, ANALYST, WHY)
    review.unmerge(2, ANALYST, WHY)
    assert carried() == {1: [(1, "report"), (3, "report")], 2: [(2, "report")]}


def test_an_issue_that_comes_back_confirmed_gets_its_drafts_back(
    store: Store, review: Review, two: tuple[int, int]
) -> None:
    review.confirm(1, ANALYST)
    review.merge(1, 2, ANALYST, WHY)
    review.unmerge(1, ANALYST, WHY)
    with store.read() as session:
        states = session.scalars(select(Referral.state).where(Referral.issue_id == 1).order_by(Referral.id))
        assert sorted(states) == ["drafted", "drafted", "withdrawn", "withdrawn"]
    assert issue(store, 1).state == "confirmed"


def test_a_split_article_and_its_reprints_stay_apart(
    store: Store, review: Review, read: Read, carried: Carried
) -> None:
    read(HEAP, "2026-11-12 06:00")
    other = read(HEAP_AGAIN, "2026-11-12 09:00", urgency=4)
    reprint = read(HEAP_AGAIN, "2026-11-12 10:00", outlet="t")
    assert set(carried()) == {1}
    new = review.split(1, [other], ANALYST, "bãi rác khác")
    late = read(HEAP_AGAIN, "2026-11-13 10:00", outlet="u")
    read_again(store)
    assert carried() == {
        1: [(1, "report")],
        new: [(other, "report"), (reprint, "reprint"), (late, "reprint")],
    }
    made, left = issue(store, new), issue(store, 1)
    assert (made.state, made.urgency, made.commune_code, made.topic) == (
        "detected",
        4,
        WARD,
        "environment",
    )
    assert (left.urgency, left.last_seen_at) == (2, at("2026-11-12 06:00"))
    with store.read() as session:
        assert are_parted(session, new, 1)
    assert events(store, new)[0][:2] == ("split", {"issue": 1})
    review.merge(new, 1, ANALYST, "vẫn là một")
    assert [key for key, _ in carried()[1]] == [1, other, reprint, late]
    with store.read() as session:
        assert not are_parted(session, 1, new)


def test_the_parts_of_an_issue_have_titles_of_their_own(
    store: Store, review: Review, read: Read, carried: Carried
) -> None:
    read(HEAP, "2026-11-12 06:00")
    other = read(HEAP_AGAIN | {"lead": "Rác tràn ra đường Hàng Thử."}, "2026-11-12 09:00")
    assert set(carried()) == {1}
    new = review.split(1, [other], ANALYST, "bãi rác khác")
    titles = {issue(store, 1).title, issue(store, new).title}
    assert [title.partition(" – ")[0] for title in sorted(titles)] == [
        "Bãi rác tự phát trên đường Hàng Thử",
        "Bãi rác tự phát tại chợ Cầu Gỗ",
    ]
    read_again(store)
    read(HEAP_AGAIN | {"lead": "Rác tràn ra đường Hàng Thử."}, "2026-11-13 09:00", outlet="t", urgency=4)
    assert len(carried()[new]) == 2
    assert {issue(store, 1).title, issue(store, new).title} == titles


def test_parts_that_tell_the_same_are_told_apart_by_their_day(
    store: Store, review: Review, read: Read, carried: Carried
) -> None:
    read(HEAP, "2026-11-12 06:00")
    others = [read(HEAP, f"2026-11-13 0{hour}:00", outlet=outlet) for hour, outlet in ((7, "t"), (8, "u"))]
    carried()
    with store.begin() as session:
        session.execute(update(IssueArticle).values(reprint_of_id=None, role="report"))
    parts = [review.split(1, [one], ANALYST, "bãi rác khác") for one in others]
    titles = [issue(store, one).title for one in (1, *parts)]
    assert titles[1:] == [f"{titles[0]} (tin ngày 13/11/2026)", f"{titles[0]} (tin ngày 13/11/2026, 2)"]
    with pytest.raises(NotAllowed, match="đang mang đúng tiêu đề ấy"):
        review.set_title(parts[0], f" {titles[0]} ", ANALYST)
    review.set_title(parts[0], "Bãi rác sau chợ, phía mương", ANALYST)


@pytest.mark.usefixtures("two")
def test_each_step_names_the_issue_it_ends_in(review: Review, read: Read, carried: Carried) -> None:
    read(HEAP_AGAIN, "2026-11-12 09:00")
    assert carried() == {1: [(1, "report"), (3, "report")], 2: [(2, "report")]}
    assert review.move(1, [3], 2, ANALYST, WHY) == 2
    assert review.merge(1, 2, ANALYST, WHY) == 2
    assert review.unmerge(1, ANALYST, WHY) == 2


def test_reprints_of_a_moved_article_follow_it(
    review: Review, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    second = read(HEAP_AGAIN, "2026-11-12 12:00")
    assert carried()[1] == [(1, "report"), (second, "report")]
    review.move(1, [second], 2, ANALYST, "là việc của khu tập thể")
    reprint = read(HEAP_AGAIN, "2026-11-12 13:00", outlet="t")
    assert carried() == {1: [(1, "report")], 2: [(2, "report"), (second, "report"), (reprint, "reprint")]}
    review.move(2, [second], 1, ANALYST, "nhầm")
    assert carried() == {1: [(1, "report"), (second, "report"), (reprint, "reprint")], 2: [(2, "report")]}


@pytest.mark.parametrize(
    ("step", "into"),
    [
        (lambda review, second: review.move(1, [second], 2, ANALYST, WHY), 2),
        (lambda review, second: review.split(1, [second], ANALYST, WHY), 3),
        (lambda review, _: review.merge(1, 2, ANALYST, WHY), 2),
    ],
)
def test_a_stage_that_has_read_its_groups_before_follows_too(
    store: Store,
    review: Review,
    read: Read,
    two: tuple[int, int],
    carried: Carried,
    monkeypatch: pytest.MonkeyPatch,
    step: Callable[[Review, int], Any],
    into: int,
) -> None:
    second = read(HEAP_AGAIN, "2026-11-12 12:00")
    carried()
    with store.read() as session:
        groups = group.OpenGroups(session, settings(), at("2026-11-12 12:00"))
    step(review, second)
    monkeypatch.setattr(group, "OpenGroups", lambda *_: groups)
    reprint = read(HEAP_AGAIN, "2026-11-12 13:00", outlet="t")
    assert (reprint, "reprint") in carried()[into]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda review: review.merge(1, 1, ANALYST, WHY), "vấn đề khác"),
        (lambda review: review.merge(1, 2, ANALYST, " "), "lý do"),
        (lambda review: review.merge(1, 3, ANALYST, WHY), "gương tốt"),
        (lambda review: review.merge(1, 4, ANALYST, WHY), "đã kết thúc"),
        (lambda review: review.merge(1, 99, ANALYST, WHY), "Không có vấn đề số"),
        (lambda review: review.split(1, [1], ANALYST, WHY), "ít nhất một bài"),
        (lambda review: review.split(1, [], ANALYST, WHY), "Hãy chọn"),
        (lambda review: review.split(1, [2], ANALYST, WHY), "không còn thuộc"),
        (lambda review: review.move(1, [1], 2, ANALYST, WHY), "gộp"),
        (lambda review: review.unmerge(1, ANALYST, WHY), "không được gộp"),
        (lambda review: review.merge(1, 2, ANALYST, WHY, seen_version=7), "cập nhật"),
    ],
)
def test_what_is_refused_changes_nothing(
    store: Store, town: Town, review: Review, two: tuple[int, int], step: Callable[[Review], Any], words: str
) -> None:
    town.issue(kind="commendation")
    town.issue(state="closed")
    with pytest.raises(NotAllowed, match=words):
        step(review)
    assert (issue(store, 1).state, issue(store, 2).state) == ("detected", "detected")
    assert events(store, 1) == []


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("sent", None, "gộp vấn đề đó vào đây"),
        ("approved", None, "gộp vấn đề đó vào đây"),
        ("sent", "acknowledged", "Cả hai vấn đề đều có phiếu chuyển chưa xong"),
        ("accepted", "sent", None),
        (None, "sent", None),
        ("drafted", "sent", None),
    ],
)
def test_an_issue_whose_letter_is_out_does_not_end_in_another(
    store: Store,
    review: Review,
    two: tuple[int, int],
    one: str | None,
    other: str | None,
    words: str | None,
) -> None:
    _refer(store, {1: one, 2: other})
    if words is None:
        review.merge(1, 2, ANALYST, WHY)
        assert issue(store, 1).state == "merged"
        return
    with pytest.raises(NotAllowed, match=words):
        review.merge(1, 2, ANALYST, WHY)
    assert issue(store, 1).state == "referred"


def _refer(store: Store, states: dict[int, str | None]) -> None:
    with store.begin() as session:
        for key, state in states.items():
            if state is None:
                continue
            session.get_one(Issue, key).state = "confirmed" if state == "drafted" else "referred"
            session.add(
                Referral(
                    issue_id=key, agency_key="so-nnmt", agency_name="Sở Nông nghiệp và Môi trường",
                    role="lead", programme_key="ct-2026", rule="thử", state=state, request="thử",
                    basis="thử", statutory=[], drafted_at=at("2026-11-12 10:00"), number=key,
                    number_year=2026,
                )
            )  # fmt: skip


def test_the_second_of_two_people_is_told(review: Review, two: tuple[int, int], store: Store) -> None:
    """A merge changes the other issue too: who had its page open decides on what it was."""
    seen = issue(store, 1).version
    review.merge(2, 1, ANALYST, WHY)
    with pytest.raises(Conflict):
        review.confirm(1, ANALYST, seen_version=seen)


def _told(store: Store) -> list[tuple[str, str, str]]:
    return [(one.article.rsplit("/", 1)[1], one.decision, one.topic) for one in judgements(store)]


def test_a_merge_teaches_nothing_of_what_came_later(
    store: Store, review: Review, clock: Watch, two: tuple[int, int]
) -> None:
    clock.set("2026-11-20 08:00")
    review.confirm(1, ANALYST)
    assert _told(store) == [("1", "confirm", "environment")]
    clock.set("2026-11-20 09:00")
    review.merge(2, 1, ANALYST, WHY)
    assert _told(store) == [("1", "confirm", "environment")]
    clock.set("2026-11-20 10:00")
    review.unmerge(2, ANALYST, WHY)
    clock.set("2026-11-20 11:00")
    review.confirm(2, ANALYST)
    told = [("1", "confirm", "environment"), ("2", "confirm", "power")]
    assert _told(store) == told
    # What was decided on an issue before it ended in another was decided on its own articles.
    clock.set("2026-11-20 12:00")
    review.merge(2, 1, ANALYST, WHY)
    assert _told(store) == told
    clock.set("2026-11-20 13:00")
    review.unmerge(2, ANALYST, WHY)
    assert _told(store) == told


def test_a_move_teaches_nothing(
    store: Store, review: Review, clock: Watch, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    second = read(HEAP_AGAIN, "2026-11-12 12:00")
    carried()
    clock.set("2026-11-20 08:00")
    review.confirm(2, ANALYST)
    clock.set("2026-11-20 09:00")
    review.move(1, [second], 2, ANALYST, WHY)
    assert _told(store) == [("2", "confirm", "power")]
    new = review.split(2, [second], ANALYST, WHY)
    assert _told(store) == [("2", "confirm", "power")]
    clock.set("2026-11-20 10:00")
    review.dismiss(new, ANALYST, "Không phải vấn đề dân sinh")
    assert _told(store) == [("2", "confirm", "power"), (str(second), "dismiss", "environment")]


def test_what_people_write_is_masked(store: Store, review: Review, two: tuple[int, int]) -> None:
    review.merge(2, 1, ANALYST, "ông Nguyễn Văn Thử gọi 0912345678 báo trùng")
    with store.read() as session:
        whys = set(session.scalars(select(Event.why).where(Event.actor == ANALYST)))
    assert all("0912345678" not in (why or "") and "Nguyễn Văn Thử" not in (why or "") for why in whys)


def test_restricted_goes_along_with_its_article(
    store: Store, review: Review, read: Read, two: tuple[int, int], carried: Carried
) -> None:
    touchy = read(HEAP_AGAIN, "2026-11-12 12:00", restricted=True)
    carried()
    new = review.split(1, [touchy], ANALYST, WHY)
    assert (issue(store, 1).restricted, issue(store, new).restricted) == (False, True)
    assert issue(store, new).province_code == HAI_PHONG


def test_those_are_offered_that_may_be_the_same_the_likeliest_first(store: Store, town: Town) -> None:
    mine = town.issue()
    somewhere = town.issue(commune_code=None, last_seen_at=at("2026-11-20 09:00"))
    elsewhere = town.issue(commune_code=NEXT_WARD)
    other_topic = town.issue(topic="traffic")
    here = town.issue("Nước thải chảy ra kênh")
    here_too = town.issue("Mùi hôi từ bãi rác", last_seen_at=at("2026-11-20 05:00"))
    unlike = {
        town.issue("Nước thải chảy ra kênh", topic="traffic"),
        town.issue("Nước thải chảy ra kênh", commune_code=NEXT_WARD),
        town.issue("Nước thải chảy ra kênh", commune_code=None),
    }
    elsewhere_by_far = town.issue(province_code="01", commune_code="00004")
    for state in ("closed", "dismissed", "merged"):
        town.issue(state=state)
    town.issue(kind="commendation")
    with store.read() as session:
        found = [one.id for one in likely_others(session, session.get_one(Issue, mine), 9)]
        none = likely_others(session, Issue(id=99, kind="concern", topic="traffic"), 9)
    assert found == [here_too, somewhere, elsewhere, other_topic, here]
    assert not unlike & set(found)
    assert elsewhere_by_far not in found
    assert none == []
