"""How an issue grows, on its page."""

import re
from datetime import timedelta

from store.models import IssueArticle
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town


def test_the_page_shows_the_curve_and_the_test_in_words(enter: Enter, town: Town) -> None:
    issue = town.issue(articles=4)
    with town.store.begin() as session:
        members = session.query(IssueArticle).where(IssueArticle.issue_id == issue).all()
        for member, age in zip(members, (6, 1, 0, 0), strict=True):
            member.article.published_at = NOW - timedelta(days=age)
        members[3].role = "reprint"
        members[3].article.outlet_key = "bao-khac"
    page = enter("reader").get(f"/van-de/{issue}").text
    assert "4, trong đó 3 bài phản ánh; 2 cơ quan báo chí (tính cả nơi đăng lại)" in page
    assert "<strong>Đang diễn biến.</strong> 3 ngày gần đây có thêm 2 tin, bài phản ánh" in page
    bars = re.findall(r'<rect class="(\w+)" x="(\d+)" y="([\d.]+)" width="7" height="([\d.]+)">', page)
    assert [(kind, x) for kind, x, _, _ in bars] == [
        ("voice", "1"),
        ("voice", "46"),
        ("voice", "55"),
        ("other", "55"),
    ]
    assert [float(height) for *_, height in bars] == [23.0, 23.0, 23.0, 23.0]
    assert 'aria-label="Số bài theo ngày: 14/11/2026: 1 bài phản ánh; 19/11/2026' in page


def test_a_page_without_articles_has_no_curve(enter: Enter, town: Town) -> None:
    issue = town.issue(articles=0)
    assert "<svg" not in enter("reader").get(f"/van-de/{issue}").text
