"""Articles become issues: invented texts of one problem, its reprints, follow-ups and neighbours."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from nlp.similarity import Vector, vector, vector_version
from pipeline import open_groups
from pipeline.stages import expire, group
from store import Store
from store.history import record
from store.models import ArticleVector, Event, Issue, IssueArticle
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import at, settings

NEXT_WARD = "11359"
TITLE = "Bãi rác tự phát sau chợ Cầu Gỗ bốc mùi nhiều tháng"
LEAD = "Người dân quanh chợ Cầu Gỗ nhiều lần kiến nghị nhưng bãi rác tự phát vẫn chưa được dọn."
BODY = (
    "Theo ghi nhận, bãi rác kéo dài hơn một trăm mét dọc mương thoát nước, ruồi muỗi bay kín. "
    "Mỗi ngày có thêm hàng chục bao rác sinh hoạt và phế thải xây dựng bị đổ trộm vào ban đêm. "
    "Các hộ dân cho biết đã gửi đơn tới phường ba lần từ đầu năm nhưng chưa nhận được trả lời."
)
FOLLOW_UP = {
    "title": "Vẫn chưa dọn bãi rác tự phát sau chợ Cầu Gỗ",
    "lead": "Một tuần sau phản ánh, bãi rác tự phát sau chợ Cầu Gỗ tiếp tục phình to.",
    "body": "Rác sinh hoạt và phế thải xây dựng vẫn bị đổ trộm dọc mương thoát nước sau chợ Cầu Gỗ.",
}


@pytest.fixture
def carried(sqlite_store: Store, town: Town, clock: Watch):  # noqa: ANN201
    """Groups what is pending and tells which articles each issue carries, with their roles."""

    def run() -> dict[int, list[tuple[int, str]]]:
        group.run(sqlite_store, settings(), clock, quiet)
        with sqlite_store.read() as session:
            rows = session.scalars(select(IssueArticle).order_by(IssueArticle.id)).all()
        issues: dict[int, list[tuple[int, str]]] = {}
        for row in rows:
            issues.setdefault(row.issue_id, []).append((row.article_id, row.role))
        return issues

    return run


def first_report(town: Town) -> int:
    article = town.article(TITLE, "2026-11-12 06:00", lead=LEAD, body=BODY)
    town.finding(article, WARD)
    return article


def test_a_concern_opens_an_issue(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    article = first_report(town)
    assert carried() == {1: [(article, "report")]}
    with sqlite_store.read() as session:
        issue = session.get_one(Issue, 1)
    assert (issue.state, issue.topic, issue.commune_code, issue.title) == (
        "detected",
        "environment",
        WARD,
        "Bãi rác tự phát tại chợ Cầu Gỗ – phường Ngô Quyền",
    )


@pytest.mark.parametrize(
    ("text", "communes", "published", "role"),
    [
        ({"title": TITLE.upper(), "lead": LEAD, "body": BODY}, [WARD], "2026-11-12 09:00", "reprint"),
        (FOLLOW_UP, [WARD], "2026-11-19 06:00", "followup"),
        (FOLLOW_UP, [], "2026-11-12 18:00", "report"),  # another outlet, the same day, no place named
        (FOLLOW_UP, [WARD, NEXT_WARD], "2026-11-19 06:00", "followup"),  # a name that may mean two wards
    ],
)
def test_joins(town: Town, carried, text, communes, published, role) -> None:  # noqa: ANN001
    first = first_report(town)
    second = town.article(published=published, outlet_key="t", outlet_name="Báo T", **text)
    town.finding(second, *communes)
    assert carried() == {1: [(first, "report"), (second, role)]}


@pytest.mark.parametrize(
    ("text", "communes", "published"),
    [
        (FOLLOW_UP, [NEXT_WARD], "2026-11-13 06:00"),  # the same words of the next ward
        (
            {"title": "Mất điện kéo dài", "lead": "Cả khu phố mất điện ba ngày liền.", "body": None},
            [WARD],
            "2026-11-13 06:00",
        ),
        (FOLLOW_UP, [WARD], "2027-07-12 06:00"),  # eight months after
        (FOLLOW_UP, [], "2027-01-12 06:00"),  # two months after, of a place unknown
    ],
)
def test_stays_apart(town: Town, carried, text, communes, published) -> None:  # noqa: ANN001
    first = first_report(town)
    second = town.article(published=published, **text)
    town.finding(second, *communes)
    assert carried() == {1: [(first, "report")], 2: [(second, "report")]}


def test_the_order_of_arrival_does_not_matter(town: Town, carried) -> None:  # noqa: ANN001
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    first = first_report(town)
    assert carried() == {1: [(first, "report"), (later, "followup")]}


@pytest.mark.parametrize(("state", "then"), [("referred", "referred"), ("closed", "reopened")])
def test_two_months_later_it_is_the_same_issue_or_a_reopening(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    state: str,
    then: str,
) -> None:
    first = first_report(town)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = state
    later = town.article(published="2027-01-12 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    assert carried() == {1: [(first, "report"), (later, "followup")]}
    with sqlite_store.read() as session:
        assert session.get_one(Issue, 1).state == then


ANSWER = {
    "title": "Đã dọn xong bãi rác tự phát sau chợ Cầu Gỗ",
    "lead": "Phường đã dọn bãi rác tự phát dọc mương thoát nước sau chợ Cầu Gỗ.",
}


def test_an_answer_published_before_the_report_attaches_when_they_come_together(town: Town, carried) -> None:  # noqa: ANN001
    answer = town.article(published="2026-11-12 05:00", **ANSWER)
    town.finding(answer, WARD, kind="answer", urgency=0)
    first = first_report(town)
    assert carried() == {1: [(first, "report"), (answer, "answer")]}


def test_a_reprint_is_another_outlet_and_no_new_voice(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    first = first_report(town)
    again = town.article(TITLE, "2026-11-13 06:00", lead=LEAD, body=BODY, outlet_key="t", outlet_name="Báo T")
    town.finding(again, NEXT_WARD)  # the same text, whatever ward was read in it
    assert carried() == {1: [(first, "report"), (again, "reprint")]}
    with sqlite_store.read() as session:
        members = session.get_one(Issue, 1).articles
        assert [member.reprint_of_id for member in members] == [None, first]
        assert {member.article.outlet_key for member in members} == {"s", "t"}


NEXT_WARDS = {
    "title": "Thêm một bãi rác tự phát bốc mùi cạnh chợ Cầu Gỗ",
    "lead": "Người dân kiến nghị dọn bãi rác tự phát cạnh chợ Cầu Gỗ, ruồi muỗi bay kín mương thoát nước.",
}
"""of the same kind, in almost the same words"""
ORDERS = [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("together", [True, False], ids=["in one run", "each in its own"])
def test_whatever_comes_first_the_groups_are_the_same(
    town: Town,
    carried,  # noqa: ANN001
    order: tuple[int, ...],
    together: bool,
) -> None:
    texts = [
        ({"title": TITLE, "lead": LEAD, "body": BODY}, WARD, "2026-11-12 06:00"),
        (FOLLOW_UP, WARD, "2026-11-19 06:00"),
        (NEXT_WARDS, NEXT_WARD, "2026-11-19 07:00"),
        (
            {"title": "Mất điện kéo dài", "lead": "Cả khu phố mất điện ba ngày liền."},
            WARD,
            "2026-11-13 06:00",
        ),
    ]
    came: dict[int, int] = {}
    groups: dict[int, list[tuple[int, str]]] = {}
    for number in order:
        text, ward, published = texts[number]
        article = town.article(published=published, **text)
        town.finding(article, ward)
        came[article] = number
        if not together:
            groups = carried()
    groups = groups or carried()
    found = {frozenset(came[article] for article, _ in members) for members in groups.values()}
    assert found == {frozenset({0, 1}), frozenset({2}), frozenset({3})}


def test_open_issues_are_not_read_again_at_each_start(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = first_report(town)
    carried()
    asked: list[str] = []

    def counted(title: str, lead: str | None, body: str | None) -> Vector:
        asked.append(title)
        return vector(title, lead, body)

    monkeypatch.setattr(open_groups, "vector", counted)
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    assert carried() == {1: [(first, "report"), (later, "followup")]}
    assert asked == [FOLLOW_UP["title"]]


@pytest.mark.parametrize(
    "change",
    [{"made_by": "an earlier version"}, {"text_hash": "another text"}, None],
    ids=["made by an earlier version", "of an earlier text", "none kept"],
)
def test_a_vector_that_is_not_current_is_made_anew(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    change: dict[str, str] | None,
) -> None:
    first = first_report(town)
    carried()
    with sqlite_store.begin() as session:
        kept = session.get_one(ArticleVector, first)
        if change is None:
            session.delete(kept)
        for name, value in (change or {}).items():
            setattr(kept, name, value)
        kept.data = vector("Một chuyện khác hẳn", None, None).to_bytes()
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    assert carried() == {1: [(first, "report"), (later, "followup")]}
    with sqlite_store.read() as session:
        assert session.get_one(ArticleVector, first).made_by == vector_version()


def test_all_that_is_wanting_is_made_a_few_at_a_time(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_groups, "MADE_TOGETHER", 1)
    first = first_report(town)
    town.issue("Mất điện kéo dài ở khu tập thể Bến Đò")
    carried()
    with sqlite_store.begin() as session:
        session.execute(delete(ArticleVector))
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    assert [article for article, _ in carried()[2]] == [first, later]
    with sqlite_store.read() as session:
        assert len(session.scalars(select(ArticleVector)).all()) == 3


def test_vectors_go_with_the_texts(sqlite_store: Store, town: Town, carried, clock: Watch) -> None:  # noqa: ANN001
    first_report(town)
    carried()
    clock.set("2036-01-01 07:00")
    expire.run(sqlite_store, settings(), clock, quiet)
    with sqlite_store.read() as session:
        assert session.scalars(select(ArticleVector)).all() == []


def test_an_answer_attaches_and_opens_nothing(town: Town, carried) -> None:  # noqa: ANN001
    first = first_report(town)
    answer = town.article(published="2026-11-19 06:00", **ANSWER)
    town.finding(answer, WARD, kind="answer", urgency=0)
    alone = town.article("Đã sửa xong cầu dân sinh", "2026-11-19 07:00")
    town.finding(alone, NEXT_WARD, kind="answer", topic="traffic", urgency=0)
    assert carried() == {1: [(first, "report"), (answer, "answer")]}


def test_praise_never_joins_a_complaint(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    first_report(town)
    praise = town.article(
        "Tổ dân phố tự dọn bãi rác sau chợ Cầu Gỗ", "2026-11-13 06:00", lead=LEAD, body=BODY
    )
    town.finding(praise, WARD, kind="commendation", urgency=0)
    assert list(carried()) == [1, 2]
    with sqlite_store.read() as session:
        assert session.get_one(Issue, 2).kind == "commendation"


def test_another_provinces_problem_opens_no_issue(town: Town, carried) -> None:  # noqa: ANN001
    article = town.article(TITLE, "2026-11-12 06:00", lead=LEAD)
    town.finding(article, "00004", province="01")
    assert carried() == {}


def test_a_new_report_reopens_a_closed_issue_visibly(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    first_report(town)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = "closed"
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD, urgency=3)
    carried()
    with sqlite_store.read() as session:
        issue = session.get_one(Issue, 1)
        event = session.scalars(select(Event).where(Event.action == "reopened")).one()
    assert (issue.state, issue.urgency) == ("reopened", 3)
    assert event.why == f"Tin mới: {FOLLOW_UP['title']}"


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ({"title": TITLE, "lead": LEAD, "body": BODY}, "2026-11-19 06:00"),  # a late reprint is no new voice
        (FOLLOW_UP, "2026-11-17 06:00"),  # read only now, but written before it was closed
    ],
)
def test_what_tells_nothing_new_joins_a_closed_issue_and_leaves_it_closed(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    text: dict[str, str],
    published: str,
) -> None:
    first = first_report(town)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = "closed"
        record(
            session, at=at("2026-11-18 09:00"), actor="user:x", entity="issue", entity_id=1, action="closed"
        )
    later = town.article(published=published, outlet_key="t", outlet_name="Báo T", **text)
    town.finding(later, WARD)
    assert [article for article, _ in carried()[1]] == [first, later]
    with sqlite_store.read() as session:
        assert session.get_one(Issue, 1).state == "closed"


def test_what_an_article_changes_stands_in_the_history(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    town.finding(town.article(published="2026-11-12 06:00", title=TITLE, lead=LEAD, body=BODY), urgency=2)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = "confirmed"
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD, urgency=4)
    carried()
    with sqlite_store.read() as session:
        event = session.scalars(select(Event).where(Event.action == "gathered")).one()
    assert (event.before["urgency"], event.after["urgency"]) == (2, 4)
    assert (event.before["commune_code"], event.after["commune_code"]) == (None, WARD)


@pytest.mark.parametrize(("urgency", "issues"), [(2, 1), (4, 2)])
def test_a_dismissed_problem_comes_back_only_when_it_is_worse(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
    urgency: int,
    issues: int,
) -> None:
    first_report(town)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = "dismissed"
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD, urgency=urgency)
    assert len(carried()) == issues


def test_a_dismissed_problem_that_comes_back_worse_twice_opens_one_issue(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
) -> None:
    first_report(town)
    carried()
    with sqlite_store.begin() as session:
        session.get_one(Issue, 1).state = "dismissed"
    worse = [
        town.article(published=f"2026-11-19 0{hour}:00", **FOLLOW_UP | {"lead": lead})
        for hour, lead in ((6, LEAD), (7, FOLLOW_UP["lead"]))
    ]
    for article in worse:
        town.finding(article, WARD, urgency=4)
    assert [article for article, _ in carried()[2]] == worse


def test_what_a_person_has_set_stays(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    article = town.article(TITLE, "2026-11-12 06:00", lead=LEAD, body=BODY)
    town.finding(article)
    carried()
    with sqlite_store.begin() as session:
        issue = session.get_one(Issue, 1)
        issue.commune_code, issue.edited = None, ["commune_code"]
    later = town.article(published="2026-11-19 06:00", **FOLLOW_UP)
    town.finding(later, WARD)
    carried()
    with sqlite_store.read() as session:
        assert session.get_one(Issue, 1).commune_code is None


def test_running_again_does_nothing_twice(town: Town, carried, sqlite_store: Store) -> None:  # noqa: ANN001
    first_report(town)
    assert carried() == carried()


def test_a_place_in_the_title_settles_it(sqlite_store: Store, town: Town, carried) -> None:  # noqa: ANN001
    article = town.article(f"Rác ngập {WARD}", "2026-11-12 06:00", body=f"Không như {NEXT_WARD}, …")
    town.finding(article, NEXT_WARD, WARD)
    carried()
    with sqlite_store.read() as session:
        issue = session.get_one(Issue, 1)
    assert (issue.commune_code, issue.commune_candidates) == (WARD, [])


def test_outlets_area_is_taken_where_the_text_names_none(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
) -> None:
    article = town.article(TITLE, "2026-11-12 06:00", outlet_area=WARD)
    town.finding(article)
    carried()
    with sqlite_store.read() as session:
        assert session.get_one(Issue, 1).commune_code == WARD


def test_the_archive_is_not_read_when_nothing_is_pending(tmp_path: Path, clock: Watch) -> None:
    store = Store("sqlite:///empty.db", tmp_path)
    store.migrate()
    assert group.run(store, settings(), clock, quiet).counts == {}
    assert at("2026-11-20 07:00") == clock()
    store.close()


def test_a_province_in_the_title_settles_the_province(
    sqlite_store: Store,
    town: Town,
    carried,  # noqa: ANN001
) -> None:
    article = town.article("Cháy xe khách ở Đồng Nai", "2026-11-12 06:00", body="Nạn nhân quê Hải Phòng.")
    places = [
        {"code": code, "province_code": code, "name": name, "level": "province", "as_written": name}
        for code, name in (("75", "Đồng Nai"), ("31", "Hải Phòng"))
    ]
    town.finding(article, places=places)
    assert carried() == {}
