"""The town keeps its promises: of every kind, every topic, every urgency, in real units, with real traps."""

from collections import Counter
from datetime import datetime
from difflib import SequenceMatcher
from importlib import resources

import pytest

from nlp.taxonomy import load_taxonomy
from nlp.units import load_units
from pipeline.clock import LOCAL
from pipeline.demo.town import Town, TownArticle, load_town

TOWN = load_town()
BY_SLUG = {article.slug: article for article in TOWN.articles}


def text_of(article: TownArticle) -> str:
    return "\n".join((article.title, article.lead, *article.body))


def concerns() -> list[TownArticle]:
    return [article for article in TOWN.articles if article.truth.kind == "concern"]


@pytest.mark.parametrize(
    ("kind", "least"), [("concern", 60), ("answer", 4), ("commendation", 5), ("none", 25)]
)
def test_every_kind_occurs_often_enough(kind: str, least: int) -> None:
    assert Counter(article.truth.kind for article in TOWN.articles)[kind] >= least


def test_every_topic_and_every_urgency_occurs() -> None:
    assert {article.truth.topic for article in concerns()} == set(load_taxonomy(None).topics)
    assert {article.truth.urgency for article in concerns()} == {1, 2, 3, 4}


def test_the_town_is_large_enough_and_no_address_occurs_twice() -> None:
    assert len(TOWN.articles) >= 90
    assert len(BY_SLUG) == len(TOWN.articles)
    outlets = {outlet.key: outlet for outlet in TOWN.outlets}
    assert len({outlets[a.outlet].path_of(a) for a in TOWN.articles}) == len(TOWN.articles)


def test_articles_lie_between_the_first_and_the_last_morning() -> None:
    for article in TOWN.articles:
        assert (
            datetime(2026, 11, 12, tzinfo=LOCAL) <= article.at < datetime(2026, 11, 20, 6, 50, tzinfo=LOCAL)
        )


def test_every_place_is_a_commune_of_hai_phong_in_force() -> None:
    units = load_units()
    for article in TOWN.articles:
        for code in article.truth.communes:
            unit = units.get(code)
            assert unit is not None, (article.slug, code)
            assert (unit.level, unit.province_code) == ("commune", "31"), (article.slug, unit)


def test_a_single_commune_is_named_in_the_text() -> None:
    units = load_units()
    for article in concerns():
        if len(article.truth.communes) == 1:
            unit = units.get(article.truth.communes[0])
            assert unit is not None
            assert unit.name in text_of(article), article.slug


def test_old_names_occur_and_some_of_them_were_split() -> None:
    texts = [text_of(article) for article in concerns()]
    assert sum("cũ)" in text for text in texts) >= 10
    assert sum("trước đây thuộc" in text for text in texts) >= 5
    assert sum(len(article.truth.communes) > 1 for article in concerns()) >= 2


def test_reprints_are_nearly_the_same_text_at_another_outlet_later() -> None:
    reprints = [article for article in TOWN.articles if article.reprint_of]
    assert len(reprints) >= 8
    for reprint in reprints:
        original = BY_SLUG[str(reprint.reprint_of)]
        assert original.outlet != reprint.outlet
        assert original.at < reprint.at
        assert original.truth == reprint.truth
        alike = SequenceMatcher(None, text_of(original), text_of(reprint), autojunk=False).ratio()
        assert 0.8 < alike < 1, (reprint.slug, alike)


def test_problems_are_followed_up_days_later() -> None:
    followed = [
        event
        for event in {article.truth.event for article in concerns()}
        if len(
            {a.at.date() for a in TOWN.event(str(event)) if a.truth.kind == "concern" and not a.reprint_of}
        )
        > 1
    ]
    assert len(followed) >= 6


def test_every_answer_answers_an_earlier_concern_in_the_same_place() -> None:
    for answer in TOWN.articles:
        if answer.truth.kind == "answer":
            asked = [a for a in TOWN.event(str(answer.truth.event)) if a.truth.kind == "concern"]
            assert asked, answer.slug
            assert asked[0].at < answer.at
            assert asked[0].truth.communes == answer.truth.communes


def test_personal_data_is_in_the_text_and_of_every_sort() -> None:
    private = [article for article in TOWN.articles if article.private]
    assert len(private) >= 8
    for article in private:
        for secret in article.private:
            assert secret in text_of(article), (article.slug, secret)
    everything = "\n".join(text_of(article) for article in private)
    for sign in ("số nhà", "biển số", "@", "0912.", "Tài khoản", "căn cước"):
        assert sign in everything


def test_neighbours_with_like_problems_are_two_events() -> None:
    lights, hole = BY_SLUG["den-tin-hieu-hong-nga-tu-cho-ga"], BY_SLUG["ho-sut-giua-duong-cay-sau"]
    cloudy, dry = BY_SLUG["nuoc-may-duc-phuong-hai-an"], BY_SLUG["dan-phuong-dong-hai-mat-nuoc"]
    for one, other in ((lights, hole), (cloudy, dry)):
        assert one.truth.topic == other.truth.topic
        assert one.truth.event != other.truth.event
        assert one.truth.communes != other.truth.communes


def test_some_wait_for_a_person_and_one_bears_no_date() -> None:
    assert sum(article.truth.restricted for article in TOWN.articles) >= 2
    assert [article.slug for article in TOWN.articles if not article.dated] == [
        "quan-karaoke-on-ao-duong-kinh"
    ]


def test_every_file_says_that_it_is_invented() -> None:
    folder = resources.files("pipeline.demo") / "town"
    for entry in folder.iterdir():
        assert "hư cấu dùng để trình diễn" in entry.read_text(encoding="utf-8").splitlines()[0], entry.name


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001{path}",
        "http://127.0.0.1:9{path}?utm_source=rss&utm_medium=feed",
        "http://127.0.0.1:8001/amp{path}",
    ],
)
def test_an_article_is_found_at_any_of_its_addresses(url: str) -> None:
    article = BY_SLUG["ho-sut-giua-duong-cay-sau"]
    path = next(o for o in TOWN.outlets if o.key == article.outlet).path_of(article)
    assert TOWN.find(url.format(path=path)) is article


def test_an_address_with_a_query_or_a_last_slash_is_found_too() -> None:
    for slug in ("da-hoan-tra-mat-duong-cay-sau", "chay-cho-chieu-kinh-mon"):
        article = BY_SLUG[slug]
        path = next(o for o in TOWN.outlets if o.key == article.outlet).path_of(article)
        assert TOWN.find(f"http://127.0.0.1:1{path.rstrip('/')}") is article
    assert TOWN.find("http://127.0.0.1:1/chi-tiet.aspx?ItemID=1") is None


def test_nothing_is_published_before_its_hour() -> None:
    article = BY_SLUG["ho-sut-giua-duong-cay-sau"]
    town: Town = TOWN
    before = town.published(article.outlet, datetime(2026, 11, 12, 5, 44, tzinfo=LOCAL))
    assert article not in before
    assert article in town.published(article.outlet, article.at)
