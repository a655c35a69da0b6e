"""The test on an issue's curve, against figures worked out by hand; every issue is invented."""

from datetime import date, timedelta
from fractions import Fraction
from math import comb

import pytest

from pipeline.growth import chance_of, growth_of
from pipeline.settings import GrowthSettings
from store.models import Article, Finding, Issue, IssueArticle
from tests.office import at

NOW = at("2026-11-20 07:00")
SETTINGS = GrowthSettings()


def issue(*ages: int, role: str = "report", outlets: int = 99) -> Issue:
    """Articles published so many days ago, each of another outlet."""
    made = Issue(kind="concern", topic="water")
    for number, age in enumerate(ages):
        add(made, age, role, f"o{number % outlets}")
    return made


def add(made: Issue, age: int, role: str, outlet: str, commune: str | None = None) -> None:
    place = {"code": commune, "province_code": "31", "name": "x", "level": "commune", "as_written": "x"}
    article = Article(
        title="t x", outlet_key=outlet, published_at=NOW - timedelta(days=age), canonical_url=outlet
    )
    article.finding = Finding(kind="concern", places=[place] if commune else [])
    made.articles.append(IssueArticle(article=article, role=role))


@pytest.mark.parametrize(
    ("recent", "before"), [(0, 0), (1, 0), (2, 0), (3, 1), (2, 7), (9, 9), (5, 40), (60, 100)]
)
def test_the_chance_is_the_exact_tail(recent: int, before: int) -> None:
    share, total = Fraction(3, 17), recent + before
    tail = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(recent, total + 1))
    assert chance_of(recent, before, 3, 14) == pytest.approx(float(tail))


@pytest.mark.parametrize(
    ("ages", "recent", "before", "developing"),
    [
        ((0,), 0, 0, False),  # the first voice is no growth
        ((1, 0), 1, 0, False),  # 3/17 by chance
        ((1, 1, 0), 2, 0, True),  # 9/289
        ((10, 1, 0), 2, 0, True),
        ((10, 9, 8, 1, 0), 2, 2, False),  # as many before, if over more days
        ((10, 9, 2, 1, 0), 3, 1, True),
        ((10, 9, 3, 3, 3), 0, 4, False),  # the fourth day back is no more one of the last three
        ((10, 9, 8), 0, 2, False),
        ((40, 39, 38, 1, 0), 2, 0, True),  # what lies before both spans says nothing
    ],
)
def test_developing(ages: tuple[int, ...], recent: int, before: int, developing: bool) -> None:
    growth = growth_of(issue(*ages), SETTINGS, NOW)
    assert growth
    assert (growth.recent, growth.before, growth.developing) == (recent, before, developing)


def test_reprints_and_answers_are_no_voices_but_reprints_are_outlets() -> None:
    made = issue(5)
    for number in range(5):
        add(made, 0, "reprint", f"r{number}")
    add(made, 0, "answer", "o0")
    growth = growth_of(made, SETTINGS, NOW)
    assert growth
    assert (growth.articles, growth.voices, growth.outlets, growth.developing) == (7, 1, 6, False)
    assert [(day.voices, day.others) for day in growth.days] == [
        (1, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 6),
    ]
    assert growth.sparkline == "▃▁▁▁▁█"


def test_what_it_is_in_words() -> None:
    words = [
        growth.words
        for ages in ((2,), (9,), (2, 1), (9, 2, 1, 0))
        if (growth := growth_of(issue(*ages), SETTINGS, NOW))
    ]
    before = "(14 ngày trước đó: 0, không kể tin đầu tiên)"
    rare = "nếu nhịp không đổi, khả năng xảy ra chỉ 0,5%"
    assert words == [
        "mới được phản ánh, chưa đủ ngày để đánh giá",
        "3 ngày gần đây không có thêm tin, bài phản ánh",
        f"3 ngày gần đây có thêm 1 tin, bài phản ánh {before}: chưa nhiều hơn rõ rệt",
        f"3 ngày gần đây có thêm 3 tin, bài phản ánh {before}: tăng rõ rệt; {rare}",
    ]


def test_communes_and_times() -> None:
    made = issue()
    for age, commune in ((6, "11329"), (2, "11359"), (1, "11329"), (0, None)):
        add(made, age, "report", "o", commune)
    growth = growth_of(made, SETTINGS, NOW)
    assert growth
    assert growth.communes == ("11329", "11359")
    assert (growth.first_seen_at, growth.last_seen_at) == (NOW - timedelta(days=6), NOW)


def test_the_curve_ends_today_and_is_no_longer_than_configured() -> None:
    growth = growth_of(issue(60, 20, 3), GrowthSettings(curve_days=10), NOW)
    assert growth
    assert (growth.days[0].day, growth.days[-1].day) == (date(2026, 11, 11), date(2026, 11, 20))


def test_an_issue_without_articles_has_no_growth() -> None:
    assert growth_of(issue(), SETTINGS, NOW) is None
    assert growth_of(issue(-1), SETTINGS, NOW) is None
