import pytest
from pydantic import ValidationError

from crawler.settings import CrawlerSettings
from crawler.sources import configured_sources


def settings(**outlet: object) -> CrawlerSettings:
    usual = {"key": "song-moi", "name": "Sông Mới", "kind": "newspaper", "home": "https://song.vn"}
    return CrawlerSettings.model_validate({"contact": "phong@example.vn", "outlets": [usual | outlet]})


def test_an_outlet_without_sources_is_read_from_its_home() -> None:
    (source,) = configured_sources(settings())
    assert source.key == "song-moi listing https://song.vn/"


def test_a_source_named_twice_is_one() -> None:
    feed = {"kind": "feed", "url": "https://song.vn/rss"}
    assert len(configured_sources(settings(sources=[feed, feed]))) == 1


@pytest.mark.parametrize(("only", "number"), [(None, 1), ("song-moi", 1), ("khac", 0)])
def test_one_outlet_may_be_chosen(only: str | None, number: int) -> None:
    assert len(configured_sources(settings(), only)) == number


def test_the_crawler_says_whom_to_reach() -> None:
    assert settings().agent == "DanSinh/0.1 (+phong@example.vn)"


def test_two_outlets_cannot_share_a_key() -> None:
    one = settings().outlets[0].model_dump(mode="json")
    with pytest.raises(ValidationError, match="two outlets have the key 'song-moi'"):
        CrawlerSettings.model_validate({"contact": "x", "outlets": [one, one]})
