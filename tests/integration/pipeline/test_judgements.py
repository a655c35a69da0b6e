"""What is decided at the desk, as it is learned from; on both databases, every text invented."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from sqlalchemy import select

from nlp.judgements import Judgement, judgements_of, labelled
from pipeline.cli import main
from pipeline.config import DATABASE_URL
from pipeline.judgements import NOT_FOR_ITS_TEXT, as_line, judgements
from pipeline.review import Review
from pipeline.stages import expire, refer
from pipeline.states import NotAllowed
from store import Store
from store.models import Article, ArticleVersion, Event, Issue, IssueArticle
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import at, settings
from web.words import REASONS_TO_DISMISS

ROOT = Path(__file__).parents[3]
ANALYST = "analyst:nghiep-vu"
Step = Callable[[Review, int], Any]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def review(store: Store, clock: Watch) -> Review:
    return Review(store, settings(), clock)


def gist(store: Store) -> list[tuple[Any, ...]]:
    return [(one.title, one.decision, one.topic, one.urgency) for one in judgements(store)]


CONFIRMED = ("Rác", "confirm", "environment", 3)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], []),
        ([lambda review, i: review.confirm(i, ANALYST)], [CONFIRMED]),
        (
            [lambda review, i: review.dismiss(i, ANALYST, "Không phải vấn đề dân sinh")],
            [("Rác", "dismiss", "environment", 3)],
        ),
        (
            [lambda review, i: review.dismiss(i, ANALYST, "trùng với vấn đề khác: xem số 7")],
            [],
        ),
        (
            [
                lambda review, i: review.set_topic(i, "traffic", ANALYST),
                lambda review, i: review.set_urgency(i, 1, ANALYST),
                lambda review, i: review.confirm(i, ANALYST),
            ],
            [
                ("Rác", "correct", "traffic", 3),
                ("Rác", "correct", "traffic", 1),
                ("Rác", "confirm", "traffic", 1),
            ],
        ),
        # What leaves topic and urgency alone says nothing of them.
        ([lambda review, i: review.set_place(i, WARD, ANALYST)], []),
        ([lambda review, i: review.set_urgency(i, 3, ANALYST)], []),
    ],
)  # fmt: skip
def test_each_decision_is_kept_with_its_outcome(
    store: Store, town: Town, review: Review, steps: list[Step], told: list[Any]
) -> None:
    issue_id = town.issue("Rác")
    for step in steps:
        step(review, issue_id)
    assert gist(store) == told


def test_what_later_reports_add_does_not_change_what_was_confirmed(
    store: Store, town: Town, review: Review
) -> None:
    issue_id = town.issue("Rác", urgency=2)
    review.confirm(issue_id, ANALYST)
    with store.begin() as session:
        session.get_one(Issue, issue_id).urgency = 4
    assert gist(store) == [("Rác", "confirm", "environment", 2)]


def test_an_urgency_set_by_a_person_stays_and_is_one_of_four(
    store: Store, town: Town, review: Review
) -> None:
    issue_id, praise = town.issue("Rác"), town.issue("Gương tốt", kind="commendation")
    review.set_urgency(issue_id, 4, ANALYST)
    for refused in (
        lambda: review.set_urgency(issue_id, 0, ANALYST),
        lambda: review.set_urgency(issue_id, 5, ANALYST),
        lambda: review.set_urgency(praise, 2, ANALYST),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with store.read() as session:
        issue = session.get_one(Issue, issue_id)
        assert (issue.urgency, issue.edited) == (4, ["urgency"])


def test_only_what_people_decided_of_concerns_and_their_own_articles(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    praise = town.issue("Gương tốt", kind="commendation")
    review.confirm(praise, ANALYST)
    town.issue("Tự động", urgency=4)
    auto = settings(review={"auto": [{"topic": "*", "min_urgency": 4}]})
    refer.run(store, auto, clock, quiet)
    issue_id = town.issue("Rác")
    for title, role, joined in (
        ("Rác: lại nói", "followup", "2026-11-20 06:50"),
        ("Rác, đăng lại", "reprint", "2026-11-20 06:50"),
        ("Đã dọn rác", "answer", "2026-11-20 06:50"),
        ("Rác: đến sau", "followup", "2026-11-20 09:00"),
    ):
        joins(store, town, issue_id, title, role, joined)
    review.confirm(issue_id, ANALYST)
    with store.read() as session:
        by_stage = session.scalars(
            select(Event).where(Event.action == "confirmed", Event.actor == "stage:refer")
        )
        assert len(by_stage.all()) == 1, "the stage has confirmed, and teaches nothing by it"
    assert [title for title, *_ in gist(store)] == ["Rác", "Rác: lại nói"]


def test_restricted_issues_stay_in_the_office(store: Store, town: Town, review: Review) -> None:
    before, after = (town.issue(f"Rác, {n}") for n in range(2))
    for issue_id in (before, after):
        with store.begin() as session:
            session.get_one(Issue, issue_id).restricted = issue_id == before
        review.set_urgency(issue_id, 4, ANALYST)
        review.confirm(issue_id, ANALYST)
    with store.begin() as session:
        session.get_one(Issue, after).restricted = True
    review.confirm(town.issue("Rác"), ANALYST)
    assert gist(store) == [CONFIRMED]


def joins(store: Store, town: Town, issue_id: int, title: str, role: str, joined: str) -> None:
    article_id = town.article(title)
    with store.begin() as session:
        session.add(
            IssueArticle(
                issue_id=issue_id, article_id=article_id, role=role, similarity=1.0, joined_at=at(joined)
            )
        )


def test_an_article_stands_as_it_was_read_when_it_was_decided_on(
    store: Store, town: Town, review: Review, clock: Watch
) -> None:
    issue_id = town.issue("Rác đã dọn xong")
    with store.begin() as session:
        article = session.scalars(select(Article)).one()
        article.lead = "Bà con vui."
        for title, seen, replaced in (
            ("Rác thối", "2026-11-20 05:00", "2026-11-20 06:00"),
            ("Rác thối cả xóm", "2026-11-20 06:00", "2026-11-20 08:00"),
            ("Rác đang dọn", "2026-11-20 08:00", "2026-11-20 09:00"),
        ):
            article.versions.append(
                ArticleVersion(
                    title=title, lead="Bà con kêu.", published_at=at(seen), text_hash=title,
                    seen_at=at(seen), replaced_at=at(replaced),
                )
            )  # fmt: skip
    review.confirm(issue_id, ANALYST)
    clock.set("2026-11-20 10:00")
    review.set_urgency(issue_id, 2, ANALYST)
    assert [(one.title, one.summary) for one in judgements(store)] == [
        ("Rác thối cả xóm", "Bà con kêu."),
        ("Rác đã dọn xong", "Bà con vui."),
    ]


def test_of_expired_texts_the_title_is_left(store: Store, town: Town, review: Review, clock: Watch) -> None:
    review.confirm(town.issue("Rác"), ANALYST)
    with store.begin() as session:
        session.scalars(select(Article)).one().lead = "Bà con kêu."
    clock.set("2027-12-20 07:00")
    expire.run(store, settings(), clock, quiet)
    assert [(one.title, one.summary) for one in judgements(store)] == [("Rác", None)]


def test_nobody_is_named_in_a_judgement(store: Store, town: Town, review: Review) -> None:
    review.confirm(town.issue("Rác"), ANALYST)
    (one,) = judgements(store)
    line = as_line(one)
    assert set(line) == {field.name for field in fields(Judgement)}
    assert "nghiep-vu" not in json.dumps(line, ensure_ascii=False)
    assert list(judgements_of([line])) == [one]


def test_reasons_that_leave_the_text_open_are_those_the_desk_offers() -> None:
    assert set(NOT_FOR_ITS_TEXT) <= set(REASONS_TO_DISMISS)


# The commands


@pytest.fixture
def config(tmp_path: Path, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """The shipped office, at the test's own store."""
    yaml = YAML()
    office = yaml.load(ROOT / "config.yaml")
    office["crawler"]["outlets"] = []
    path = tmp_path / "config.yaml"
    yaml.dump(office, path)
    monkeypatch.setenv(DATABASE_URL, sqlite_store.engine.url.render_as_string())
    return str(path)


@pytest.fixture
def decided(sqlite_store: Store, clock: Watch) -> None:
    town, review = Town(sqlite_store), Review(sqlite_store, settings(), clock)
    review.confirm(town.issue("Rác thối ở xóm Bến"), ANALYST)
    review.dismiss(town.issue("Chợ phiên rộn ràng"), ANALYST, "Tin quảng bá, giải trí")
    mistaken = town.issue("Đường sụt ở xóm Bến")
    review.set_topic(mistaken, "traffic", ANALYST)
    review.set_urgency(mistaken, 2, ANALYST)


LABELS = [
    ("Rác thối ở xóm Bến", "concern", "environment", 3),
    ("Chợ phiên rộn ràng", "none", None, 0),
    ("Đường sụt ở xóm Bến", "concern", "traffic", 2),
]


@pytest.mark.usefixtures("decided")
def test_the_desk_s_judgements_are_carried_in_a_file(tmp_path: Path, config: str) -> None:
    out = tmp_path / "judgements.jsonl"
    said = CliRunner().invoke(main, ["judgements", "--config", config, "--out", str(out)])
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "4 judgements\n")
    printed = CliRunner().invoke(main, ["judgements", "--config", config]).stdout
    assert printed == out.read_text(encoding="utf-8")
    rows = labelled(judgements_of(map(json.loads, printed.splitlines())))
    assert [(row["title"], row["kind"], row["topic"], row["urgency"]) for row in rows] == LABELS


@pytest.mark.usefixtures("decided")
def test_a_file_that_is_there_is_replaced_whole_or_not_at_all(
    tmp_path: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "judgements.jsonl"
    out.parent.mkdir()
    out.write_text("what was carried out before\n", encoding="utf-8")
    read: list[Judgement] = []

    def lost_midway(one: Judgement) -> dict[str, Any]:
        read.append(one)
        if len(read) == 3:
            raise RuntimeError("the store is lost")
        return as_line(one)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.judgements.as_line", lost_midway)
        said = CliRunner().invoke(main, ["judgements", "--config", config, "--out", str(out)])
    assert isinstance(said.exception, RuntimeError)
    assert out.read_text(encoding="utf-8") == "what was carried out before\n"
    CliRunner().invoke(main, ["judgements", "--config", config, "--out", str(out)])
    assert len(out.read_text(encoding="utf-8").splitlines()) == 4
    assert list(out.parent.iterdir()) == [out]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, config: str) -> None:
    below_a_file = tmp_path / "config.yaml" / "judgements.jsonl"
    said = CliRunner().invoke(main, ["judgements", "--config", config, "--out", str(below_a_file)])
    assert said.exit_code == 2
    assert "cannot be written" in said.stderr


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("carried", [False, True])
def test_learning_takes_them_from_the_store_or_from_a_file(
    tmp_path: Path, config: str, monkeypatch: pytest.MonkeyPatch, carried: bool
) -> None:
    from pipeline import learning

    seen: list[dict[str, Any]] = []

    def learn(rows: list[dict[str, Any]], unlabelled: list[dict[str, Any]]) -> Any:
        seen.extend(rows)
        raise ValueError("enough seen")

    monkeypatch.setattr(learning, "learn", learn)
    labels, file = tmp_path / "labels.jsonl", tmp_path / "judgements.jsonl"
    labels.write_text("", encoding="utf-8")
    CliRunner().invoke(main, ["judgements", "--config", config, "--out", str(file)])
    given = ["--judgements", str(file)] if carried else ["--desk", "--config", config]
    said = CliRunner().invoke(main, ["learn", str(labels), *given])
    assert "learning from 0 labelled, 3 judged and 0 unlabelled items" in said.output
    assert [(row["title"], row["kind"], row["topic"], row["urgency"]) for row in seen] == LABELS
