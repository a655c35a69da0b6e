"""What issues are found by, on both databases, and that it goes when the texts go."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Text, cast, delete, func, select, text
from sqlalchemy.orm import Session

from nlp.privacy import mask
from store import Store, indexing
from store.models import Article, ChangedWords, Issue, IssueArticle, IssueWords, Referral, Source
from store.queries.search import MOST_ARTICLES, IssueFilter, Lacking, fitting_articles, lacking, search
from tests.office import at

NOW = at("2026-11-20 09:00")
TITLES = {
    1: "Ô nhiễm bãi rác Tràng Bịa",
    2: "Bài hát về rạc rời (bịa)",
    3: "Ngập đường Bịa, hòa giải chưa xong",
}


def add_issue(session: Session, number: int, title: str, lead: str | None = None, **columns: Any) -> None:
    defaults: dict[str, Any] = {
        "topic": "environment", "urgency": 2, "commune_candidates": [], "score": 0.9, "edited": [],
        "first_seen_at": NOW, "last_seen_at": NOW + timedelta(minutes=number), "detected_at": NOW,
    }  # fmt: skip
    session.add(Issue(id=number, title=title, **(defaults | columns)))
    session.add(
        Article(
            id=number, canonical_url=f"http://a/{number}", url=f"http://a/{number}", source_id=1,
            outlet_key=f"bao-{number}", outlet_name=f"Báo {number}", title=f"Bài {number}", lead=lead,
            published_at=NOW, first_seen_at=NOW, text_hash="x",
        )
    )  # fmt: skip
    session.flush()
    session.add(
        IssueArticle(
            id=number, issue_id=number, article_id=number, role="report", similarity=1.0, joined_at=NOW
        )
    )


@pytest.fixture
def town(store: Store) -> Store:
    with store.begin() as session:
        session.add(Source(id=1, key="a", outlet_key="a", outlet_name="A", kind="feed", url="http://a/"))
        session.flush()
        for number, title in TITLES.items():
            add_issue(session, number, title, f"Tóm tắt bịa, chữ riêng thứ{number}")
    return store


def found(store: Store, question: str = "", **wanted: Any) -> list[int]:
    with store.read() as session:
        return list(search(session, IssueFilter(question, **wanted)).ids)


QUESTIONS: dict[str, list[int]] = {
    "o nhiem bai rac": [1],
    "Ô NHIỄM bãi rác": [1],
    "bai rac": [2, 1],
    "bãi rác": [1],
    "bài": [3, 2, 1],
    "duong": [3],
    "đường": [3],
    "hoà giải": [3],
    '"rac trang"': [1],
    '"trang rac"': [],
    '"bãi rác Tràng"': [1],
    "thu2 rieng": [2],
    "trang ngap": [],
    '"giai chua xong bai"': [],
}


def test_issues_are_found_by_their_words(town: Store) -> None:
    assert {question: found(town, question) for question in QUESTIONS} == QUESTIONS


def test_words_that_stand_side_by_side_by_twos_are_no_phrase(town: Store) -> None:
    with town.begin() as session:
        session.get_one(Issue, 3).title = "Mưa to gió giật, to gió lớn"
    assert found(town, '"mua to gio giat"') == [3]
    assert found(town, '"mua to gio lon"') == []


ODD = (
    '"', '""', "'", "bai AND", "NOT rac", "bai*", "words:bai", "NEAR(", "^bai", "-rac", "(", "a & b | !c <->",
    "\\", "%", "bai' OR 1=1 --", "{bai}", "+", "rac\x00", "🗑 ЖЖ 漢字 ß ½", "bai\ufeffrac", "x" * 5_000,
    "rac " * 500, "·", '"·" rac', "\ufe70", "a \uff9e", "\ufdfa" * 100,
)  # fmt: skip


def test_no_question_is_syntax(town: Store) -> None:
    with town.begin() as session:
        session.get_one(Issue, 3).title = " ".join(ODD).replace("\x00", "")
    for question in ODD:
        assert set(found(town, question)) <= {1, 2, 3}, question
    assert found(town, "漢字 ЖЖ") == [3]


def test_a_text_beyond_all_measure_is_kept_all_the_same(town: Store) -> None:
    """A feed may be broken; what PostgreSQL refuses would stop the work on every issue of a batch."""
    with town.begin() as session:
        session.get_one(Issue, 3).title = "\ufdfa" * 100
        for number in (1, 2, 3):
            numbers = range(number * 100_000, number * 100_000 + 40_000)
            session.get_one(Article, number).lead = "dau " + " ".join(f"từ{one}" for one in numbers)
    assert found(town, "dau") == [3, 2, 1]


def test_of_all_words_those_that_fit_are_kept(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_MOST_BYTES", 200)
    with town.begin() as session:
        session.get_one(Issue, 3).title = "dau " + " ".join(map(str, range(1000, 1200)))
    assert found(town, "dau") == [3]


def test_a_question_with_marks_that_nothing_has_is_asked_without(town: Store) -> None:
    with town.read() as session:
        hits = search(session, IssueFilter("ngáp"))
    assert (list(hits.ids), hits.marks_left_out) == ([3], True)


def test_what_fits_best_goes_first_where_it_is_asked_for(town: Store) -> None:
    with town.begin() as session:
        add_issue(session, 4, "Việc khác bịa", "Rác ở bãi làm ô nhiễm")
    assert found(town, "o nhiem bai rac") == [4, 1]
    assert found(town, "o nhiem bai rac", best_first=True) == [1, 4]


def test_an_older_issue_that_has_the_words_side_by_side_goes_before_newer_ones(town: Store) -> None:
    with town.begin() as session:
        for number in range(4, 9):
            add_issue(session, number, f"Việc số {number} bịa", "Nhịp gãy ở cầu, mái sập")
        add_issue(session, 9, "Việc cũ bịa", "Cầu sập gãy nhịp", last_seen_at=at("2025-01-01 08:00"))
    with town.read() as session:
        hits = search(session, IssueFilter("cau sap gay nhip", best_first=True), 3)
    assert (hits.ids[0], len(hits.ids), hits.more) == (9, 3, True)


@pytest.mark.parametrize("common", [1, 6, 7], ids=["all are common", "the words are", "none is"])
@pytest.mark.parametrize("states", [(), ("detected", "confirmed")], ids=["every state", "few states"])
def test_the_order_is_the_same_however_common_the_words_are(
    town: Store, monkeypatch: pytest.MonkeyPatch, common: int, states: tuple[str, ...]
) -> None:
    monkeypatch.setattr("store.queries.search.COMMON", common)
    with town.begin() as session:
        for number in range(4, 8):
            add_issue(session, number, f"Việc số {number} bịa", "Nhịp gãy ở cầu, mái sập")
        for number, year in ((9, 2024), (10, 2025)):
            add_issue(session, number, "Bịa: cầu sập", last_seen_at=at(f"{year}-01-01 08:00"))
    ordered = [10, 9, 7, 6, 5, 4]
    with town.read() as session:
        wanted = IssueFilter("cau sap", states=states, best_first=True)
        hits = [search(session, wanted, most) for most in range(1, 8)]
    assert [(list(one.ids), one.more) for one in hits] == [
        (ordered[:most], most < len(ordered)) for most in range(1, 8)
    ]


def test_a_common_word_is_found_as_a_rare_one_is(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = found(town, "bai rac")
    monkeypatch.setattr("store.queries.search.COMMON", 2)
    assert found(town, "bai rac") == rare == [2, 1]


def test_a_long_list_says_that_there_is_more(town: Store) -> None:
    with town.read() as session:
        assert [
            (len(hits.ids), hits.more) for most in (2, 3) if (hits := search(session, IssueFilter(), most))
        ] == [
            (2, True),
            (3, False),
        ]


def test_an_old_name_that_may_mean_a_commune_is_listed_with_it(town: Store) -> None:
    with town.begin() as session:
        vague = session.get_one(Issue, 3)
        vague.commune_code, vague.commune_candidates = None, ["11407", "11411"]
        told = session.get_one(Issue, 2)
        told.commune_code, told.commune_candidates = "11411", ["11407"]
    with town.read() as session:
        hits = search(session, IssueFilter(commune_codes=("11407",)))
    assert hits.ids == [3]


def test_lists_are_filtered(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with town.begin() as session:
        for state in ("sent", "withdrawn"):
            number = 1 if state == "sent" else 2
            session.add(
                Referral(
                    issue_id=number, agency_key="so", agency_name="Sở", role="lead", programme_key="p",
                    rule="", state=state, request="", basis="", statutory=[], drafted_at=NOW,
                )
            )  # fmt: skip
        later = session.get_one(Issue, 3)
        later.commune_code, later.topic, later.state = "11407", "water", "closed"
        later.first_seen_at = later.last_seen_at = NOW + timedelta(days=2)
    day = timedelta(days=1)
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({"states": ("closed",)}, [3]),
        ({"topic": "water"}, [3]),
        ({"commune_codes": ("11407", "00000")}, [3]),
        ({"commune_codes": ()}, []),
        ({"agency_key": "so"}, [1]),
        ({"outlet_key": "bao-2"}, [2]),
        ({"outlet_key": "bao'2\""}, []),
        ({"since": NOW + day}, [3]),
        ({"before": NOW + day}, [2, 1]),
        ({"outlet_key": "bao-2", "question": "rac"}, [2]),
    ]
    assert [(wanted, found(town, **wanted)) for wanted, _ in cases] == cases
    monkeypatch.setattr("store.queries.search.COMMON", 1)
    assert [(wanted, found(town, **wanted)) for wanted, _ in cases] == cases


def test_the_article_that_fits_is_named(town: Store) -> None:
    with town.read() as session:
        told = fitting_articles(session, [1, 2, 3], [("thu2",)])
    assert {number: one.title for number, one in told.items()} == {2: "Bài 2"}


def test_the_newest_articles_are_looked_through_for_the_best(town: Store) -> None:
    with town.begin() as session:
        for number in range(10, 10 + MOST_ARTICLES):
            said = {12: "do dam", 13: "do dam", 14: "do"}.get(number, "khác")
            add_issue(session, number, "Việc bịa", said)
            session.flush()
            session.get_one(IssueArticle, number).issue_id = 1
    with town.read() as session:
        best = fitting_articles(session, [1, 2], [("do",), ("dam",)])
        too_old = fitting_articles(session, [1], [("thu1",)])
        assert fitting_articles(session, [], [("do",)]) == {}
    assert {number: one.title for number, one in best.items()} == {1: "Bài 13"}
    assert too_old == {}


CHANGES: list[tuple[str, Callable[[Session], object], str, list[int]]] = [
    ("a new title", lambda s: setattr(s.get_one(Issue, 1), "title", "Cầu sập"), "cầu sập", [1]),
    ("a new place", lambda s: setattr(s.get_one(Issue, 1), "place_name", "Xã Bịa Xa"), "bia xa", [1]),
    ("an article's title", lambda s: setattr(s.get_one(Article, 1), "title", "Đò đắm"), "do dam", [1]),
    ("an article that moves", lambda s: setattr(s.get_one(IssueArticle, 1), "issue_id", 2), "thu1", [2]),
    (
        "an article that goes",
        lambda s: s.execute(delete(IssueArticle).where(IssueArticle.id == 1)),
        "thu1",
        [],
    ),
    ("a lead that expires", lambda s: setattr(s.get_one(Article, 1), "lead", None), "thu1", []),
    (
        "plain SQL",
        lambda s: s.execute(text("UPDATE article SET lead = 'gió lốc' WHERE id = 1")),
        "gio loc",
        [1],
    ),
]


@pytest.mark.parametrize(
    ("change", "question", "numbers"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_words_follow_the_texts(
    town: Store, change: Callable[[Session], object], question: str, numbers: list[int]
) -> None:
    with town.begin() as session:
        change(session)
    assert found(town, question) == numbers
    with town.read() as session:
        assert session.scalar(select(func.count(ChangedWords.id))) == 0


def test_of_an_expired_lead_no_word_is_left(town: Store) -> None:
    with town.begin() as session:
        session.get_one(Article, 1).lead = None
    with town.read() as session:
        kept = " ".join(session.scalars(select(cast(IssueWords.words, Text))))
    assert "thu2" in kept
    assert "thu1" not in kept


def test_a_masked_name_is_not_found(town: Store) -> None:
    said = "Bà Trần Thị Bịa Danh, điện thoại 0912345678, phản ánh nước giếng có mùi."
    with town.begin() as session:
        session.get_one(Article, 1).lead = mask(said).text
    assert found(town, "nuoc gieng co mui") == [1]
    assert [found(town, asked) for asked in ("Bịa Danh", "bia danh", "0912345678")] == [[], [], []]


def test_nothing_that_issues_are_found_by_names_a_person() -> None:
    assert {column.name for column in IssueWords.__table__.columns} == {"issue_id", "words"}
    assert not {"author", "byline", "person", "name", "account"} & set(IssueFilter.__dataclass_fields__)


def test_it_is_told_which_words_nothing_has_and_which_fewer_find_something(town: Store) -> None:
    with town.read() as session:
        every = lacking(session, IssueFilter(), (("bia",), ("khozqx",), ("trang", "bia")))
        assert every == Lacking((("khozqx",),), ((("bia",), ("trang", "bia")),))
        there = lacking(session, IssueFilter(outlet_key="bao-3"), (("trang",), ("ngap",), ("bia",)))
        assert there == Lacking((), ((("ngap",), ("bia",)),))
        nobody = lacking(session, IssueFilter(agency_key="so-khac"), (("trang",), ("ngap",)))
        assert nobody == Lacking()
        assert lacking(session, IssueFilter(), (("khozqx",),)) == Lacking((("khozqx",),))


def test_words_indexed_with_the_icelandic_letter_are_found_after_migrating(store: Store) -> None:
    with store.begin() as session:
        session.add(Source(id=1, key="a", outlet_key="a", outlet_name="A", kind="feed", url="http://a/"))
        session.flush()
        add_issue(session, 1, "\u00d0ường bịa ngập")
        add_issue(session, 2, "Chợ bịa", "Ven \u00f0ường bịa có chợ")
        add_issue(session, 3, "Bến bịa")
    assert found(store, "đường") == [2, 1]
    with store.begin() as session:
        session.execute(delete(IssueWords))
        assert session.scalar(select(func.count()).select_from(ChangedWords)) == 0
    assert found(store, "đường") == []
    with store.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        import_module("store.migrations.versions.0032_old_fonts").upgrade()
    assert found(store, "đường") == [2, 1]
    assert found(store, "bến bịa") == [], "only what bears the letter is indexed anew"
