"""An article whose text changes after it has been tagged and grouped."""

import pytest
from sqlalchemy import select

from pipeline.stages import group, tag
from store import Store
from store.models import Article, Finding, Issue, IssueArticle
from store.queries.article_texts import text_hash
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import settings

TITLE = "Bãi rác tự phát bốc mùi ở phường Đồ Sơn, người dân kêu cứu nhiều tháng"
LEAD = "Người dân phường Đồ Sơn nhiều lần kiến nghị nhưng bãi rác tự phát vẫn chưa được dọn."


def change(store: Store, article_id: int, title: str, lead: str) -> None:
    with store.begin() as session:
        article = session.get_one(Article, article_id)
        article.title, article.lead, article.text_hash = title, lead, text_hash(title, lead, article.body)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Đã dọn bãi rác tự phát ở phường Đồ Sơn", "UBND phường Đồ Sơn cho biết bãi rác đã được dọn sạch."),
        ("Kết quả bóng đá cuối tuần", "Đội chủ nhà thắng 2-0 trên sân nhà."),
        ("Bãi rác ở phường Đồ Sơn cháy lớn, nhiều người ngạt khói nhập viện", LEAD),
    ],
    ids=["an answer", "nothing", "worse"],
)
def test_it_is_read_again_and_stays_in_its_issue_once(
    sqlite_store: Store, town: Town, clock: Watch, title: str, lead: str
) -> None:
    office = settings(nlp={"home_province": "31"})
    article = town.article(TITLE, "2026-11-20 06:00", lead=LEAD)
    change(sqlite_store, article, TITLE, LEAD)
    for stage in (tag, group):
        stage.run(sqlite_store, office, clock, quiet)
    with sqlite_store.read() as session:
        before = session.scalars(select(Finding)).one()
        (issue,) = session.scalars(select(Issue)).all()

    change(sqlite_store, article, title, lead)
    clock.set("2026-11-20 10:00")
    for _ in range(2):
        assert tag.run(sqlite_store, office, clock, quiet).failures == []
        assert group.run(sqlite_store, office, clock, quiet).failures == []
    with sqlite_store.read() as session:
        after = session.scalars(select(Finding)).one()
        assert after.text_hash == text_hash(title, lead, None) != before.text_hash
        assert after.tagged_at == clock()
        assert after.grouped_at == clock()
        (membership,) = session.scalars(select(IssueArticle)).all()
        assert membership.issue_id == issue.id
        assert session.scalars(select(Issue.id)).all() == [issue.id]
