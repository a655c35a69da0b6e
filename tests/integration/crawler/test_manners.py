"""robots.txt, the name it goes by, one host at a time."""

import itertools
import time
from datetime import timedelta

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss

TITLE = "Chợ tạm lấn đường"


def test_robots_txt_is_obeyed_and_the_feed_still_tells_the_news(office: Office, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin/", content_type="text/plain")
    link = site.put("/kin/cho-tam-lan-duong-1.html", article_page(TITLE))
    feed = site.put("/rss", rss([(link, TITLE, "Tóm tắt", TODAY)]), content_type=RSS)
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert summary.counts["refused_robots"] == 1
    assert summary.failures == []
    assert site.times("/kin/cho-tam-lan-duong-1.html") == 0
    assert office.articles()[TITLE].body is None


def test_a_source_closed_by_robots_txt_is_a_failure_with_a_remedy(office: Office, site: Site) -> None:
    site.put("/robots.txt", "User-agent: DanSinh\nDisallow: /", content_type="text/plain")
    feed = site.put("/rss", rss([]), content_type=RSS)
    (failure,) = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]})).failures
    assert failure.what == "is closed to crawlers by robots.txt"
    assert "ask the outlet" in failure.remedy
    assert site.times("/rss") == 0


def test_a_robots_txt_that_fails_closes_the_host_for_now(office: Office, site: Site) -> None:
    site.put("/robots.txt", "", status=503)
    feed = site.put("/rss", rss([]), content_type=RSS)
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]})
    (failure,) = office.crawl(settings).failures
    assert failure.what == "is left alone: its robots.txt answers 503 Service Unavailable"
    assert site.times("/rss") == 0

    site.put("/robots.txt", "", status=404)
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).failures == []


def test_it_names_itself_and_carries_no_cookies(office: Office, site: Site) -> None:
    link = site.put("/tin/cho-tam-lan-duong-1.html", article_page(TITLE), headers={"Set-Cookie": "a=b"})
    feed = site.put("/rss", rss([(link, TITLE, "", TODAY)]), content_type=RSS, headers={"Set-Cookie": "a=b"})
    office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert {headers["user-agent"] for _, headers in site.asked} == {"DanSinh/0.1 (+phong@example.vn)"}
    assert {path for path, _ in site.asked} == {"/robots.txt", "/rss", "/tin/cho-tam-lan-duong-1.html"}
    for _, headers in site.asked:
        assert not {"cookie", "referer", "authorization", "from"} & set(headers)


def test_sources_of_one_host_share_its_delay(office: Office, site: Site) -> None:
    times: list[float] = []
    for name in ("a", "b"):
        links = [
            site.put(f"/{name}/cho-tam-lan-duong-{n}.html", article_page(f"{TITLE} {name}{n}"))
            for n in range(2)
        ]
        site.put(f"/{name}", rss([(link, TITLE, "", TODAY) for link in links]), content_type=RSS)
    for page in site.pages.values():
        page.before = lambda: times.append(time.monotonic())
    sources = [{"kind": "feed", "url": f"{site.url}/{name}"} for name in ("a", "b")]
    office.crawl(office.settings({"sources": sources}, per_host_delay_seconds=0.2))
    assert len(office.articles()) == 4
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # Less what the two processes are held up by on their way.
    assert min(gaps) >= 0.15


def test_only_one_outlet_may_be_read(office: Office, site: Site) -> None:
    one = site.put("/one", rss([]), content_type=RSS)
    two = site.put("/two", rss([]), content_type=RSS)
    outlets = [
        {"key": key, "sources": [{"kind": "feed", "url": url}]} for key, url in (("mot", one), ("hai", two))
    ]
    settings = office.settings(*outlets)
    assert office.crawl(settings, only="hai").counts == {"sources_polled": 1}
    assert (site.times("/one"), site.times("/two")) == (0, 1)
    (failure,) = office.crawl(settings, only="ba").failures
    assert (failure.source, failure.what) == ("ba", "is no outlet's key")
